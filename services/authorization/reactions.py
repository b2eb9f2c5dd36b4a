"""What authorization does when it hears of something."""

from collections.abc import Sequence

from millrun.catalog.v1.events_pb2 import ProductCreated
from millrun.ordering.v1.events_pb2 import (
    OrderCancelled,
    OrderExpired,
    OrderRejected,
    OrderReplaced,
    OrderSubmitted,
)
from sqlalchemy.orm import Session

from services.authorization.store import Meters, Products
from shared.events import Envelope
from shared.names import enterprise_of
from shared.reactions import Reactions

reactions = Reactions()


@reactions.to(ProductCreated)
def remember_product(tx: Session, event: ProductCreated, heard: Envelope) -> None:
    """Know from now on that the product is there and whose it is (R48, R76)."""
    Products(tx).enter(
        product=event.product,
        enterprise=enterprise_of(event.owner),
        display_name=event.display_name,
    )


@reactions.together(OrderSubmitted, patient=True)
def count_for_good(tx: Session, heard: Sequence[Envelope]) -> None:
    """What was kept for an order under a cap stays with it until it ends; for most, nothing is."""
    counted = Meters(tx).counted((each.enterprise, each.data["order"]) for each in heard)
    for each in heard:
        if (each.enterprise, each.data["order"]) in counted:
            buyer = each.data["purchaseOrder"]["buyer"]
            Meters(tx).confirm(each.enterprise, each.data["order"], buyer)


# What an order took under a cap can be ordered again once it ended unfulfilled.


@reactions.to(OrderRejected)
def give_back_for_rejected(tx: Session, event: OrderRejected, heard: Envelope) -> None:
    """The vendor rejected the order."""
    Meters(tx).give_back(heard.enterprise, event.order)


@reactions.to(OrderExpired)
def give_back_for_expired(tx: Session, event: OrderExpired, heard: Envelope) -> None:
    """Nobody acted on the order in time."""
    Meters(tx).give_back(heard.enterprise, event.order)


@reactions.to(OrderCancelled)
def give_back_for_cancelled(tx: Session, event: OrderCancelled, heard: Envelope) -> None:
    """The buyer withdrew the order."""
    Meters(tx).give_back(heard.enterprise, event.order)


@reactions.to(OrderReplaced)
def give_back_for_replaced(tx: Session, event: OrderReplaced, heard: Envelope) -> None:
    """Another order stands in its place, and takes for itself what it needs."""
    Meters(tx).give_back(heard.enterprise, event.order)
