"""Orders as somebody may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.ordering.domain.amending import meaning
from services.ordering.domain.amendment import Meaning
from services.ordering.domain.due import due_at
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
    due_at: datetime | None = None
    """Until when who is waited on agreed to act."""

    meaning: Meaning | None = None
    """What a change means that is proposed, is only tried, or just happened."""


def show(tx: Session, caller: Caller, order: Order, meant: Meaning | None = None) -> Shown:
    """Return `order` as `caller` may see it, with what a change `meant` that just happened."""
    settings = ours(tx)
    if meant is None and order.proposal is not None:
        meant = meaning(order, order.proposal)
    return Shown(
        order,
        caller.may_see(order.enterprise),
        settings.vendor.hotline,
        due_at(order, settings.agreed),
        meant,
    )
