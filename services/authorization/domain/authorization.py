"""The authorization: lets an account act in a space, for named products (R48-R51)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    ActsForTheVendor,
    AuthorizationCannotBecome,
    AuthorizationOver,
    BadCap,
    CapBelowUse,
    ExpiryInThePast,
    NoProducts,
)
from services.authorization.domain.events import (
    AuthorizationChanged,
    AuthorizationExpired,
    AuthorizationGranted,
    AuthorizationRevoked,
)
from services.authorization.domain.purpose import OPEN_TO, Purpose, in_order, insist_open_to
from shared.caller import Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

GRANTABLE = frozenset(OPEN_TO)
MOST_PIECES = 1_000_000_000


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


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far an authorization goes."""

    products: tuple[str, ...]
    purposes: frozenset[Purpose] = frozenset()
    """None: everything its role may order for."""

    cap: int | None = None
    """How many pieces, over all products and orders; None: as many as one likes."""

    expires_at: datetime | None = None
    """None: it does not end by itself."""


class Authorization(Aggregate):
    """An account's permission to act in an enterprise's space, whoever employs the account.

    It ends by the clock alone, so what is stored is when it was revoked and when it ends. How much
    of its cap is used is the meter's (`store.meters`): orders come and go without changing it.
    """

    PATTERN = "enterprises/*/authorizations/*"

    id: UUID
    account_id: UUID
    email: str
    display_name: str
    role: Role
    opened: list[OpenProduct]
    purposes: frozenset[Purpose]
    cap: int | None
    used: int
    expires_at: datetime | None
    expired_at: datetime | None
    """When it was told that its time is over."""

    revoked_at: datetime | None
    created_at: datetime

    @classmethod
    def grant(
        cls, enterprise: str, account: Account, *, role: Role, limits: Limits
    ) -> Authorization:
        """Let `account` act for `enterprise`, as `acme`, as `role`, within `limits`.

        Refuses with ActsForTheVendor, BadGrantRole and whatever limits cannot be. That the
        enterprise may open these products is for whoever calls this to know.
        """
        if account.is_staff:
            raise ActsForTheVendor(email=account.email)
        granted = cls()
        granted.enterprise = enterprise
        granted.id = new_id()
        granted.account_id = account.id
        granted.email, granted.display_name = account.email, account.display_name
        granted.role, granted.used = role, 0
        granted.created_at = now()
        granted.expires_at = granted.expired_at = granted.revoked_at = None
        granted._limit(limits)
        granted.record(AuthorizationGranted(**granted._facts()))
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
    def limits(self) -> Limits:
        """How far it goes now."""
        return Limits(
            products=self.products,
            purposes=self.purposes,
            cap=self.cap,
            expires_at=self.expires_at,
        )

    @property
    def state(self) -> State:
        """Whether it can be used now."""
        if self.revoked_at is not None:
            return State.REVOKED
        over = self.expires_at is not None and self.expires_at <= now()
        return State.EXPIRED if over else State.ACTIVE

    def change(self, limits: Limits) -> None:
        """Its administrator sets other limits; the same ones are no change.

        Refuses with AuthorizationOver, CapBelowUse and whatever limits cannot be.
        """
        if self.state is not State.ACTIVE:
            raise AuthorizationOver(authorization=self.name, state=self.state.value)
        if limits != self.limits:
            self._limit(limits)
            self.record(AuthorizationChanged(**self._facts()))

    def revoke(self) -> None:
        """Its administrator takes it back: nothing new can be done with it (A23)."""
        if State.REVOKED not in BECOMES[self.state]:
            raise AuthorizationCannotBecome(
                authorization=self.name, state=self.state.value, wanted=State.REVOKED.value
            )
        self.revoked_at = now()
        self.record(AuthorizationRevoked(authorization=self.name, account=self.account))

    def expire(self) -> None:
        """Tell once that its time is over."""
        self.expired_at = now()
        self.record(AuthorizationExpired(authorization=self.name, account=self.account))

    def _limit(self, limits: Limits) -> None:
        if not limits.products:
            raise NoProducts
        if limits.cap is not None and not 1 <= limits.cap <= MOST_PIECES:
            raise BadCap(field="quantity_cap", most=MOST_PIECES)
        if limits.cap is not None and limits.cap < self.used:
            raise CapBelowUse(cap=limits.cap, used=self.used)
        if limits.expires_at not in (None, self.expires_at) and limits.expires_at <= now():
            raise ExpiryInThePast(field="expire_time")
        self.purposes = insist_open_to(self.role, limits.purposes)
        self.cap, self.expires_at = limits.cap, limits.expires_at
        kept = {each.product: each for each in getattr(self, "opened", [])}
        self.opened = [kept.get(each) or OpenProduct(each) for each in sorted(set(limits.products))]

    def _facts(self) -> dict[str, Any]:
        return {
            "authorization": self.name,
            "account": self.account,
            "role": self.role,
            "products": self.products,
            "purposes": in_order(self.purposes),
            "quantity_cap": self.cap or 0,
            "expire_time": self.expires_at,
        }
