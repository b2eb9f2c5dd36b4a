"""The account: a person who signs in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.authorization.domain.errors import BadPassword, PasswordIsTheAddress
from services.authorization.domain.events import (
    AccountAddressVerified,
    AccountPasswordChanged,
    AccountPhoneChanged,
    AccountProviderLinked,
    AccountRecoveryCodesRenewed,
    AccountRegistered,
    AccountTwoStepBegun,
    AccountTwoStepEnded,
)
from services.authorization.domain.rules import email_address, phone_number, text
from shared.caller import Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

PASSWORD_LEAST, PASSWORD_MOST = 10, 1000


class Account(Aggregate):
    """A person who signs in: a customer, or one of the vendor's own people if it has staff roles.

    It belongs to no enterprise: memberships and authorizations say where it can act.
    """

    PATTERN = "accounts/*"

    id: UUID
    email: str
    """Lower case, and nobody else's."""

    display_name: str
    phone: str
    staff_roles: frozenset[Role]
    registered_at: datetime
    verified_at: datetime | None
    """Since when it is known that the person reads this address."""

    two_step_at: datetime | None
    """Since when a code is asked for after the password."""

    provider: str
    """Who proves who this is, instead of a password; empty for the built-in way."""

    @classmethod
    def register(
        cls,
        *,
        email: str,
        display_name: str,
        phone: str = "",
        staff_roles: Iterable[Role] = (),
        provider: str = "",
    ) -> Account:
        """A person registers; refuses with BadEmail, BadPhone or BadText.

        Whom the operator enters, or a provider vouches for, need not prove their address.
        """
        account = cls()
        account.enterprise = ""
        account.id = new_id()
        account.email = email_address(email)
        account.registered_at = now()
        account.provider, account.two_step_at = provider, None
        account.verified_at = now() if provider or staff_roles else None
        account._describe(display_name, phone, frozenset(staff_roles))
        return account

    @property
    def name(self) -> str:
        return f"accounts/{self.id}"

    @property
    def is_staff(self) -> bool:
        """Whether it is one of the vendor's own people."""
        return bool(self.staff_roles)

    def verify(self) -> None:
        """The person proved to read the address."""
        if self.verified_at is None:
            self.verified_at = now()
            self.record(AccountAddressVerified(account=self.name))

    def vouched_for(self, provider: str) -> None:
        """A provider says whose address this is; from now on it says who signs in."""
        self.provider = provider
        self.verify()
        self.link(provider)

    def link(self, provider: str) -> None:
        """A provider may say that somebody is this person."""
        self.record(AccountProviderLinked(account=self.name, provider=provider))

    def change_password(self) -> None:
        """The person has another password; the person is told, in case it was somebody else."""
        self.record(AccountPasswordChanged(account=self.name))

    def ask_two_steps(self, *, on: bool) -> None:
        """From now on a code is asked for after the password, or no more."""
        before, self.two_step_at = self.two_step_at, now() if on else None
        if on:
            self.record(AccountTwoStepBegun(account=self.name))
        elif before:
            self.record(AccountTwoStepEnded(account=self.name))

    def renew_recovery_codes(self) -> None:
        """The person has other codes that replace the device."""
        self.record(AccountRecoveryCodesRenewed(account=self.name))

    def describe(self, *, display_name: str, phone: str) -> None:
        """The person says what they are called and where to reach them; the same is nothing."""
        before = self.phone
        self.enter(display_name=display_name, phone=phone, staff_roles=self.staff_roles)
        if not phone_number(phone) and self.phone:
            self._describe(self.display_name, "", self.staff_roles)
        if self.phone != before:
            self.record(AccountPhoneChanged(account=self.name))

    def enter(self, *, display_name: str, phone: str, staff_roles: Iterable[Role]) -> None:
        """The vendor's operator says who this is and what they do; saying it again is nothing."""
        entered = (display_name.strip(), phone_number(phone) or self.phone, frozenset(staff_roles))
        if entered != (self.display_name, self.phone, self.staff_roles):
            self._describe(*entered)

    def _describe(self, display_name: str, phone: str, staff_roles: frozenset[Role]) -> None:
        self.display_name = text("display name", display_name)
        self.phone = phone_number(phone)
        self.staff_roles = staff_roles
        self.record(
            AccountRegistered(
                account=self.name,
                email=self.email,
                display_name=self.display_name,
                phone=self.phone,
                staff_roles=in_order(staff_roles),
            )
        )


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Return roles in the one order they are told in."""
    return tuple(sorted(roles, key=lambda role: role.value))


def insist_on_good_password(password: str, *, email: str) -> None:
    """Refuse with BadPassword or PasswordIsTheAddress what would be guessed first."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise BadPassword(least=PASSWORD_LEAST, most=PASSWORD_MOST)
    if password.strip().lower() == email.strip().lower():
        raise PasswordIsTheAddress
