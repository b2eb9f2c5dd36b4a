"""The authorization: lets an account act in a space, for named products (R48-R51)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    ActsForTheVendor,
    AuthorizationCannotBecome,
    BadGrantRole,
    ExpiryInThePast,
    NoProducts,
)
from services.authorization.domain.events import AuthorizationGranted, AuthorizationRevoked
from shared.caller import Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

GRANTABLE = frozenset({Role.BUYER, Role.RND})


class State(Enum):
    """Whether an authorization can be used."""

    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


BECOMES: dict[State, frozenset[State]] = {
    State.ACTIVE: frozenset({State.REVOKED, State.EXPIRED}),
    State.REVOKED: frozenset(),
    State.EXPIRED: frozenset(),
}


class OpenProduct:
    """A product that an authorization opens."""

    product: str

    def __init__(self, product: str) -> None:
        self.product = product


class Authorization(Aggregate):
    """An account's permission to act in an enterprise's space, whoever employs the account.

    It expires by the clock alone, so what is stored is when it was revoked and when it ends.
    """

    PATTERN = "enterprises/*/authorizations/*"

    id: UUID
    account_id: UUID
    email: str
    display_name: str
    role: Role
    opened: list[OpenProduct]
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime

    @classmethod
    def grant(
        cls,
        enterprise: str,
        account: Account,
        *,
        role: Role,
        products: Iterable[str],
        expires_at: datetime | None = None,
    ) -> Authorization:
        """Let `account` act for `enterprise`, as `acme`, as `role`, for `products`.

        Refuses with ActsForTheVendor, BadGrantRole, NoProducts or ExpiryInThePast. That the
        enterprise may open these products is for whoever calls this to know.
        """
        if account.is_staff:
            raise ActsForTheVendor(email=account.email)
        if role not in GRANTABLE:
            raise BadGrantRole
        if expires_at is not None and expires_at <= now():
            raise ExpiryInThePast
        granted = cls()
        granted.enterprise = enterprise
        granted.id = new_id()
        granted.account_id = account.id
        granted.email, granted.display_name = account.email, account.display_name
        granted.role = role
        granted.opened = [OpenProduct(product) for product in sorted(set(products))]
        granted.created_at, granted.expires_at, granted.revoked_at = now(), expires_at, None
        granted._tell_granted()
        return granted

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/authorizations/{self.id}"

    @property
    def account(self) -> str:
        """Who may use it: `accounts/…`."""
        return f"accounts/{self.account_id}"

    @property
    def products(self) -> tuple[str, ...]:
        """What is open: `enterprises/{owner}/products/{product}`, in alphabetical order."""
        return tuple(each.product for each in self.opened)

    @property
    def state(self) -> State:
        """Whether it can be used now."""
        if self.revoked_at is not None:
            return State.REVOKED
        over = self.expires_at is not None and self.expires_at <= now()
        return State.EXPIRED if over else State.ACTIVE

    def revoke(self) -> None:
        """Its administrator takes it back: nothing new can be done with it (A23)."""
        if State.REVOKED not in BECOMES[self.state]:
            raise AuthorizationCannotBecome(
                authorization=self.name, state=self.state.value, wanted=State.REVOKED.value
            )
        self.revoked_at = now()
        self.record(AuthorizationRevoked(authorization=self.name, account=self.account))

    def _tell_granted(self) -> None:
        if not self.opened:
            raise NoProducts
        self.record(
            AuthorizationGranted(
                authorization=self.name,
                account=self.account,
                role=self.role,
                products=self.products,
            )
        )
