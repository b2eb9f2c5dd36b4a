"""Which orders are open for a product: who returns it to development is shown them first (R47)."""

from collections import Counter
from collections.abc import Iterator, Sequence
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
from sqlalchemy.orm import Session

from services.catalog.reactions.registry import id_of, reactions
from services.catalog.store import PRODUCT, around
from shared.events import Envelope
from shared.names import enterprise_of, parse


# The row is the owner's of the product, whoever ordered (R78): two enterprises. Heard at every
# submission, so one statement for all that came together, unopened.
@reactions.together(OrderSubmitted, patient=True)
def open_orders(tx: Session, heard: Sequence[Envelope]) -> None:
    """Remember orders beside each of their products."""
    around.enter_orders(tx, [row for each in heard for row in _rows(each)])


def _rows(heard: Envelope) -> Iterator[dict[str, Any]]:
    """Yield what is remembered of an order: how many of each product."""
    order, ordered = heard.data["order"], heard.data["purchaseOrder"]
    quantities: Counter[str] = Counter()
    for line in ordered["lines"]:
        quantities[line["product"]] += line["quantity"]
    for product, quantity in quantities.items():
        owner, pid = parse(PRODUCT, product)
        yield {
            "enterprise": owner,
            "pid": pid,
            "order_id": id_of(order),
            "quantity": quantity,
            "customer": enterprise_of(order),
            "customer_legal_name": ordered.get("enterpriseLegalName", ""),
            "order_no": ordered["orderNo"],
            "purpose": ordered["purpose"],
            "ordered_at": datetime.fromisoformat(heard.time),
        }


def close_order(tx: Session, event: Any, heard: Envelope) -> None:
    """Forget an order that ended, in whatever way."""
    around.forget_order(tx, id_of(event.order))


for ended in (OrderRejected, OrderReplaced, OrderCancelled, OrderExpired, OrderCompleted):
    reactions.to(ended, everything=True)(close_order)
