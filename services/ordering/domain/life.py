"""What can end an order before its time, or stop it for a while (transitions 8, 9, 18, 19)."""

import dataclasses
from datetime import datetime, timedelta

from services.ordering.domain.chart import Act
from services.ordering.domain.draft import blank
from services.ordering.domain.errors import (
    AlreadySigned,
    MoneyReceived,
    NotYetExpired,
    OrderIsHeld,
    OrderIsNotHeld,
)
from services.ordering.domain.events import (
    OrderCancelled,
    OrderExpired,
    OrderHeld,
    OrderReleased,
    OrderReplaced,
)
from services.ordering.domain.order import Hold, Order
from services.ordering.domain.words import State
from shared.clock import now

REPLACED = "Replaced by order {order_no}."
EXPIRED = "Nobody acted on it in time."


def replace(order: Order, *, order_no: str, buyer: str, license_contract: bool = False) -> Order:
    """Return a new draft with the same lines and form, and close this one in its favour (R63)."""
    order.insist(Act.REPLACE)
    _insist_unpaid(order, Act.REPLACE)
    draft = blank(
        enterprise=order.enterprise,
        order_no=order_no,
        purpose=order.purpose,
        family=order.family,
        buyer=buyer,
        license_contract=license_contract,
    )
    draft.owner, draft.form, draft.replaces = order.owner, order.form, order.name
    draft.lines = [line.again(line_no) for line_no, line in enumerate(order.lines, 1)]
    draft.last_line_no = len(draft.lines)
    draft.attachments = order.attachments
    draft.settle_total()
    order.exit, order.replaced_by = State.REPLACED, draft.name
    order.close_reason = REPLACED.format(order_no=order_no)
    order.record(OrderReplaced(order=order.name, order_no=order.order_no, replaced_by=draft.name))
    order.advance()
    return draft


def cancel(order: Order, *, reason: str) -> None:
    """Withdraw it, before it is signed or paid for (A15)."""
    order.insist(Act.CANCEL)
    _insist_unpaid(order, Act.CANCEL)
    _insist_unsigned(order, Act.CANCEL)
    asked_for = order.submitted_at is not None
    order.exit, order.close_reason = State.CANCELLED, reason
    if asked_for:  # Nobody has heard of a draft.
        order.record(OrderCancelled(order=order.name, order_no=order.order_no, reason=reason))
    order.advance()


def hold(order: Order, *, by: str, reason: str) -> None:
    """Stop it for now."""
    order.insist(Act.HOLD)
    if order.holds:
        raise OrderIsHeld(order=order.order_no, hold_reason=order.holds[0].reason)
    add_hold(order, Hold(reason=reason, actor=by, since=now()))


def release(order: Order, *, reason: str) -> None:
    """Let it go on, whatever stopped it."""
    order.insist(Act.RELEASE)
    if not order.holds:
        raise OrderIsNotHeld(order=order.order_no)
    keep_holds(order, (), reason=reason)


def add_hold(order: Order, added: Hold) -> None:
    """Stop it for one more reason; told when it was not held before."""
    if not order.holds:
        order.record(OrderHeld(order=order.name, order_no=order.order_no, reason=added.reason))
    order.holds = (*order.holds, added)
    order.advance()


def keep_holds(order: Order, kept: tuple[Hold, ...], *, reason: str) -> None:
    """Stop it for `kept` only; told when nothing is left that holds it."""
    if order.holds:
        until = kept[0].since if kept else now()
        _give_back(order, until - order.holds[0].since)
    if order.holds and not kept:
        if order.waiting_on:
            order.waiting_since = now()
        order.record(OrderReleased(order=order.name, order_no=order.order_no, reason=reason))
    order.holds = kept
    order.advance()


def _give_back(order: Order, held: timedelta) -> None:
    """Nobody could act while it was held: everybody gets that time back.

    What is to be signed says itself until when it can be; before it is made, it follows.
    """
    if order.promised_at:
        order.promised_at += held
    if order.state is State.INTENTION:
        if order.expires_at:
            order.expires_at += held
        if order.terms:
            until = order.terms.valid_until + held
            order.terms = dataclasses.replace(order.terms, valid_until=until)


def expire(order: Order, *, at: datetime) -> None:
    """End it because nobody acted in time; never one that is held, paid for or signed."""
    order.insist(Act.EXPIRE)
    _insist_unpaid(order, Act.EXPIRE)
    _insist_unsigned(order, Act.EXPIRE)
    if order.holds:
        raise OrderIsHeld(order=order.order_no, hold_reason=order.holds[0].reason)
    if order.expires_at is None or order.expires_at > at:
        raise NotYetExpired(order=order.order_no, expires_at=order.expires_at)
    order.exit, order.close_reason = State.EXPIRED, EXPIRED
    order.record(OrderExpired(order=order.name, order_no=order.order_no))
    order.advance()


def _insist_unpaid(order: Order, act: Act) -> None:
    if order.settled and order.settled_amount:
        raise MoneyReceived(order=order.order_no, settled=order.settled, wanted=act.value)


def _insist_unsigned(order: Order, act: Act) -> None:
    if order.buyer_signed:
        raise AlreadySigned(order=order.order_no, wanted=act.value)
