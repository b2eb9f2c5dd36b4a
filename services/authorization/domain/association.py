"""The product association: opens a brand owner's product to a manufacturer (R76-R78)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

from services.authorization.domain.enterprise import Enterprise, Kind
from services.authorization.domain.errors import (
    AssociationCannotBecome,
    NotAManufacturer,
    OwnProduct,
)
from services.authorization.domain.events import ProductAssociated, ProductDissociated
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class State(Enum):
    """Whether the product is open."""

    ACTIVE = "active"
    REVOKED = "revoked"


BECOMES: dict[State, frozenset[State]] = {
    State.ACTIVE: frozenset({State.REVOKED}),
    State.REVOKED: frozenset(),
}


class ProductAssociation(Aggregate):
    """A product of somebody else's that an enterprise, the manufacturer, may order."""

    PATTERN = "enterprises/*/productAssociations/*"

    id: UUID
    product: str
    owner_legal_name: str
    state: State
    created_at: datetime

    @classmethod
    def associate(
        cls, *, product: str, owner: Enterprise, manufacturer: Enterprise
    ) -> ProductAssociation:
        """Open `product` of `owner` to `manufacturer`; OwnProduct or NotAManufacturer."""
        if owner.enterprise == manufacturer.enterprise:
            raise OwnProduct(product=product, manufacturer=manufacturer.name)
        if Kind.MANUFACTURER not in manufacturer.kinds:
            raise NotAManufacturer(enterprise=manufacturer.name)
        association = cls()
        association.enterprise = manufacturer.enterprise
        association.id = new_id()
        association.product = product
        association.owner_legal_name = owner.legal_name
        association.state = State.ACTIVE
        association.created_at = now()
        association.record(
            ProductAssociated(
                association=association.name,
                product=product,
                manufacturer=manufacturer.name,
                owner=owner.name,
                owner_legal_name=owner.legal_name,
            )
        )
        return association

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/productAssociations/{self.id}"

    def dissociate(self) -> None:
        """The manufacturer may not order it any more; open orders stay."""
        if State.REVOKED not in BECOMES[self.state]:
            raise AssociationCannotBecome(
                association=self.name, state=self.state.value, wanted=State.REVOKED.value
            )
        self.state = State.REVOKED
        self.record(
            ProductDissociated(
                association=self.name,
                product=self.product,
                manufacturer=f"enterprises/{self.enterprise}",
            )
        )
