"""The deputyship: one of the vendor's managers does another's work while they are absent."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    BadAbsence,
    DeputyOfOneself,
    DeputyshipOver,
    NotInRole,
    NotYourAbsence,
)
from services.authorization.domain.events import (
    DeputyshipBegun,
    DeputyshipEnded,
    DeputyshipPlanned,
)
from shared.caller import Caller, Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

MANAGERS = (Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER)
LONGEST = timedelta(days=366)


class State(Enum):
    """Where a deputyship stands; the clock alone takes it from one to the next."""

    PLANNED = "planned"
    ACTIVE = "active"
    ENDED = "ended"


class Deputyship(Aggregate):
    """From when to when an account has another's customers in its hands, besides its own."""

    PATTERN = "accounts/*/deputyships/*"

    id: UUID
    absent_id: UUID
    absent_display_name: str
    deputy_id: UUID
    deputy_display_name: str
    begins_at: datetime
    ends_at: datetime
    begun_told: bool
    ended_told: bool
    created_at: datetime

    @classmethod
    def plan(
        cls,
        *,
        absent: Account,
        deputy: Account,
        begins_at: datetime | None,
        ends_at: datetime | None,
        by: Caller,
    ) -> Deputyship:
        """`deputy` does the work of `absent`, from now if nothing else is said.

        Refuses with NotYourAbsence, DeputyOfOneself, NotInRole or BadAbsence.
        """
        insist_may_arrange(by, absent.name)
        if absent.id == deputy.id:
            raise DeputyOfOneself
        _insist_fit(absent, deputy)
        begins = begins_at or now()
        if ends_at is None or not max(begins, now()) < ends_at <= begins + LONGEST:
            raise BadAbsence(days=LONGEST.days)
        deputyship = cls()
        deputyship.enterprise, deputyship.id = "", new_id()
        deputyship.absent_id, deputyship.absent_display_name = absent.id, absent.display_name
        deputyship.deputy_id, deputyship.deputy_display_name = deputy.id, deputy.display_name
        deputyship.begins_at, deputyship.ends_at = begins, ends_at
        deputyship.begun_told = deputyship.ended_told = False
        deputyship.created_at = now()
        deputyship.record(
            DeputyshipPlanned(
                **deputyship._facts(), begin_time=deputyship.begins_at, end_time=deputyship.ends_at
            )
        )
        return deputyship

    @property
    def name(self) -> str:
        return f"{self.absent}/deputyships/{self.id}"

    @property
    def absent(self) -> str:
        """Who is absent: `accounts/…`."""
        return f"accounts/{self.absent_id}"

    @property
    def deputy(self) -> str:
        """Who does their work: `accounts/…`."""
        return f"accounts/{self.deputy_id}"

    @property
    def state(self) -> State:
        """Where it stands now."""
        if now() >= self.ends_at:
            return State.ENDED
        return State.ACTIVE if now() >= self.begins_at else State.PLANNED

    def end(self, *, by: Caller) -> None:
        """The absent one is back, or the deputy cannot do it; NotYourAbsence, DeputyshipOver."""
        if by.account != self.deputy:
            insist_may_arrange(by, self.absent)
        if self.state is State.ENDED:
            raise DeputyshipOver(deputyship=self.name)
        self.ends_at = now()
        self.turn()

    def turn(self) -> None:
        """Tell, once each, that it began and that it is over."""
        if self.state is State.ENDED:
            self.begun_told = self.ended_told = True
            self.record(DeputyshipEnded(**self._facts()))
        elif self.state is State.ACTIVE:
            self.begun_told = True
            self.record(DeputyshipBegun(**self._facts()))

    def _facts(self) -> dict[str, str]:
        return {
            "deputyship": self.name,
            "account": self.deputy,
            "absent": self.absent,
            "absent_display_name": self.absent_display_name,
        }


def insist_may_arrange(by: Caller, absent: str) -> None:
    """Refuse with NotYourAbsence who is neither absent nor assigns the vendor's people."""
    if by.account != absent and not by.has(Role.CERTIFIER):
        raise NotYourAbsence(account=absent)


def _insist_fit(absent: Account, deputy: Account) -> None:
    needed = [role for role in MANAGERS if role in absent.staff_roles]
    if not needed:
        raise NotInRole(
            account=absent.name, person=absent.display_name, role="business or project manager"
        )
    for role in needed:
        if role not in deputy.staff_roles:
            raise NotInRole(account=deputy.name, person=deputy.display_name, role=role.value)
