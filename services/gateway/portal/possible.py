"""Which buttons an order's page offers, and for each one that cannot be used: why.

This only spares a reader a refusal; the services decide, and are asked all the same.
"""

from dataclasses import dataclass

from millrun.ordering.v1.order_pb2 import Gate, Order
from starlette.requests import Request

from services.gateway.portal.space import ORDERERS, PAYERS, SIGNERS, own
from shared.web import _, visitor
from shared.web.changeable import CHANGEABLE, ENDED, SIGNED, UNSIGNED


@dataclass(frozen=True)
class Possible:
    """For each act: why the reader cannot do it now; empty when nothing is known against it."""

    order: str
    """Change, submit, cancel or replace it, or confirm a receipt."""

    cancel: str
    replace: str
    change: str
    end: str
    """Ask to end it, once the reader cannot do so alone (A15)."""

    sign: str
    pay: str
    ended: bool
    """Whether the order has ended, so that there is nothing left to change."""


def for_order(request: Request, order: Order) -> Possible:
    """Return what the reader can do with `order`."""
    here = order.name.startswith(f"{own(request)}/")
    order_it = _lacks(request, here, ORDERERS, _("Only buyers and R&D do this."))
    return Possible(
        order=order_it,
        cancel=order_it or _too_late(order, DRAFT | UNSIGNED),
        replace=order_it or _too_late(order, UNSIGNED) or _paid(order),
        change=order_it if order.state in CHANGEABLE else _("It is on its way."),
        end=order_it if _bound(order) else _("It is not signed, or on its way."),
        sign=_lacks(request, here, SIGNERS, _("Only buyers and administrators sign.")),
        pay=_lacks(request, here, PAYERS, _("Only buyers and finance pay.")),
        ended=order.state in ENDED,
    )


DRAFT = frozenset({Order.DRAFT})


def _lacks(request: Request, here: bool, roles: frozenset[object], sentence: str) -> str:
    if not here:
        return _("Another enterprise placed this order.")
    return "" if visitor(request).roles & roles else sentence


def _bound(order: Order) -> bool:
    """Whether both signed it, or the buyer has signed or paid already, and it is not on its way."""
    signed = order.waiting_on.task == "countersign the contract"
    early = order.state == Order.CONFIRMED and (signed or bool(_paid(order)))
    return order.state in SIGNED or early


def _paid(order: Order) -> str:
    came = order.settled.units or order.settled.nanos
    return _("Money came for it; ask to end it.") if came else ""


def _too_late(order: Order, states: "frozenset[Order.State.ValueType]") -> str:
    if order.state in states:
        return ""
    if order.gates.contract == Gate.NOT_REQUIRED:
        return _("It is paid for; ask your business manager.")
    return _("The contract is signed; ask your business manager.")
