"""Orders as somebody may see them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.ordering.domain.order import Order
from services.ordering.settings import ours
from shared.caller import Caller


@dataclass(frozen=True, slots=True)
class Shown:
    """An order, or the row of one in a list, as somebody may see it."""

    order: Any
    """An Order, or a row with the columns of `orders`."""

    priced: bool
    """Whether money is shown: not to the products' owner, who did not order (R78)."""

    hotline: str


def show(tx: Session, caller: Caller, order: Order) -> Shown:
    """Return `order` as `caller` may see it."""
    return Shown(order, caller.may_see(order.enterprise), ours(tx).vendor.hotline)
