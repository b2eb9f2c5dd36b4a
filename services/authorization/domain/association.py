"""The product association: opens a brand owner's product to a manufacturer (R76-R78, A22)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NoReturn
from uuid import UUID

from services.authorization.domain.enterprise import Enterprise, Kind
from services.authorization.domain.errors import (
    AssociationCannotBecome,
    NotAManufacturer,
    NotYoursToDecide,
    OwnProduct,
)
from services.authorization.domain.events import (
    AssociationDeclined,
    AssociationProposed,
    AssociationWithdrawn,
    ProductAssociated,
    ProductDissociated,
)
from shared.caller import Caller
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class State(Enum):
    """Whether the product is open."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    REVOKED = "revoked"


BECOMES: dict[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.ACTIVE, State.REVOKED}),
    State.ACTIVE: frozenset({State.REVOKED}),
    State.REVOKED: frozenset(),
}


class ProductAssociation(Aggregate):
    """A product of somebody else's that an enterprise, the manufacturer, may order.

    The manufacturer may propose one for whatever PID it knows of, and learns nothing by that: a
    proposal for a product that is not there looks like any other and is never answered.
    """

    PATTERN = "enterprises/*/productAssociations/*"

    id: UUID
    asked: str
    """The product as whoever began it named it; `enterprises/-/products/…` for a bare PID."""

    product: str
    """The product meant; empty if there is none."""

    owner: str
    """Whose product it is, as `acme`; empty if there is none."""

    owner_legal_name: str
    manufacturer_legal_name: str
    state: State
    opened_at: datetime | None
    """When it became ACTIVE; until then the manufacturer is told nothing of the owner."""

    created_at: datetime

    @classmethod
    def associate(
        cls, *, product: str, owner: Enterprise, manufacturer: Enterprise
    ) -> ProductAssociation:
        """Open `product` of `owner` to `manufacturer`; OwnProduct or NotAManufacturer."""
        association = cls._begin(product, product, owner, manufacturer)
        association._open()
        return association

    @classmethod
    def propose(
        cls, *, asked: str, product: str, owner: Enterprise | None, manufacturer: Enterprise
    ) -> ProductAssociation:
        """`manufacturer` asks for what it named; `product` of `owner`, if there is such a one.

        Refuses with OwnProduct or NotAManufacturer.
        """
        association = cls._begin(asked, product, owner, manufacturer)
        if owner:
            association.record(
                AssociationProposed(
                    association=association.name,
                    product=product,
                    manufacturer=manufacturer.name,
                    manufacturer_legal_name=manufacturer.legal_name,
                    owner=owner.name,
                )
            )
        return association

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/productAssociations/{self.id}"

    def seen_by(self, caller: Caller) -> bool:
        """Whether `caller` may know whose product it is; the manufacturer once it is open."""
        return self.opened_at is not None or caller.is_staff or caller.enterprise == self.owner

    def insist_owner(self, by: Caller) -> None:
        """Refuse with NotYoursToDecide who neither owns the product nor is of the vendor."""
        if not by.is_staff and by.enterprise != self.owner:
            raise NotYoursToDecide(association=self.name)

    def accept(self, *, by: Caller) -> None:
        """The owner consents (A22), or a project manager does so for them.

        Refuses with NotYoursToDecide or AssociationCannotBecome.
        """
        self.insist_owner(by)
        self._become(State.ACTIVE)
        self._open()

    def decline(self, *, by: Caller) -> None:
        """The owner does not consent; NotYoursToDecide, AssociationCannotBecome."""
        self.insist_owner(by)
        if self.state is not State.PROPOSED:
            self._refuse("declined")
        self._become(State.REVOKED)
        self.record(
            AssociationDeclined(
                association=self.name,
                product=self.asked,
                manufacturer=f"enterprises/{self.enterprise}",
            )
        )

    def dissociate(self) -> None:
        """Either side or the vendor ends it: no new orders; open orders stay."""
        was = self.state
        self._become(State.REVOKED)
        ended = AssociationWithdrawn if was is State.PROPOSED else ProductDissociated
        self.record(
            ended(
                association=self.name,
                product=self.product,
                manufacturer=f"enterprises/{self.enterprise}",
                owner=f"enterprises/{self.owner}" if self.owner else "",
            )
        )

    @classmethod
    def _begin(
        cls, asked: str, product: str, owner: Enterprise | None, manufacturer: Enterprise
    ) -> ProductAssociation:
        if owner and owner.enterprise == manufacturer.enterprise:
            raise OwnProduct(product=product, manufacturer=manufacturer.name)
        if Kind.MANUFACTURER not in manufacturer.kinds:
            raise NotAManufacturer(enterprise=manufacturer.name, legal_name=manufacturer.legal_name)
        association = cls()
        association.enterprise = manufacturer.enterprise
        association.id = new_id()
        association.asked, association.product = asked, product
        association.owner = owner.enterprise if owner else ""
        association.owner_legal_name = owner.legal_name if owner else ""
        association.manufacturer_legal_name = manufacturer.legal_name
        association.state, association.opened_at = State.PROPOSED, None
        association.created_at = now()
        return association

    def _open(self) -> None:
        self.state, self.opened_at = State.ACTIVE, now()
        self.record(
            ProductAssociated(
                association=self.name,
                product=self.product,
                manufacturer=f"enterprises/{self.enterprise}",
                owner=f"enterprises/{self.owner}",
                owner_legal_name=self.owner_legal_name,
            )
        )

    def _become(self, state: State) -> None:
        if state not in BECOMES[self.state]:
            self._refuse(state.value)
        self.state = state

    def _refuse(self, wanted: str) -> NoReturn:
        raise AssociationCannotBecome(association=self.name, state=self.state.value, wanted=wanted)
