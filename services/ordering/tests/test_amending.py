"""Changing what was submitted: who has to agree, what it does to money, what is signed anew."""

from decimal import Decimal
from functools import partial

import pytest

from services.ordering.domain import amending, errors, facts, life
from services.ordering.domain.events import OrderAmended, OrderAmendmentDeclined
from services.ordering.domain.form import InvoiceType
from services.ordering.domain.gates import Gate
from services.ordering.domain.order import TOO_LATE
from services.ordering.domain.words import Party, Purpose, State
from services.ordering.tests.builders import (
    CONTRACT,
    a_form,
    an_invoice_title,
    an_order,
    cny,
    confirm_price,
    confirm_software,
    finish,
    kinds,
    pay,
    ship,
)
from services.ordering.tests.changes import (
    NEWER,
    agree,
    amend,
    propose,
    to_address,
    to_date,
    to_firmware,
    to_quantity,
    to_title,
    without,
)
from services.ordering.tests.test_profiles import a_sample

BUYER, BM, PM = Party.BUYER, Party.BUSINESS_MANAGER, Party.PROJECT_MANAGER


def test_less_than_was_shipped_cannot_be_ordered_even_if_that_was_heard_early() -> None:
    for change in (to_quantity(2, 3), without(2)):
        order = an_order(State.INTENTION)
        facts.shipped(order, items=[(2, 50)])
        with pytest.raises(errors.MadeAlready, match="A quantity of 50 of line 2"):
            amend(order, change)


def test_an_amended_order_keeps_its_number_and_tells_what_is_ordered_now() -> None:
    order = an_order(State.CONFIRMED)
    amend(order, to_quantity(2, 1200))
    agree(order, BM, prices={2: (cny("8.00"), "A larger run.")})

    *_, (_, told) = order.release_events()
    assert isinstance(told, OrderAmended)
    assert (type(told).__name__, order.order_no) == ("OrderAmended", "MR-2026-000123")
    assert (told.amendment, told.addendum_suffices) == (1, True)
    assert [(each.field, each.before, each.after) for each in told.changes] == [
        ("quantity", "1000", "1200"),
        ("unit_price", "8.125 CNY", "8.00 CNY"),
    ]
    assert told.purchase_order.total == order.total == cny("10550.00")
    assert told.purchase_order.snapshot_digest == order.snapshot_digest
    assert told.purchase_order.revision == 1
    assert order.line(2).price_reason == "A larger run."


def test_what_an_order_is_held_for_is_mended_while_it_is_held() -> None:
    """A hold stops what is made and shipped, not those who agree on what is to be made instead."""
    order = an_order(State.CONFIRMED)
    life.hold(order, by="accounts/bm", reason="The quantity looks wrong.")
    amend(order, to_quantity(2, 1200))
    agree(order, BM)
    assert order.line(2).quantity == 1200
    assert [each.reason for each in order.holds] == ["The quantity looks wrong."]
    assert not order.production_cleared


def test_only_the_business_manager_agrees_on_prices() -> None:
    order = an_order(State.CONFIRMED)
    amend(order, to_quantity(2, 1200), to_firmware(1))
    with pytest.raises(errors.NotYoursToPropose, match="the price is not for the project manager"):
        agree(order, PM, prices={2: (cny("8.00"), "A larger run.")})
    assert order.proposal
    assert order.proposal.agreed == (BUYER,)
    agree(order, BM, prices={2: (cny("8.00"), "A larger run.")})
    agree(order, PM)
    assert order.line(2).unit_price == cny("8.00")


def test_what_prices_may_be_agreed_on_for_is_shown_as_it_would_be() -> None:
    order = an_order(State.CONFIRMED)
    meant = amend(order, to_quantity(2, 2000, list_price=Decimal("7.50")), to_firmware(1)).meaning
    (line,) = meant.lines
    assert (line.line_no, line.quantity) == (2, 2000)
    assert (line.list_unit_price, line.unit_price) == (cny("7.50"), cny("7.50"))
    assert order.line(2).quantity == 1000


def test_what_it_does_to_money_is_known_before_anybody_agrees() -> None:
    order = an_order(State.CONFIRMED)
    meant = amend(order, to_quantity(2, 2000)).meaning

    assert (meant.effect.total_before, meant.effect.total_after) == (
        cny("9075.00"),
        cny("17200.00"),
    )
    assert (meant.effect.deposit_before, meant.effect.deposit_after) == (
        cny("2722.50"),
        cny("5160.00"),
    )
    assert order.total == cny("9075.00")
    assert meant.to_be_signed


def test_a_price_that_was_agreed_on_stays_with_another_quantity() -> None:
    order = an_order()
    confirm_price(order, prices={2: cny("8.00")})
    amend(order, to_quantity(2, 1500))
    agree(order, BM)

    assert order.line(2).unit_price == cny("8.00")
    assert order.gates.price is Gate.PENDING


def test_the_manager_asks_for_another_quantity_and_the_buyer_agrees_or_not() -> None:
    order = an_order()
    propose(order, to_quantity(2, 1100))
    assert (order.waiting_on, order.waiting_task) == (BUYER, "agree to the change")
    with pytest.raises(errors.ChangeIsProposed):
        confirm_price(order)
    amending.decline(order, party=BUYER, reason="We need 1,000.")
    assert (order.line(2).quantity, order.waiting_on) == (1000, BM)

    propose(order, to_quantity(2, 1100))
    agree(order, BUYER)
    assert (order.line(2).quantity, order.state) == (1100, State.INTENTION)
    assert kinds(order) == [
        "OrderAmendmentProposed",
        "OrderAmendmentDeclined",
        "OrderAmendmentProposed",
        "OrderRevised",
    ]


def test_another_firmware_is_confirmed_only_after_the_buyer_accepted_it() -> None:
    order = an_order()
    propose(order, to_firmware(1), party=PM)
    with pytest.raises(errors.ChangeIsProposed):
        confirm_software(order)
    agree(order, BUYER)
    confirm_software(order)

    assert order.line(1).firmware_digest == NEWER.digest
    assert order.gates.software is Gate.PASSED


def test_firmware_changed_after_both_signed_takes_their_signatures_with_it() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    propose(order, to_firmware(1), party=PM)
    agree(order, BUYER)

    assert (order.state, order.gates.contract) == (State.CONFIRMED, Gate.PENDING)
    states = []
    for version in (1, 2):
        facts.contract_signed(order, contract=CONTRACT, version=version)
        states.append(order.state)
    assert states == [State.CONFIRMED, State.CONTRACT_SIGNED]


def test_r5_production_waits_for_an_addendum_that_is_not_signed() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    amend(order, to_quantity(1, 150))
    agree(order, BM)
    pay(order)

    assert (order.waiting_on, order.waiting_task) == (BUYER, "sign the addendum")
    cleared = [order.production_cleared]
    facts.buyer_signed(order, version=1)
    assert (order.waiting_on, order.waiting_task) == (BUYER, "sign the addendum")
    facts.buyer_signed(order, version=2)
    assert (order.waiting_on, order.waiting_task) == (BM, "countersign the addendum")
    facts.contract_signed(order, contract=CONTRACT, version=2)
    assert [*cleared, order.production_cleared] == [False, True]


def test_shipping_waits_for_an_addendum_and_says_so() -> None:
    order = an_order(State.IN_PRODUCTION)
    amend(order, to_address(street="Nebenstrasse 2"))
    agree(order, BM)
    waits = [(order.waiting_on, order.waiting_task)]
    for go_on in (
        finish,
        lambda it: pay(it, in_full=True),
        lambda it: facts.buyer_signed(it, version=2),
        lambda it: facts.contract_signed(it, contract=CONTRACT, version=2),
    ):
        assert not order.shipping_cleared
        go_on(order)
        waits.append((order.waiting_on, order.waiting_task))

    assert order.shipping_cleared
    assert waits == [
        (Party.PRODUCTION, "finish a batch"),
        (BUYER, "pay the balance"),
        (BUYER, "sign the addendum"),
        (BM, "countersign the addendum"),
        (Party.PRODUCTION, "ship the goods"),
    ]


def test_a_clearance_to_ship_is_for_the_address_it_was_given_for() -> None:
    """Else goods leave for another one before what both agreed on is signed."""
    order = an_order(State.READY_TO_SHIP)
    pay(order, in_full=True)
    amend(order, to_address(street="Nebenstrasse 2"))
    cleared = [order.shipping_cleared]  # It is only asked for.
    agree(order, BM)
    cleared.append(order.shipping_cleared)
    waits = [(order.waiting_on, order.waiting_task)]
    for sign in (facts.buyer_signed, partial(facts.contract_signed, contract=CONTRACT)):
        sign(order, version=2)
        waits.append((order.waiting_on, order.waiting_task))

    assert [*cleared, order.shipping_cleared] == [True, False, True]
    assert waits == [
        (BUYER, "sign the addendum"),
        (BM, "countersign the addendum"),
        (Party.PRODUCTION, "ship the goods"),
    ]
    assert [kind for kind in kinds(order) if "Shipping" in kind] == [
        "OrderClearedForShipping",
        "OrderShippingStopped",
        "OrderClearedForShipping",
    ]


def test_another_title_of_the_invoice_does_not_keep_goods_that_may_leave() -> None:
    order = an_order(State.READY_TO_SHIP, form=a_form(invoice_title=an_invoice_title()))
    pay(order, in_full=True)
    amend(order, to_title(title="Acme Lighting Holding GmbH"))
    assert (order.shipping_cleared, order.waiting_task) == (True, "ship the goods")


def test_what_left_before_the_change_was_heard_of_is_not_cleared_again() -> None:
    order = an_order(State.READY_TO_SHIP)
    pay(order, in_full=True)
    amend(order, to_address(street="Nebenstrasse 2"))
    agree(order, BM)
    ship(order)
    facts.contract_signed(order, contract=CONTRACT, version=2)
    assert order.state is State.SHIPPED
    assert kinds(order).count("OrderClearedForShipping") == 1


def test_what_needs_no_contract_is_cleared_for_the_other_address_at_once() -> None:
    order = a_sample()
    pay(order, in_full=True)
    facts.production_started(order)
    finish(order)
    amend(order, to_address(street="Nebenstrasse 2"))
    agree(order, BM)
    assert order.shipping_cleared
    assert kinds(order)[-3:] == [
        "OrderAmended",
        "OrderShippingStopped",
        "OrderClearedForShipping",
    ]


def test_a_larger_order_needs_a_larger_deposit() -> None:
    order = an_order(State.CONFIRMED)
    pay(order)
    before = order.gates.deposit
    amend(order, to_quantity(2, 5000))
    agree(order, BM)

    assert (before, order.gates.deposit) == (Gate.PASSED, Gate.PENDING)
    assert order.expires_at is None


def test_an_order_never_costs_less_than_was_paid_for_it() -> None:
    order = an_order(State.CONFIRMED)
    pay(order, in_full=True)
    with pytest.raises(errors.PaidMoreThanThat):
        amend(order, to_quantity(2, 10))


def test_no_line_left_nothing_different_and_twice_the_same_are_refused() -> None:
    order = an_order()
    refused = [
        (errors.NothingWouldBeLeft, [without(1), without(2)]),
        (errors.NothingChanges, [to_quantity(1, 100)]),
        (errors.ChangedTwice, [to_quantity(1, 200), to_quantity(1, 300)]),
        (errors.BadQuantity, [to_quantity(1, 0)]),
        (errors.LineNotFound, [to_quantity(9, 10)]),
        (errors.DayNotToCome, [to_date("yesterday")]),
        (errors.DayNotToCome, [to_date("2020-01-01")]),
        (errors.FormIncomplete, [to_address(city="")]),
        (errors.NothingToChange, []),
    ]
    for refusal, changes in refused:
        with pytest.raises(refusal):
            amend(order, *changes)
    assert order.revision == 0


@pytest.mark.parametrize("party", [Party.BUYER, Party.BUSINESS_MANAGER])
def test_a_line_grows_no_larger_than_its_purpose_allows_whoever_asks(party: Party) -> None:
    caps = {Purpose.MASS_PRODUCTION: 1000}
    order = an_order()
    with pytest.raises(errors.QuantityAboveLimit):
        propose(order, to_quantity(1, 1001), party=party, caps=caps)
    propose(order, to_quantity(1, 1000), party=party, caps=caps)

    order = an_order()
    order.line(1).quantity = 2000
    propose(order, to_quantity(1, 1500), party=party, caps=caps)


def test_there_is_one_proposal_at_a_time_and_only_its_parties_decide() -> None:
    order = an_order()
    amend(order, to_quantity(1, 200))
    with pytest.raises(errors.ProposedAlready):
        propose(order, to_quantity(1, 300))
    with pytest.raises(errors.NotYoursToAgree):
        agree(order, PM)
    with pytest.raises(errors.NotYoursToAgree):
        agree(order, BUYER)
    amending.decline(order, party=BUYER, reason="I changed my mind.")
    with pytest.raises(errors.NothingProposed):
        agree(order, BM)


def test_the_vendor_asks_for_what_is_theirs_to_ask_for() -> None:
    order = an_order()
    for party, change in ((BM, to_firmware(1)), (BM, to_title()), (PM, to_quantity(1, 200))):
        with pytest.raises(errors.NotYoursToPropose):
            propose(order, change, party=party)


def test_a6_the_type_of_invoice_stays_once_money_came() -> None:
    order = an_order(State.CONFIRMED)
    amend(order, to_title())
    pay(order)
    amend(order, to_title(title="Acme Lighting Holding GmbH"))
    special = {
        "type": InvoiceType.SPECIAL_VAT,
        "address": "Hauptstrasse 1",
        "phone": "+49 30 1234",
        "bank": "First Bank",
        "bank_account": "123",
    }
    with pytest.raises(errors.InvoiceTypeIsFixed):
        amend(order, to_title(**special))


def test_i5_an_order_that_is_invoiced_comes_to_no_other_sum_and_keeps_its_title() -> None:
    order = an_order(State.CONFIRMED, form=a_form(invoice_title=an_invoice_title()))
    pay(order, in_full=True)
    facts.invoice_requested(order)
    with pytest.raises(errors.InvoiceUnderWay):
        amend(order, to_title(title="Acme Lighting Holding GmbH"))
    amend(order, to_quantity(1, 200))
    agree(order, BM)  # One that is only asked for follows.
    pay(order, in_full=True)
    facts.invoice_issued(order)
    with pytest.raises(errors.InvoicedAlready, match=r"is invoiced over 10,025\.00 CNY"):
        amend(order, to_quantity(1, 300))
    amend(order, to_address(street="Nebenstrasse 1"))
    assert order.proposal is None

    facts.invoice_reversed(order)
    amend(order, to_title(title="Acme Lighting Holding GmbH"))
    amend(order, to_quantity(1, 300))
    agree(order, BM)
    assert order.line(1).quantity == 300, "what is invoiced no more may change"


@pytest.mark.parametrize("party", [BUYER, BM])
def test_a_change_that_became_impossible_meanwhile_waits_on_nobody(party: Party) -> None:
    order = an_order(State.CONTRACT_SIGNED)
    propose(order, to_quantity(1, 200), party=party)
    pay(order)
    assert order.proposal is None
    assert order.waiting_task == "start production"
    *_others, told = order.release_events()
    assert told[1] == OrderAmendmentDeclined(
        order=order.name, order_no=order.order_no, reason=TOO_LATE
    )
    with pytest.raises(errors.NothingProposed):
        agree(order, BM if party is BUYER else BUYER)


def test_what_can_still_be_changed_is_waited_for_as_the_order_goes_on() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    propose(order, to_address(street="Nebenstrasse 1"), party=BM)
    pay(order)
    assert (order.waiting_on, order.waiting_task) == (BUYER, "agree to the change")


def test_an_address_asked_for_is_given_up_once_some_is_on_its_way() -> None:
    order = an_order(State.READY_TO_SHIP)
    pay(order, in_full=True)
    propose(order, to_address(street="Nebenstrasse 1"), party=BM)
    facts.shipped(order, items=[(1, 1)])
    assert order.state is State.PARTIALLY_SHIPPED
    assert order.proposal is None


def test_i2_the_same_goods_ordered_again_have_another_digest() -> None:
    order = an_order()
    seen = {order.snapshot_digest}
    for street in ("Nebenstrasse 2", "Hauptstrasse 1", "Nebenstrasse 2"):
        amend(order, to_address(street=street))
        seen.add(order.snapshot_digest)
    assert len(seen) == 4


def test_a_sample_has_no_contract_to_sign_again() -> None:
    order = a_sample()
    gates = order.gates
    amend(order, to_address(street="Nebenstrasse 2"))

    assert (order.state, order.gates, order.addendum_open) == (State.CONFIRMED, gates, False)
    assert (order.revision, order.waiting_task) == (1, "pay the whole amount")
