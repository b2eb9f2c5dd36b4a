"""The membership: an account's place in an enterprise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.authorization.domain.account import Account, in_order
from services.authorization.domain.errors import (
    ActsForTheVendor,
    BadMemberRole,
    CompletesWithoutDeveloping,
)
from services.authorization.domain.events import MemberJoined, MemberLeft
from shared.caller import CUSTOMER_ROLES, Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class Membership(Aggregate):
    """What an account may do in an enterprise's space as one of its people.

    Address and display name stand here too: an enterprise sees its members, but no accounts.
    """

    PATTERN = "enterprises/*/memberships/*"

    id: UUID
    account_id: UUID
    email: str
    display_name: str
    roles: frozenset[Role]
    created_at: datetime

    @classmethod
    def join(cls, enterprise: str, account: Account, roles: Iterable[Role]) -> Membership:
        """`account` becomes one of the people of `enterprise`, as `acme`.

        Refuses with ActsForTheVendor, BadMemberRole or CompletesWithoutDeveloping.
        """
        if account.is_staff:
            raise ActsForTheVendor(email=account.email)
        membership = cls()
        membership.enterprise = enterprise
        membership.id = new_id()
        membership.account_id = account.id
        membership.email, membership.display_name = account.email, account.display_name
        membership.created_at = now()
        membership._take(frozenset(roles))
        return membership

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/memberships/{self.id}"

    @property
    def account(self) -> str:
        """The member: `accounts/…`."""
        return f"accounts/{self.account_id}"

    def change(self, roles: Iterable[Role]) -> None:
        """From now on the member has these roles; the same ones are no change.

        Refuses with BadMemberRole or CompletesWithoutDeveloping.
        """
        if frozenset(roles) != self.roles:
            self._take(frozenset(roles))

    def leave(self) -> None:
        """The account is no member any more; whoever calls this forgets the membership."""
        self.record(MemberLeft(enterprise=f"enterprises/{self.enterprise}", account=self.account))

    def _take(self, roles: frozenset[Role]) -> None:
        if not roles or roles - CUSTOMER_ROLES:
            allowed = ", ".join(role.name for role in in_order(CUSTOMER_ROLES))
            raise BadMemberRole(allowed=allowed)
        if Role.DEVELOPMENT_COMPLETER in roles and Role.RND not in roles:
            raise CompletesWithoutDeveloping
        self.roles = roles
        self.record(
            MemberJoined(
                enterprise=f"enterprises/{self.enterprise}",
                account=self.account,
                roles=in_order(roles),
            )
        )
