"""Which parts of an order can still be changed, and why the others cannot (requirements §4).

This only spares a reader a refusal; ordering decides, and is asked all the same.
"""

from dataclasses import dataclass

from millrun.ordering.v1.order_pb2 import Order

from shared.web.text import _

UNSIGNED = frozenset({Order.INTENTION, Order.CONFIRMED})
SIGNED = frozenset(
    {Order.CONTRACT_SIGNED, Order.DEPOSIT_PAID, Order.IN_PRODUCTION, Order.READY_TO_SHIP}
)
CHANGEABLE = UNSIGNED | SIGNED
MADE_TO_ORDER = UNSIGNED | {Order.CONTRACT_SIGNED}
"""As long as production was not told what to make."""

NOT_MADE = MADE_TO_ORDER | {Order.DEPOSIT_PAID, Order.IN_PRODUCTION}
ENDED = frozenset({Order.COMPLETED, Order.REJECTED, Order.EXPIRED, Order.CANCELLED, Order.REPLACED})


@dataclass(frozen=True)
class Changeable:
    """For each part of an order: why it cannot be changed any more; empty while it can."""

    lines: str
    date: str
    address: str
    title: str

    @property
    def nothing(self) -> str:
        """Why nothing of it can be changed; empty while something can."""
        return self.address and self.title


def parts_of(order: Order) -> Changeable:
    """Return which parts of `order` are still to be settled (requirements §4, amendments)."""
    gone = "" if order.state in CHANGEABLE else _not_changed(order)
    made = "" if order.state in NOT_MADE else _("It is made already.")
    told = _("Production was told what to make; what is missing is ordered anew.")
    told = "" if order.state in MADE_TO_ORDER else told
    return Changeable(lines=gone or told, date=gone or made, address=gone, title=gone)


def _not_changed(order: Order) -> str:
    if order.state == Order.DRAFT:
        return _("It is a draft: change its lines and its form.")
    if order.state == Order.DELIVERED:
        return _("It is delivered.")
    return _("It has ended.") if order.state in ENDED else _("It is on its way.")
