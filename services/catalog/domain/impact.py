"""What is affected when a product goes back to development (R47)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.catalog.domain.errors.products import ImpactChanged

MOST = 200
"""How many of a kind are named."""


@dataclass(frozen=True, kw_only=True)
class AffectedOrder:
    """An open order for the product."""

    name: str
    order_no: str
    enterprise_legal_name: str
    quantity: int
    ordered_at: datetime


@dataclass(frozen=True, kw_only=True)
class AffectedAuthorization:
    """Somebody who may order the product in its owner's space."""

    name: str
    account: str


@dataclass(frozen=True, kw_only=True)
class AffectedManufacturer:
    """An enterprise the product is open to."""

    name: str
    legal_name: str


@dataclass(frozen=True, kw_only=True)
class AffectedPartner:
    """A partner system that follows the product's owner."""

    name: str
    display_name: str


Affected = AffectedOrder | AffectedAuthorization | AffectedManufacturer | AffectedPartner


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Everything that rests on a product."""

    product: str
    orders: tuple[AffectedOrder, ...] = ()
    authorizations: tuple[AffectedAuthorization, ...] = ()
    manufacturers: tuple[AffectedManufacturer, ...] = ()
    partner_clients: tuple[AffectedPartner, ...] = ()

    @property
    def digest(self) -> str:
        """Tells it from the impact at any other time; who is called what makes no difference."""
        affected: tuple[Affected, ...] = (
            *self.orders,
            *self.authorizations,
            *self.manufacturers,
            *self.partner_clients,
        )
        names = sorted(each.name for each in affected)
        return hashlib.sha256("\n".join([self.product, *names]).encode()).hexdigest()

    def expect(self, digest: str) -> None:
        """Insist that it still is what the caller saw; ImpactChanged."""
        if digest and digest != self.digest:
            raise ImpactChanged(product=self.product)


def named(affected: Sequence[Affected]) -> tuple[str, ...]:
    """Return the names of as many as are told of."""
    return tuple(each.name for each in affected[:MOST])
