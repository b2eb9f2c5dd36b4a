"""The space: where an account can act, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.authorization.domain.errors import SpaceNotFound
from shared.caller import Caller, Role


@dataclass(frozen=True, kw_only=True)
class Space:
    """A place an account can act in, with what it may do there."""

    enterprise: str
    """As `acme`; empty for the vendor's own."""

    display_name: str
    roles: frozenset[Role]
    until: datetime | None = None
    """When a role there ends by itself, as an authorization may; None if none does."""

    certified: bool = False
    deputy_of: frozenset[str] = frozenset()
    """Absent colleagues whose work one of the vendor's people does there now."""

    event_types: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    """What a partner system is limited to."""

    @property
    def name(self) -> str:
        """As `enterprises/acme`; empty for the vendor's own."""
        return f"enterprises/{self.enterprise}" if self.enterprise else ""


NOWHERE = Space(enterprise="", display_name="", roles=frozenset())
"""Where somebody acts who has no space yet."""


class Named(Protocol):
    """An account or a partner system."""

    display_name: str

    @property
    def name(self) -> str: ...


def choose(spaces: Sequence[Space], *, asked: str, last: str = "") -> Space:
    """Return the space asked for by name; else the last one, if it is still open; else the first.

    Refuses with SpaceNotFound what was asked for and is none of `spaces` (R51).
    """
    by_name = {space.name: space for space in spaces}
    if asked:
        if asked not in by_name:
            raise SpaceNotFound(space=asked[:100])
        return by_name[asked]
    return by_name.get(f"enterprises/{last}") or next(iter(spaces), NOWHERE)


def caller_in(space: Space, who: Named) -> Caller:
    """Return what an access token says about `who` in `space`."""
    return Caller(
        account=who.name,
        display_name=who.display_name,
        enterprise=space.enterprise,
        roles=space.roles,
        deputy_of=space.deputy_of,
        event_types=space.event_types,
        products=space.products,
    )
