"""Which orders are open for a product: who returns it to development is shown them first (R47)."""

from collections import Counter
from datetime import datetime
from typing import Any

from millrun.ordering.v1.events_pb2 import (
    OrderCancelled,
    OrderCompleted,
    OrderExpired,
    OrderRejected,
    OrderReplaced,
    OrderSubmitted,
)
from millrun.ordering.v1.order_pb2 import Purpose
from sqlalchemy.orm import Session

from services.catalog.reactions.registry import id_of, reactions
from services.catalog.store import PRODUCT, around
from shared.events import Envelope
from shared.names import enterprise_of, parse


# The row is the owner's of the product, whoever ordered (R78): two enterprises. Heard at every
# submission, so one statement and no objects.
@reactions.to(OrderSubmitted, everything=True)
def open_order(tx: Session, event: OrderSubmitted, heard: Envelope) -> None:
    """Remember the order beside each of its products."""
    ordered = event.purchase_order
    quantities: Counter[tuple[str, str]] = Counter()
    for line in ordered.lines:
        owner, pid = parse(PRODUCT, line.product)
        quantities[owner, pid] += line.quantity
    around.enter_order(
        tx,
        order=id_of(event.order),
        quantities=quantities,
        customer=enterprise_of(event.order),
        customer_legal_name=ordered.enterprise_legal_name,
        order_no=ordered.order_no,
        purpose=Purpose.Name(ordered.purpose),
        ordered_at=datetime.fromisoformat(heard.time),
    )


def close_order(tx: Session, event: Any, heard: Envelope) -> None:
    """Forget an order that ended, in whatever way."""
    around.forget_order(tx, id_of(event.order))


for ended in (OrderRejected, OrderReplaced, OrderCancelled, OrderExpired, OrderCompleted):
    reactions.to(ended, everything=True)(close_order)
