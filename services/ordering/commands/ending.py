"""Ending an order that is signed."""

from sqlalchemy.orm import Session

from services.ordering.domain import ending
from services.ordering.domain.chart import Act
from services.ordering.domain.order import Order
from services.ordering.domain.review import insist_assigned
from services.ordering.settings import ours
from services.ordering.store import Orders
from shared.caller import Caller


def request_cancellation(
    tx: Session, *, name: str, caller: Caller, reason: str, etag: str
) -> Order:
    """Ask to end an order (transition 17)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    ending.request(order, by=caller.account, reason=reason, percentages=ours(tx).percentages)
    return order


def withdraw_cancellation(tx: Session, *, name: str, caller: Caller, etag: str) -> Order:
    """Take that back."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    ending.withdraw(order)
    return order


def accept_cancellation(tx: Session, *, name: str, caller: Caller, etag: str) -> Order:
    """End an order as its buyer asked (transition 17)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    order.insist(Act.DECIDE_CANCELLATION)
    insist_assigned(order, caller.account, caller.deputy_of, order.business_manager)
    ending.accept(order, percentages=ours(tx).percentages)
    return order


def decline_cancellation(
    tx: Session, *, name: str, caller: Caller, reason: str, etag: str
) -> Order:
    """Do not end it (transition 17)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    order.insist(Act.DECIDE_CANCELLATION)
    insist_assigned(order, caller.account, caller.deputy_of, order.business_manager)
    ending.decline(order, reason=reason)
    return order
