"""What ordering does from time to time: it lets go of orders nobody acts on (transition 19)."""

from services.ordering.domain import life
from services.ordering.store import Orders
from shared.clock import now
from shared.service import Runtime
from shared.storage import EVERYTHING


def expire_orders(runtime: Runtime) -> int:
    """End the orders whose time is over, and return how many."""
    with runtime.database.transaction(EVERYTHING) as tx:
        at = now()
        overdue = Orders(tx).overdue(at)
        for order in overdue:
            life.expire(order, at=at)
    return len(overdue)
