"""Who has to agree to which change, in which state, and what is signed for it: as it was decided.

Nothing here is read from the code that decides it. Where each row comes from:

- The quantity, the services and the lines are what the business manager confirms (R61); they hold
  until the deposit is there, for then production is told what to make (R5, R11).
- The firmware is the project manager's (R62). What both signed names its digest, and each unit is
  compared with it (§6.2): no addendum changes that, the contract is signed anew (§6.3).
- A date is a wish until the order is confirmed, and a term of it afterwards, until the goods are
  there.
- Where it goes is the buyer's to say until it is signed for, and goods wait for it until they go.
- Who is invoiced is the buyer's to say (A6), but the contract names them.
"""

from datetime import timedelta

import pytest

from services.ordering.domain import errors
from services.ordering.domain.amendment import Change, Field
from services.ordering.domain.gates import Gate
from services.ordering.domain.order import Order
from services.ordering.domain.words import Party, State
from services.ordering.tests.builders import an_order
from services.ordering.tests.changes import (
    ACTING,
    agree,
    amend,
    labels_on,
    to_address,
    to_date,
    to_firmware,
    to_quantity,
    to_services,
    to_title,
    without,
)
from shared.clock import now
from shared.errors import Disallowed, Refusal

DECIDED = """
                    quantity  services  lines     firmware  date      address   title
DRAFT               -         -         -         -         -         -         -
INTENTION           BM        BM        BM        PM        free      free      free
CONFIRMED           BM/new    BM/new    BM/new    PM/new    BM/new    free/new  free/new
CONTRACT_SIGNED     BM/add    BM/add    BM/add    PM/new    BM/add    BM/add    free/add
DEPOSIT_PAID        -         -         -         -         BM/add    BM/add    free/add
IN_PRODUCTION       -         -         -         -         BM/add    BM/add    free/add
READY_TO_SHIP       -         -         -         -         -         BM/add    free/add
PARTIALLY_SHIPPED   -         -         -         -         -         -         -
SHIPPED             -         -         -         -         -         -         -
DELIVERED           -         -         -         -         -         -         -
COMPLETED           -         -         -         -         -         -         -
REJECTED            -         -         -         -         -         -         -
EXPIRED             -         -         -         -         -         -         -
CANCELLED           -         -         -         -         -         -         -
REPLACED            -         -         -         -         -         -         -
"""
"""Who of the vendor's agrees to what a buyer asks for, and after the stroke what is signed.

`-` is refused; `free` happens at once; `new` is a contract made and signed anew, `add` an addendum.
"""

ASKED_BY_VENDOR = {
    Party.BUSINESS_MANAGER: {"quantity", "lines", "date", "address"},
    Party.PROJECT_MANAGER: {"firmware"},
}
"""What a manager may ask the buyer for, who is the one to agree."""

FIELDS = {
    "quantity": to_quantity(2, 1200),
    "services": to_services(1, labels_on(an_order(), 1)),
    "lines": without(2),
    "firmware": to_firmware(1),
    "date": to_date(f"{now() + timedelta(days=90):%Y-%m-%d}"),
    "address": to_address(street="Nebenstrasse 2"),
    "title": to_title(),
}

AGREES = {"BM": Party.BUSINESS_MANAGER, "PM": Party.PROJECT_MANAGER}


def decided() -> dict[tuple[State, str], str]:
    """Return what was decided for each state and field."""
    head, *rows = [line.split() for line in DECIDED.strip().splitlines()]
    return {
        (State[state], field): cell
        for state, *cells in rows
        for field, cell in zip(head, cells, strict=True)
    }


def signed_for(order: Order) -> str:
    """Return what has to be signed now because of a change."""
    if order.addendum_open:
        assert order.gates.contract is Gate.PASSED
        return "add"
    return "new" if order.amendment and order.gates.contract is Gate.PENDING else ""


def insist_refused(order: Order, change: Change, why: type[Refusal], party: Party) -> None:
    before = dict(vars(order))
    with pytest.raises(why):
        amend(order, change, party=party)
    assert vars(order) == before


def insist_agreed_by(order: Order, party: Party) -> None:
    """Have `party` agree, and nobody in its place; only then anything changes."""
    before = order.snapshot_digest
    assert (order.waiting_on, order.waiting_task) == (party, "agree to the change")
    for other in ACTING.keys() - {party}:
        with pytest.raises(errors.NotYoursToAgree):
            agree(order, other)
    assert order.snapshot_digest == before
    assert order.proposal is not None
    agree(order, party)


def insist_changed(order: Order, cell: str) -> None:
    assert order.proposal is None
    assert order.revision == 1
    assert signed_for(order) == cell.partition("/")[2]


def test_what_was_decided_covers_every_state_and_every_field() -> None:
    assert decided().keys() == {(state, field) for state in State for field in FIELDS}
    assert {change.field for change in FIELDS.values()} == set(Field)


@pytest.mark.parametrize(("state", "field"), decided(), ids=lambda it: getattr(it, "name", it))
def test_what_a_buyer_asks_for_is_free_agreed_to_or_refused_as_decided(
    state: State, field: str
) -> None:
    order, cell, change = an_order(state), decided()[state, field], FIELDS[field]
    if cell == "-":
        insist_refused(order, change, Disallowed, Party.BUYER)
        return
    amend(order, change)
    agreeing = cell.partition("/")[0]
    if agreeing != "free":
        insist_agreed_by(order, AGREES[agreeing])
    insist_changed(order, cell)


@pytest.mark.parametrize("party", list(ASKED_BY_VENDOR), ids=lambda it: it.name)
@pytest.mark.parametrize(("state", "field"), decided(), ids=lambda it: getattr(it, "name", it))
def test_what_a_manager_asks_for_the_buyer_agrees_to(
    state: State, field: str, party: Party
) -> None:
    order, cell, change = an_order(state), decided()[state, field], FIELDS[field]
    theirs = field in ASKED_BY_VENDOR[party]
    if cell == "-" or not theirs:
        changeable = any(decided()[state, each] != "-" for each in FIELDS)
        why = errors.NotYoursToPropose if changeable and not theirs else Disallowed
        insist_refused(order, change, why, party)
        return
    amend(order, change, party=party)
    insist_agreed_by(order, Party.BUYER)
    insist_changed(order, cell)
