"""What the reader can do with an order, and for each thing that cannot be done: why.

This only spares a reader a refusal; ordering decides, and is asked all the same.
"""

from dataclasses import dataclass

from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.order_pb2 import Gate, Order
from starlette.requests import Request

from shared.caller import Role
from shared.web import _, visitor
from shared.web.session import Visitor

CHANGEABLE = frozenset(
    {
        Order.INTENTION,
        Order.CONFIRMED,
        Order.CONTRACT_SIGNED,
        Order.DEPOSIT_PAID,
        Order.IN_PRODUCTION,
        Order.READY_TO_SHIP,
    }
)
ENDED = frozenset({Order.COMPLETED, Order.REJECTED, Order.EXPIRED, Order.CANCELLED, Order.REPLACED})


@dataclass(frozen=True)
class Possible:
    """For each act: None if it is not for this reader or not for this state; else why not now.

    An empty reason: nothing is known against it.
    """

    price: str | None
    software: str | None
    reject: str | None
    hold: str | None
    release: str | None
    change: str | None
    """Ask for a change of it, or decide about one."""

    agree: str | None
    """Agree to what its buyer asks for, at prices: the business manager's to set."""

    attach: str | None
    """Attach a file to it, or remove one the vendor attached."""

    end: str | None
    """Decide whether it ends as its buyer asks."""


def for_order(request: Request, order: Order) -> Possible:
    """Return what whoever looks at `order` can do."""
    me = visitor(request)
    business, technical = me.has(Role.BUSINESS_MANAGER), me.has(Role.PROJECT_MANAGER)
    in_hands = me.acts_for(order.business_manager) or me.acts_for(order.project_manager)
    held, placed = order.HasField("hold"), order.HasField("submit_time")
    if order.state in ENDED:
        return NOTHING
    price = _confirm(order, order.gates.price, me.acts_for(order.business_manager))
    software = _confirm(order, order.gates.software, me.acts_for(order.project_manager))
    return Possible(
        price=price if business else None,
        software=software if technical else None,
        reject=_review(order, in_hands) if business or technical else None,
        hold=None if held else _draft(order),
        release="" if held else None,
        change=_change(order, in_hands) if business or technical else None,
        agree=_agree(order, me) if business else None,
        attach=_in_hands(in_hands) if (business or technical) and placed else None,
        end=_in_hands(me.acts_for(order.business_manager)) if business else None,
    )


NOTHING = Possible(
    price=None,
    software=None,
    reject=None,
    hold=None,
    release=None,
    change=None,
    agree=None,
    attach=None,
    end=None,
)


def _confirm(order: Order, gate: "Gate.ValueType", in_hands: bool) -> str | None:
    return _review(order, in_hands) if gate == Gate.PENDING else None


def _review(order: Order, in_hands: bool) -> str | None:
    if order.state != Order.INTENTION:
        return None
    if not in_hands:
        return _("The order is in a colleague's hands.")
    return _("The order is on hold.") if order.HasField("hold") else ""


def _change(order: Order, in_hands: bool) -> str | None:
    return _in_hands(in_hands) if order.state in CHANGEABLE else None


def _agree(order: Order, me: Visitor) -> str | None:
    awaits, mine = order.amendment.awaits, me.acts_for(order.business_manager)
    elsewhere = Amendment.PROJECT_MANAGER in awaits and me.acts_for(order.project_manager)
    if not order.amended_lines or Amendment.BUSINESS_MANAGER not in awaits:
        return None
    return None if elsewhere and not mine else _in_hands(mine)


def _in_hands(in_hands: bool) -> str:
    return "" if in_hands else _("The order is in a colleague's hands.")


def _draft(order: Order) -> str:
    return _("The buyer is still filling it.") if order.state == Order.DRAFT else ""
