"""What state a thing is in, in the words of its kind.

A state has one word everywhere, except where the same one means something else: a licence is not
issued as an invoice is, and an order without a deposit has none that could be paid.
"""

from google.protobuf.message import Message
from jinja2 import Environment
from millrun.ordering.v1.ending_pb2 import Liability
from millrun.ordering.v1.order_pb2 import Family, Gate, Order

from shared.web.formats import enum, words
from shared.web.text import _

PAID_IN_FULL = _("Paid in full")
DEPOSIT_OR_ALL = _("Deposit paid, or paid in full")

SAID = {
    "Certification": {"PENDING": _("In review")},
    "License": {"OPENED": _("was opened")},
    "Receivable": {"OPEN": _("To be paid")},
    "LicenseIssue": {
        "OPEN": _("To be issued"),
        "ISSUED": _("Codes issued"),
        "DELIVERED": _("Codes opened"),
    },
}
"""By kind of thing, the states that are called otherwise than `words` calls them."""


def state(thing: Message) -> str:
    """Return the state of `thing` as a person says it; empty if it has none."""
    name = enum(thing, "state")
    if isinstance(thing, Order) and without_deposit(thing):
        return _(PAID_IN_FULL)
    return state_called(name, thing.DESCRIPTOR.name)


def state_called(name: str, kind: str) -> str:
    """Return the state called `name` of things of a `kind` as a person says it."""
    said = SAID.get(kind, {}).get(name)
    return _(said) if said else words(name)


def without_deposit(order: Order) -> bool:
    """Whether the order is where others have paid their deposit: it is paid in full instead."""
    return order.state == Order.DEPOSIT_PAID and order.gates.deposit == Gate.NOT_REQUIRED


def state_of_any(name: str) -> str:
    """Return a state of orders of every kind as a person says it, where they are chosen by it."""
    return _(DEPOSIT_OR_ALL) if name == "DEPOSIT_PAID" else words(name)


def stage(owed: Liability, order: Order) -> str:
    """Return how far `order` is, as it counts for ending it."""
    name = enum(owed, "stage")
    if name == "READY" and order.family == Family.LICENSE:
        return _("Codes opened")
    if name == "DEPOSIT_PAID" and order.gates.deposit == Gate.NOT_REQUIRED:
        return _(PAID_IN_FULL)
    return words(name)


def install(environment: Environment) -> None:
    """Give templates these as filters."""
    environment.filters["stage"] = stage
    environment.filters["state"] = state
    environment.filters["state_called"] = state_called
    environment.filters["state_of_any"] = state_of_any
