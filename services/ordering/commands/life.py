"""What ends an order before its time, or stops it for a while."""

from sqlalchemy.orm import Session

from services.ordering.domain import life
from services.ordering.domain.order import Order
from services.ordering.settings import ours
from services.ordering.store import Orders
from shared.caller import Caller


def replace_order(tx: Session, *, name: str, caller: Caller, etag: str) -> Order:
    """Put a new draft in its place, and return that (transition 8)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    draft = life.replace(
        order,
        order_no=Orders(tx).next_number(),
        buyer=caller.account,
        license_contract=ours(tx).license_contract,
    )
    Orders(tx).add(draft)
    return draft


def cancel_order(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Order:
    """Withdraw an order (transition 9)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    life.cancel(order, reason=reason)
    return order


def hold_order(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Order:
    """Stop an order for now (transition 18)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    life.hold(order, by=caller.account, reason=reason)
    return order


def release_order(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Order:
    """Let a held order go on (transition 18)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    life.release(order, reason=reason)
    return order
