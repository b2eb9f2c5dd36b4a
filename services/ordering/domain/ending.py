"""Ending an order that is signed: asked for by the buyer, decided by the business manager (17).

Before that the buyer cancels it alone (A15). What they signed or paid for, and the other side did
not sign yet, is ended by request, too, and costs nothing.
"""

from services.ordering.domain.chart import Act
from services.ordering.domain.errors import (
    CancellationRequestedAlready,
    LiabilityChanged,
    NobodyHasToBeAsked,
    NoCancellationRequested,
)
from services.ordering.domain.events import (
    OrderCancellationDeclined,
    OrderCancellationRequested,
    OrderCancellationWithdrawn,
    OrderCancelled,
)
from services.ordering.domain.liability import Cancellation, Liability, Percentages, liability
from services.ordering.domain.order import Order
from services.ordering.domain.words import State
from shared.clock import now


def liability_of(order: Order, percentages: Percentages) -> Liability | None:
    """Return what ending `order` costs now; None where nobody is to be asked, or it is too late."""
    if order.total is None or order.settled is None:
        return None
    state = order.state
    if state is State.DEPOSIT_PAID and any(line.received_quantity for line in order.lines):
        state = State.READY_TO_SHIP  # Codes that were opened cannot be given back.
    return liability(state, total=order.total, settled=order.settled, percentages=percentages)


def request(order: Order, *, by: str, reason: str, percentages: Percentages) -> None:
    """Ask to end it at what that costs now."""
    order.insist(Act.REQUEST_CANCELLATION)
    if order.cancellation is not None:
        raise CancellationRequestedAlready(order=order.order_no)
    if order.state is State.CONFIRMED and not (order.settled_amount or order.buyer_signed):
        raise NobodyHasToBeAsked(order=order.order_no)
    costs = liability_of(order, percentages)
    assert costs is not None
    order.cancellation = Cancellation(
        by=by,
        reason=reason,
        since=now(),
        stage=costs.stage,
        percent=costs.percent,
        amount=costs.amount.amount,
    )
    order.record(
        OrderCancellationRequested(
            order=order.name, order_no=order.order_no, reason=reason, liability=costs.amount
        )
    )
    order.advance()


def withdraw(order: Order) -> None:
    """The buyer wants it after all."""
    _requested(order)
    order.cancellation = None
    order.record(OrderCancellationWithdrawn(order=order.name, order_no=order.order_no))
    order.advance()


def decline(order: Order, *, reason: str) -> None:
    """It goes on although the buyer asked to end it."""
    _requested(order)
    order.cancellation = None
    order.record(
        OrderCancellationDeclined(order=order.name, order_no=order.order_no, reason=reason)
    )
    order.advance()


def accept(order: Order, *, percentages: Percentages) -> None:
    """End it, at what the buyer agreed to when they asked."""
    asked = _requested(order)
    costs = liability_of(order, percentages)
    assert costs is not None
    if costs.amount.amount > asked.amount:
        raise LiabilityChanged(order=order.order_no, amount=costs.amount)
    order.exit, order.close_reason = State.CANCELLED, asked.reason
    order.record(
        OrderCancelled(
            order=order.name,
            order_no=order.order_no,
            reason=asked.reason,
            liability=costs.amount,
            refund=costs.refund if costs.settled.amount else None,
        )
    )
    order.advance()


def _requested(order: Order) -> Cancellation:
    order.insist(Act.DECIDE_CANCELLATION)
    if order.cancellation is None:
        raise NoCancellationRequested(order=order.order_no)
    return order.cancellation
