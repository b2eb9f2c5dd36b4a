"""The partner client: the credentials of a partner system, and what it may follow."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from services.authorization.domain.errors import (
    PartnerClientCannotBecome,
    PartnerClientOver,
    ScopeTooLarge,
    WrongPartnerSecret,
)
from services.authorization.domain.events import (
    PartnerChanged,
    PartnerEnrolled,
    PartnerRevoked,
    PartnerRotated,
)
from services.authorization.domain.rules import text
from services.authorization.domain.session import hash_of
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

MOST_IN_SCOPE = 50
"""Event types, and products: they travel in every token."""

LONGEST_SCOPE = 4000
"""Characters of all of them, for the same reason."""


class State(Enum):
    """Whether a partner system can sign in."""

    ACTIVE = "active"
    REVOKED = "revoked"


BECOMES: dict[State, frozenset[State]] = {
    State.ACTIVE: frozenset({State.REVOKED}),
    State.REVOKED: frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class Following:
    """What a partner system may follow; empty means everything of the enterprise's orders."""

    event_types: tuple[str, ...] = ()
    """As `ordering.order.submitted`, or `payment.payment.*` for all of a kind."""

    products: tuple[str, ...] = ()
    """Only orders of nothing but these: `enterprises/{owner}/products/{product}`."""

    @classmethod
    def of(cls, event_types: Iterable[str], products: Iterable[str]) -> Following:
        """Return it in the one order it is kept in; ScopeTooLarge."""
        types, goods = sorted(set(event_types)), sorted(set(products))
        too_many = max(len(types), len(goods)) > MOST_IN_SCOPE
        if too_many or sum(map(len, (*types, *goods))) > LONGEST_SCOPE:
            raise ScopeTooLarge(most=MOST_IN_SCOPE)
        return cls(event_types=tuple(types), products=tuple(goods))


class PartnerClient(Aggregate):
    """A partner system that follows an enterprise's order events."""

    PATTERN = "enterprises/*/partnerClients/*"

    id: UUID
    display_name: str
    secret_hash: bytes
    former_hash: bytes
    """Of the secret before the last rotation; empty if there was none."""

    former_until: datetime | None
    """Until when that one still works."""

    event_types: list[str]
    products: list[str]
    rotated_at: datetime | None
    state: State
    created_at: datetime

    @classmethod
    def enroll(
        cls, enterprise: str, *, display_name: str, secret: str, following: Following
    ) -> PartnerClient:
        """Its administrator lets a partner system in; of `secret` only the hash is kept."""
        client = cls()
        client.enterprise = enterprise
        client.id = new_id()
        client.display_name = text("display name", display_name)
        client.secret_hash, client.former_hash = hash_of(secret), b""
        client.former_until = client.rotated_at = None
        client._follow(following)
        client.state = State.ACTIVE
        client.created_at = now()
        client.record(PartnerEnrolled(**client._facts()))
        return client

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/partnerClients/{self.id}"

    @property
    def following(self) -> Following:
        """What it may follow now."""
        return Following(event_types=tuple(self.event_types), products=tuple(self.products))

    def insist_secret(self, secret: str) -> None:
        """Refuse with WrongPartnerSecret, the same whether it is wrong or not valid any more."""
        given = hash_of(secret)
        same = hmac.compare_digest(given, self.secret_hash)
        former = self.former_until is not None and now() < self.former_until
        same |= former and hmac.compare_digest(given, self.former_hash)
        if not same or self.state is not State.ACTIVE:
            raise WrongPartnerSecret

    def change(self, *, display_name: str, following: Following) -> None:
        """Its administrator calls it another name or has it follow something else.

        The same again is no change. PartnerClientOver, BadText.
        """
        self._insist_active()
        called = text("display name", display_name)
        if (called, following) != (self.display_name, self.following):
            self.display_name = called
            self._follow(following)
            self.record(PartnerChanged(**self._facts()))

    def rotate(self, *, secret: str, overlap: timedelta) -> None:
        """It gets another secret; the one it has works for `overlap` more. PartnerClientOver."""
        self._insist_active()
        self.former_hash, self.former_until = self.secret_hash, now() + overlap
        self.secret_hash, self.rotated_at = hash_of(secret), now()
        self.record(PartnerRotated(partner_client=self.name, former_until=self.former_until))

    def revoke(self) -> None:
        """Its administrator takes the access back."""
        if State.REVOKED not in BECOMES[self.state]:
            raise PartnerClientCannotBecome(
                partner_client=self.name, state=self.state.value, wanted=State.REVOKED.value
            )
        self.state = State.REVOKED
        self.record(PartnerRevoked(partner_client=self.name))

    def _follow(self, following: Following) -> None:
        self.event_types, self.products = list(following.event_types), list(following.products)

    def _insist_active(self) -> None:
        if self.state is not State.ACTIVE:
            raise PartnerClientOver(partner_client=self.name)

    def _facts(self) -> dict[str, Any]:
        return {
            "partner_client": self.name,
            "display_name": self.display_name,
            "event_types": tuple(self.event_types),
            "products": tuple(self.products),
        }
