"""May somebody order products: what their authorizations give, and what they lack (R29, R51)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from uuid import UUID

from services.authorization.domain.purpose import OPEN_TO, Purpose
from shared.caller import Role


class Lack(Enum):
    """What somebody's authorizations lack for a product they can see."""

    NOTHING = "nothing"
    NOT_GRANTED = "not granted"
    NOT_FOR_PURPOSE = "not for purpose"
    ABOVE_CAP = "above cap"


@dataclass(frozen=True, slots=True)
class Grant:
    """An authorization that can be used now, as far as a purchase asks."""

    id: UUID
    role: Role
    purposes: frozenset[Purpose]
    cap: int | None
    used: int

    def allows(self, purpose: Purpose | None) -> bool:
        """Whether `purpose` may be ordered for with it; any purpose at all, if none is asked."""
        return purpose is None or purpose in (self.purposes or OPEN_TO[self.role])

    @property
    def room(self) -> int | None:
        """How many pieces it still has; None: as many as one likes."""
        return None if self.cap is None else max(0, self.cap - self.used)

    def has_room(self, pieces: int) -> bool:
        """Whether so many pieces more stay under its cap."""
        return self.cap is None or self.used + pieces <= self.cap


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product somebody asks about, and how many pieces; none if that does not matter."""

    product: str
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may order one product."""

    product: str
    visible: bool
    roles: frozenset[Role] = frozenset()
    lack: Lack = Lack.NOTHING
    remaining: int = 0
    """With ABOVE_CAP: how many pieces the authorization with the most room still has."""

    use: UUID | None = None
    """The capped authorization the pieces would count against; None if nothing counts."""


def judge(
    wanted: Sequence[Wanted],
    visible: Iterable[str],
    grants: dict[str, list[Grant]],
    purpose: Purpose | None,
) -> list[Verdict]:
    """Say for each product whether it may be ordered, and what its pieces count against.

    The pieces of a line count against one authorization: against none, if one without a cap is
    good for them; else against the oldest with room for all of them, with what the lines before
    take in mind.
    """
    seen, taken, verdicts = set(visible), dict[UUID, int](), list[Verdict]()
    for each in wanted:
        if each.product not in seen:
            verdicts.append(Verdict(each.product, visible=False))
            continue
        verdict = _judged(each, grants.get(each.product, []), purpose, taken)
        if verdict.use:
            taken[verdict.use] = taken.get(verdict.use, 0) + each.pieces
        verdicts.append(verdict)
    return verdicts


def uses(wanted: Sequence[Wanted], verdicts: Sequence[Verdict]) -> dict[UUID, int]:
    """Return how many pieces count against which authorization."""
    found: dict[UUID, int] = {}
    for each, verdict in zip(wanted, verdicts, strict=True):
        if verdict.use:
            found[verdict.use] = found.get(verdict.use, 0) + each.pieces
    return found


def _judged(
    wanted: Wanted, grants: list[Grant], purpose: Purpose | None, taken: dict[UUID, int]
) -> Verdict:
    if not grants:
        return Verdict(wanted.product, visible=True, lack=Lack.NOT_GRANTED)
    fitting = [grant for grant in grants if grant.allows(purpose)]
    if not fitting:
        return Verdict(wanted.product, visible=True, lack=Lack.NOT_FOR_PURPOSE)
    if taken:
        fitting = [replace(each, used=each.used + taken.get(each.id, 0)) for each in fitting]
    usable = [grant for grant in fitting if grant.has_room(wanted.pieces)]
    if not usable:
        most = max(grant.room or 0 for grant in fitting)
        return Verdict(wanted.product, visible=True, lack=Lack.ABOVE_CAP, remaining=most)
    free = any(grant.cap is None for grant in usable) or not wanted.pieces
    return Verdict(
        wanted.product,
        visible=True,
        roles=frozenset(grant.role for grant in usable),
        use=None if free else usable[0].id,
    )
