"""What the reader can do with an order, and for each thing that cannot be done: why.

This only spares a reader a refusal; ordering decides, and is asked all the same.
"""

from dataclasses import dataclass

from millrun.ordering.v1.order_pb2 import Gate, Order
from starlette.requests import Request

from services.console import changes
from shared.caller import Role
from shared.web import _, visitor
from shared.web.changeable import CHANGEABLE, ENDED, parts_of


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
    """Ask for a change of it."""

    agree: str | None
    """Agree to what its buyer asks for."""

    at_prices: bool
    """Whether prices go with that: the business manager's to set."""

    decline: str | None
    """Turn a change down, or take it back."""

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
    sides = changes.sides_of(order, me)
    return Possible(
        price=price if business else None,
        software=software if technical else None,
        reject=_review(order, in_hands) if business or technical else None,
        hold=None if held else _draft(order),
        release="" if held else None,
        change=_change(order, in_hands, business=business) if business or technical else None,
        agree=changes.agree(order, sides) if business or technical else None,
        at_prices=business and changes.has_prices(order, sides),
        decline=changes.decline(order, sides) if business or technical else None,
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
    at_prices=False,
    decline=None,
    attach=None,
    end=None,
)


def _confirm(order: Order, gate: "Gate.ValueType", in_hands: bool) -> str | None:
    """Say why what is reviewed is not confirmed now; it can be rejected all the same."""
    why_not = _review(order, in_hands) if gate == Gate.PENDING else None
    if why_not == "" and order.HasField("amendment"):
        return _("A change of it is to be agreed on or turned down first.")
    return _("The order is on hold.") if why_not == "" and order.HasField("hold") else why_not


def _review(order: Order, in_hands: bool) -> str | None:
    return _in_hands(in_hands) if order.state == Order.INTENTION else None


def _change(order: Order, in_hands: bool, *, business: bool) -> str | None:
    """Say why nobody asks for a change: project managers may ask for other firmware only."""
    if order.state not in CHANGEABLE:
        return None
    fixed = parts_of(order)
    return _in_hands(in_hands) or (fixed.nothing if business else fixed.lines)


def _in_hands(in_hands: bool) -> str:
    return "" if in_hands else _("The order is in a colleague's hands.")


def _draft(order: Order) -> str:
    return _("The buyer is still filling it.") if order.state == Order.DRAFT else ""
