"""What other services tell, in any order (transitions 10-16, 20)."""

from collections.abc import Callable
from itertools import combinations

import pytest

from services.ordering.domain import facts, life
from services.ordering.domain.errors import InvoicedAlready, LineNotFound, MoreThanOrdered
from services.ordering.domain.events import (
    OrderAdvanced,
    OrderClearedForProduction,
    OrderReleased,
)
from services.ordering.domain.gates import Gate, Gates, cleared_for_production
from services.ordering.domain.order import Order
from services.ordering.domain.words import CLOSED, Party, State
from services.ordering.tests.builders import (
    BM,
    CONTRACT,
    WORK_ORDER,
    a_form,
    an_invoice_title,
    an_order,
    cny,
    confirm_price,
    finish,
    kinds,
    pay,
    receive,
    ship,
    told,
)
from services.ordering.tests.changes import agree, amend, to_quantity, without

BATCH = {"work_order": WORK_ORDER, "batch": "P-1"}


def _sign(order: Order) -> None:
    facts.contract_signed(order, contract=CONTRACT)


def test_a_returned_signature_is_waited_for_again() -> None:
    order = an_order(State.CONFIRMED)
    facts.contract_generated(order, contract=CONTRACT)
    facts.buyer_signed(order)
    facts.signature_returned(order)

    assert (order.waiting_on, order.waiting_task) == (Party.BUYER, "sign the contract")
    assert order.terms
    assert order.expires_at == order.terms.valid_until  # As before it was signed (19).


def test_nothing_that_is_paid_for_expires_because_a_signature_was_returned() -> None:
    order = an_order(State.CONFIRMED)
    facts.buyer_signed(order)
    pay(order)
    facts.signature_returned(order)
    assert order.expires_at is None

    signed = an_order(State.CONTRACT_SIGNED)
    amend(signed, to_quantity(1, 150))
    agree(signed, Party.BUSINESS_MANAGER)
    facts.buyer_signed(signed, version=2)
    facts.signature_returned(signed, version=2)
    assert signed.expires_at is None


def test_the_contract_is_waited_for_party_by_party() -> None:
    order = an_order(State.CONFIRMED)
    waits = [(order.waiting_on, order.waiting_task)]
    for keep in (
        lambda: facts.contract_generated(order, contract=CONTRACT),
        lambda: facts.buyer_signed(order),
        lambda: _sign(order),
    ):
        keep()
        waits.append((order.waiting_on, order.waiting_task))

    assert waits == [
        (Party.SYSTEM, "prepare the contract"),
        (Party.BUYER, "sign the contract"),
        (Party.BUSINESS_MANAGER, "countersign the contract"),
        (Party.BUYER, "pay the deposit"),
    ]
    assert order.contract == CONTRACT
    assert kinds(order) == ["OrderContractSigned"]


@pytest.mark.parametrize("money_first", [True, False])
def test_signature_and_deposit_in_either_order_clear_production_once(money_first: bool) -> None:
    order = an_order(State.CONFIRMED)
    keeps = [_sign, pay]
    for keep in reversed(keeps) if money_first else keeps:
        assert not order.production_cleared
        keep(order)
    _sign(order)

    assert order.state is State.DEPOSIT_PAID
    assert kinds(order) == ["OrderContractSigned", "OrderDepositPaid", "OrderClearedForProduction"]


def test_production_sees_no_prices() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    pay(order)

    [cleared] = [event for event in told(order) if isinstance(event, OrderClearedForProduction)]
    assert cleared.purchase_order.total is None
    assert all(
        (line.list_unit_price, line.unit_price, line.amount) == (None, None, None)
        for line in cleared.purchase_order.lines
    )
    assert cleared.purchase_order.snapshot_digest == order.snapshot_digest


def test_full_payment_satisfies_the_deposit_and_clears_shipping_once() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    pay(order, in_full=True)
    pay(order, in_full=True)

    assert kinds(order) == [
        "OrderDepositPaid",
        "OrderClearedForProduction",
        "OrderClearedForShipping",
    ]


@pytest.mark.parametrize("missing", ["price", "software", "contract", "deposit"])
@pytest.mark.parametrize("gate", [Gate.PENDING, Gate.NOT_REQUIRED])
def test_r5_needs_each_of_the_four(missing: str, gate: Gate) -> None:
    four = dict.fromkeys(("price", "software", "contract", "deposit"), Gate.PASSED)
    assert cleared_for_production(Gates(**four))
    assert not cleared_for_production(Gates(**four | {missing: gate}))


def test_r5_the_deposit_is_that_of_the_order_as_it_is_now_whatever_payment_has_heard() -> None:
    """Finance books what was due before: payment has yet to hear of the change."""
    order = an_order(State.CONTRACT_SIGNED)
    old = order.total
    assert old
    amend(order, to_quantity(2, 5000))
    agree(order, Party.BUSINESS_MANAGER)
    facts.contract_signed(order, contract=CONTRACT, version=2)
    facts.payment_settled(order, settled=old.percent(30))
    cleared = [order.production_cleared]
    assert (order.gates.deposit, order.waiting_task) == (Gate.PENDING, "pay the deposit")
    assert order.total
    facts.payment_settled(order, settled=order.total.percent(30))

    assert [*cleared, order.production_cleared] == [False, True]


def test_a_smaller_order_needs_a_smaller_deposit_whatever_payment_has_heard() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    amend(order, without(2))
    agree(order, Party.BUSINESS_MANAGER)
    facts.contract_signed(order, contract=CONTRACT, version=2)
    assert order.total
    facts.payment_settled(order, settled=order.total)
    assert order.gates.balance is Gate.PASSED
    assert order.production_cleared


def test_money_known_before_the_price_is_counted_when_that_is_confirmed() -> None:
    order = an_order()
    assert order.total
    facts.payment_settled(order, settled=order.total.percent(30))
    gates = [order.gates.deposit]
    confirm_price(order)
    assert [*gates, order.gates.deposit] == [Gate.PENDING, Gate.PASSED]


def test_a_fact_before_its_turn_is_kept_and_counts_when_its_turn_comes() -> None:
    order = an_order(State.DEPOSIT_PAID)
    finish(order)
    states = [order.state]
    facts.production_started(order)

    assert [*states, order.state] == [State.DEPOSIT_PAID, State.READY_TO_SHIP]
    assert [event.state for event in told(order) if isinstance(event, OrderAdvanced)] == [
        State.READY_TO_SHIP
    ]


def test_a_hold_keeps_the_facts_and_delays_only_the_clearance() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    life.hold(order, by=BM, reason="Wait.")
    pay(order, in_full=True)
    assert kinds(order) == ["OrderHeld", "OrderDepositPaid"]
    assert order.state is State.DEPOSIT_PAID

    life.release(order, reason="Go on.")
    assert kinds(order) == [
        "OrderReleased",
        "OrderClearedForProduction",
        "OrderClearedForShipping",
    ]


def test_a_stopped_batch_holds_the_order_until_it_goes_on() -> None:
    order = an_order(State.IN_PRODUCTION)
    for _ in range(2):
        facts.batch_stopped(order, **BATCH, reason="Unit 7 has other firmware.")
    assert [(each.actor, each.reason) for each in order.holds] == [
        ("", "Unit 7 has other firmware.")
    ]
    facts.batch_resumed(order, **BATCH)

    assert order.holds == ()
    assert kinds(order) == ["OrderHeld", "OrderReleased"]


def test_an_order_stays_in_production_when_its_only_batch_is_withdrawn() -> None:
    order = an_order(State.IN_PRODUCTION)
    facts.batch_withdrawn(order, **BATCH)

    assert (order.state, order.holds, kinds(order)) == (State.IN_PRODUCTION, (), [])
    assert order.lines[0].open_quantity == order.lines[0].quantity


def test_a_withdrawn_batch_releases_its_own_hold_only() -> None:
    order = an_order(State.IN_PRODUCTION)
    facts.batch_stopped(order, **BATCH, reason="Unit 7.")
    facts.batch_stopped(order, work_order=WORK_ORDER, batch="P-2", reason="Unit 9.")
    facts.batch_withdrawn(order, **BATCH)
    assert [each.reason for each in order.holds] == ["Unit 9."]
    facts.batch_withdrawn(order, work_order=WORK_ORDER, batch="P-2")

    _, released = told(order)
    assert isinstance(released, OrderReleased)
    assert released.reason == "Batch P-2 was withdrawn."


def test_a_batch_that_goes_on_releases_no_other_hold() -> None:
    order = an_order(State.IN_PRODUCTION)
    life.hold(order, by=BM, reason="Wait.")
    facts.batch_stopped(order, **BATCH, reason="Unit 7.")
    facts.batch_stopped(order, work_order=WORK_ORDER, batch="P-2", reason="Unit 9.")
    facts.batch_resumed(order, **BATCH)

    assert [each.reason for each in order.holds] == ["Wait.", "Unit 9."]
    assert kinds(order) == ["OrderHeld"]


def test_goods_go_out_and_arrive_line_by_line() -> None:
    order = an_order(State.READY_TO_SHIP)
    ship(order, 1)
    assert order.state is State.PARTIALLY_SHIPPED
    ship(order, 2)
    assert (order.state, order.waiting_on) == (State.SHIPPED, Party.BUYER)
    receive(order)

    states = [event.state for event in told(order) if isinstance(event, OrderAdvanced)]
    assert states == [State.PARTIALLY_SHIPPED, State.SHIPPED, State.DELIVERED]


def test_everything_shipped_at_once_was_never_partially_shipped() -> None:
    order = an_order(State.READY_TO_SHIP)
    ship(order)

    assert [event.state for event in told(order) if isinstance(event, OrderAdvanced)] == [
        State.SHIPPED
    ]


def test_before_shipping_the_balance_is_waited_for_then_production() -> None:
    order = an_order(State.READY_TO_SHIP)
    assert (order.waiting_on, order.waiting_task) == (Party.BUYER, "pay the balance")
    pay(order, in_full=True)
    assert (order.waiting_on, order.waiting_task) == (Party.PRODUCTION, "ship the goods")


@pytest.mark.parametrize("keep", [facts.batch_completed, facts.shipped, facts.received])
def test_i6_more_than_was_ordered_is_refused(keep: Callable[..., None]) -> None:
    order = an_order(State.IN_PRODUCTION)
    fact = (
        {"line_no": 1, "quantity": 101} if keep is facts.batch_completed else {"items": [(1, 101)]}
    )
    with pytest.raises(MoreThanOrdered):
        keep(order, **fact)
    assert order.lines[0].open_quantity == 100


def test_a_fact_about_an_unknown_line_is_refused() -> None:
    with pytest.raises(LineNotFound):
        facts.shipped(an_order(State.READY_TO_SHIP), items=[(9, 1)])


def test_a20_the_order_completes_when_delivered_paid_and_not_to_be_invoiced() -> None:
    order = an_order(State.DELIVERED)
    assert order.waiting_task == "pay the balance"
    pay(order, in_full=True)

    assert (order.state, order.waiting_on) == (State.COMPLETED, None)
    assert kinds(order) == ["OrderCompleted"], "nobody is told to ship what was received"


def test_a20_a_wanted_invoice_is_issued_before_the_order_completes() -> None:
    order = an_order(State.DELIVERED, form=a_form(invoice_title=an_invoice_title()))
    pay(order, in_full=True)
    assert (order.waiting_on, order.waiting_task) == (Party.BUYER, "ask for the invoice")
    facts.invoice_requested(order)
    assert (order.waiting_on, order.waiting_task) == (Party.FINANCE, "issue the invoice")
    facts.invoice_issued(order)

    assert order.state is State.COMPLETED


def test_an_invoice_asked_for_later_is_waited_for_too() -> None:
    order = an_order(State.DELIVERED)
    facts.invoice_requested(order)
    pay(order, in_full=True)
    states = [order.state]
    facts.invoice_issued(order)

    assert [*states, order.state] == [State.DELIVERED, State.COMPLETED]


def test_i5_an_invoice_over_another_sum_than_is_signed_completes_no_order() -> None:
    order = an_order(State.DELIVERED, form=a_form(invoice_title=an_invoice_title()))
    pay(order, in_full=True)
    assert order.total
    facts.invoice_issued(order, invoice=FIRST, amount=order.total + cny("0.01"))
    assert (order.waiting_on, order.waiting_task) == (Party.FINANCE, "issue the invoice")
    facts.invoice_outdated(order, invoice=FIRST)
    facts.invoice_reversed(order, invoice=FIRST)
    facts.invoice_requested(order, invoice=SECOND)
    facts.invoice_issued(order, invoice=SECOND, amount=order.total)
    facts.invoice_outdated(order, invoice=FIRST)

    assert order.state is State.COMPLETED


def test_i5_an_order_whose_invoice_is_to_be_reversed_may_come_to_another_sum() -> None:
    order = an_order(State.CONFIRMED, form=a_form(invoice_title=an_invoice_title()))
    facts.invoice_issued(order, invoice=FIRST, amount=order.total)
    with pytest.raises(InvoicedAlready):
        amend(order, to_quantity(1, 300))
    facts.invoice_outdated(order, invoice=FIRST)
    amend(order, to_quantity(1, 300))
    assert order.proposal is not None


def test_an_earlier_invoice_that_is_to_be_reversed_says_nothing_of_the_one_after_it() -> None:
    order = an_order(State.CONFIRMED, form=a_form(invoice_title=an_invoice_title()))
    facts.invoice_issued(order, invoice=SECOND, amount=order.total)
    facts.invoice_outdated(order, invoice=FIRST)
    assert order.gates.invoice is Gate.PASSED


FIRST, SECOND = "enterprises/acme/invoices/1", "enterprises/acme/invoices/2"
ASKED, ISSUED, UNDONE = facts.invoice_requested, facts.invoice_issued, facts.invoice_reversed
ONE = [(ASKED, FIRST), (ISSUED, FIRST), (UNDONE, FIRST)]
OTHER = [(ASKED, SECOND), (ISSUED, SECOND)]


def test_a_reversed_invoice_is_asked_for_again_before_the_order_completes() -> None:
    order = an_order(State.DELIVERED, form=a_form(invoice_title=an_invoice_title()))
    for keep, invoice in ONE:
        keep(order, invoice=invoice)
    pay(order, in_full=True)
    assert (order.waiting_on, order.waiting_task) == (Party.BUYER, "ask for the invoice")
    for keep, invoice in OTHER:
        keep(order, invoice=invoice)
    assert order.state is State.COMPLETED


@pytest.mark.parametrize("places", list(combinations(range(5), 2)))
def test_however_two_invoices_are_heard_of_the_later_one_counts(places: tuple[int, int]) -> None:
    one, other = iter(ONE), iter(OTHER)
    told = [next(other) if at in places else next(one) for at in range(5)]
    order = an_order(State.DELIVERED, form=a_form(invoice_title=an_invoice_title()))
    for keep, invoice in told:
        keep(order, invoice=invoice)
    assert order.gates.invoice is Gate.PASSED
    assert order.invoice == SECOND
    pay(order, in_full=True)
    assert order.state is State.COMPLETED


@pytest.mark.parametrize("state", [State.DRAFT, *sorted(CLOSED, key=lambda state: state.name)])
def test_t20_neither_a_closed_order_nor_a_draft_takes_a_fact(state: State) -> None:
    order = an_order(state)
    as_it_was = dict(vars(order))
    _sign(order)
    facts.payment_settled(order, settled=cny("9075.00"))
    facts.batch_stopped(order, **BATCH, reason="Unit 7.")
    ship(order)

    assert vars(order) == as_it_was
    assert order.release_events() == []
