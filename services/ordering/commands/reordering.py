"""Ordering again what was ordered before."""

from sqlalchemy.orm import Session

from services.ordering.domain import reorder
from services.ordering.domain.errors import NotYourOrder
from services.ordering.domain.offer import Assortment
from services.ordering.domain.reorder import Reordered
from services.ordering.settings import ours
from services.ordering.store import Orders, knowing
from shared.caller import Caller


def reorder_order(
    tx: Session, *, name: str, caller: Caller, assortment: Assortment, dry_run: bool
) -> Reordered:
    """Begin a draft with what can be ordered now of an order in any state (transition 1).

    In a dry run every line is answered for; else NothingToReorder if none can be ordered.
    """
    earlier = Orders(tx).read(name)
    if not caller.may_see(earlier.enterprise):
        raise NotYourOrder(order=earlier.order_no)
    made = reorder.reorder(
        earlier,
        order_no=Orders(tx).next_number(),
        buyer=caller.account,
        assortment=knowing(tx, assortment, caller.enterprise),
        caps=ours(tx).caps,
        license_contract=ours(tx).license_contract,
    )
    if not dry_run:
        made.insist_something(earlier)
    Orders(tx).add(made.order)
    return made
