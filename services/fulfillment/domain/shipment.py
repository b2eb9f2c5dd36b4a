"""The shipment: finished goods on their way to the customer, announced by its notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.fulfillment.domain import errors
from services.fulfillment.domain.events import ShipmentDispatched, ShipmentReceived, ShippedItem
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class State(Enum):
    """Where a shipment stands."""

    DISPATCHED = "dispatched"
    RECEIVED = "received"


BECOMES = {State.DISPATCHED: {State.RECEIVED}, State.RECEIVED: set[State]()}


class Shipment(Aggregate):
    """Units of finished batches of one order, handed to a carrier."""

    id: UUID
    shipment_no: str
    order: str
    order_no: str
    items: list[ShippedItem]
    carrier: str
    tracking_no: str
    state: State
    delivery_address: Mapping[str, Any]
    dispatched_at: datetime
    received_at: datetime | None

    @classmethod
    def dispatch(
        cls,
        *,
        enterprise: str,
        shipment_no: str,
        order: str,
        order_no: str,
        items: list[ShippedItem],
        carrier: str,
        tracking_no: str,
        delivery_address: Mapping[str, Any],
    ) -> Shipment:
        """Hand goods to a carrier (transition 14)."""
        shipment = cls()
        shipment.id, shipment.dispatched_at, shipment.sequence = new_id(), now(), 0
        shipment.enterprise, shipment.shipment_no = enterprise, shipment_no
        shipment.order, shipment.order_no, shipment.items = order, order_no, items
        shipment.carrier, shipment.tracking_no = carrier, tracking_no
        shipment.delivery_address = delivery_address
        shipment.state, shipment.received_at = State.DISPATCHED, None
        shipment.record(
            ShipmentDispatched(
                shipment=shipment.name,
                shipment_no=shipment_no,
                order=order,
                order_no=order_no,
                items=tuple(items),
                carrier=carrier,
                tracking_no=tracking_no,
            )
        )
        return shipment

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/shipments/{self.id}"

    def receive(self) -> None:
        """The customer has the goods (transition 15)."""
        if State.RECEIVED not in BECOMES[self.state]:
            raise errors.ShipmentCannotBecome(
                shipment_no=self.shipment_no, state=self.state.value, wanted=State.RECEIVED.value
            )
        self.state, self.received_at = State.RECEIVED, now()
        self.record(
            ShipmentReceived(
                shipment=self.name,
                shipment_no=self.shipment_no,
                order=self.order,
                order_no=self.order_no,
                items=tuple(self.items),
            )
        )

    def expect(self, etag: str) -> None:
        """Insist that the shipment is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.ShipmentChanged(shipment_no=self.shipment_no)
