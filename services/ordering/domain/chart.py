"""What may be done to an order in which state, and how its headline follows from its gates."""

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from services.ordering.domain.gates import Gate
from services.ordering.domain.profiles import profile_of
from services.ordering.domain.words import State

if TYPE_CHECKING:
    from services.ordering.domain.order import Order


class Act(Enum):
    """Something people, or the clock, do to an order; its value completes "cannot be …"."""

    CHANGE = "changed"
    SUBMIT = "submitted"
    CONFIRM_PRICE = "confirmed in price"
    CONFIRM_SOFTWARE = "confirmed in software"
    REJECT = "rejected"
    REPLACE = "replaced"
    CANCEL = "cancelled"
    HOLD = "held"
    RELEASE = "released"
    EXPIRE = "expired"
    AMEND = "amended"
    REQUEST_CANCELLATION = "cancelled by request"
    DECIDE_CANCELLATION = "decided about"


_PAUSE = frozenset({Act.HOLD, Act.RELEASE})
_END = frozenset({Act.REQUEST_CANCELLATION, Act.DECIDE_CANCELLATION})
_SIGNED = _PAUSE | _END | {Act.AMEND}
_LEAVE = frozenset({Act.REPLACE, Act.CANCEL, Act.EXPIRE})

ALLOWED: dict[State, frozenset[Act]] = {
    State.DRAFT: frozenset({Act.CHANGE, Act.SUBMIT, Act.CANCEL}),
    State.INTENTION: _PAUSE
    | _LEAVE
    | {Act.CONFIRM_PRICE, Act.CONFIRM_SOFTWARE, Act.REJECT, Act.AMEND},
    State.CONFIRMED: _PAUSE | _LEAVE | _END | {Act.AMEND},
    State.CONTRACT_SIGNED: _SIGNED,
    State.DEPOSIT_PAID: _SIGNED,
    State.IN_PRODUCTION: _SIGNED,
    State.READY_TO_SHIP: _SIGNED,
    State.PARTIALLY_SHIPPED: _PAUSE,
    State.SHIPPED: _PAUSE,
    State.DELIVERED: _PAUSE,
    State.COMPLETED: frozenset(),
    State.REJECTED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
    State.REPLACED: frozenset(),
}
"""The chart. What is not in it is refused. A draft asks nothing of the vendor yet: no hold."""

STEPS: tuple[tuple[State, Callable[["Order"], bool]], ...] = (
    (State.INTENTION, lambda order: order.submitted_at is not None),
    (State.CONFIRMED, lambda order: order.gates.price.is_open and order.gates.software.is_open),
    (State.CONTRACT_SIGNED, lambda order: order.gates.contract.is_open),
    (State.DEPOSIT_PAID, lambda order: profile_of(order).cleared(order.gates)),
    (State.IN_PRODUCTION, lambda order: order.gates.production is Gate.PASSED),
    (State.READY_TO_SHIP, lambda order: any(line.finished_quantity for line in order.lines)),
    (State.PARTIALLY_SHIPPED, lambda order: any(line.shipped_quantity for line in order.lines)),
    (State.SHIPPED, lambda order: order.gates.shipment is Gate.PASSED),
    (State.DELIVERED, lambda order: order.gates.receipt is Gate.PASSED),
    (State.COMPLETED, lambda order: order.gates.balance.is_open and order.gates.invoice.is_open),
)
"""The way of an order that goes well, and what it needs for each step it takes; it skips none."""


def headline(order: "Order") -> State:
    """Return where `order` stands: out of it, or at the last step it has everything for."""
    if order.exit is not None:
        return order.exit
    state = State.DRAFT
    elsewhere = profile_of(order).not_on_the_way
    for step, has_what_it_needs in STEPS:
        if step in elsewhere:
            continue
        if not has_what_it_needs(order):
            break
        state = step
    return state


def steps_between(order: "Order", before: State, after: State) -> list[State]:
    """Return the steps taken from `before` up to and with `after`; none for an exit."""
    elsewhere = profile_of(order).not_on_the_way
    way = [State.DRAFT, *(step for step, _ in STEPS if step not in elsewhere)]
    return way[way.index(before) + 1 : way.index(after) + 1] if after in way else []
