from datetime import date
from typing import Any
from uuid import UUID

import pytest
from millrun.payment.v1 import events_pb2
from stdnum import iso11649

from services.payment.domain import errors
from services.payment.domain.invoice import Invoice
from services.payment.domain.invoice import State as InvoiceState
from services.payment.domain.ledger import balanced, receipt
from services.payment.domain.method import Channel, Method, permitted
from services.payment.domain.payment import BECOMES, Kind, State
from services.payment.tests.builders import CONFIRMER, GENERAL, SPECIAL, a_plan, cny
from shared.events import seal
from shared.ids import new_id
from shared.testing.golden import golden
from shared.texts import TextTooLong

DAY = date(2026, 11, 23)


def book(plan, amount, *, reference="B-1", by="accounts/cashier"):
    return plan.book(cny(amount), bank_reference=reference, value_date=DAY, booked_by=by)


def test_what_is_due_adds_up_to_the_total():
    deposit, balance = a_plan(total="1000.01").instalments

    assert (deposit.kind, deposit.amount) == (Kind.DEPOSIT, cny("300.00"))
    assert (balance.kind, balance.amount) == (Kind.BALANCE, cny("700.01"))
    assert iso11649.is_valid(deposit.reference)
    assert deposit.reference != balance.reference


def test_a_full_deposit_is_one_instalment():
    assert [each.kind for each in a_plan(deposit_percent=100).instalments] == [Kind.FULL]


def test_money_fills_the_deposit_first_and_says_so():
    plan = a_plan()
    book(plan, "200.00")
    book(plan, "100.00", reference="B-2")
    book(plan, "700.00", reference="B-3")

    told: list[Any] = [event for _, event in plan.release_events()]
    assert [each.deposit_covered for each in told] == [False, True, True]
    assert [each.paid_in_full for each in told] == [False, False, True]
    assert [each.settled.amount for each in plan.instalments] == [300, 700]


def test_an_instructed_transfer_is_settled_by_the_same_amount():
    plan = a_plan()
    instructed = plan.instruct(Method.OFFLINE_TRANSFER, None)
    booked = book(plan, "300.00")

    assert booked is instructed
    assert booked.state is State.SETTLED


def test_another_amount_is_a_payment_of_its_own_and_what_is_covered_is_given_up():
    plan = a_plan()
    instructed = plan.instruct(Method.OFFLINE_TRANSFER, Kind.FULL)
    booked = book(plan, "900.00")

    assert booked is not instructed
    assert instructed.state is State.VOIDED


def test_a_deposit_that_comes_in_two_transfers_is_not_waited_for_as_one():
    plan = a_plan()
    announced = plan.instruct(Method.OFFLINE_TRANSFER, None)
    book(plan, "200.00")

    assert (announced.amount, announced.state) == (cny("300.00"), State.VOIDED)
    assert [each.open for each in plan.instalments] == [cny("100.00"), cny("700.00")]
    rest = plan.instruct(Method.OFFLINE_TRANSFER, Kind.DEPOSIT)
    assert rest.amount == cny("100.00")
    assert book(plan, "100.00", reference="B-2") is rest
    assert plan.instruct(Method.OFFLINE_TRANSFER, None).amount == cny("700.00")


def test_what_was_announced_is_waited_for_while_it_is_due():
    plan = a_plan()
    balance = plan.instruct(Method.OFFLINE_TRANSFER, Kind.BALANCE)
    book(plan, "300.00")

    assert balance.state is State.INSTRUCTED


def test_money_may_come_before_the_contract_is_signed():
    plan = a_plan(signed=False)

    assert book(plan, "300.00").state is State.SETTLED
    with pytest.raises(errors.ContractNotSigned):
        plan.instruct(Method.OFFLINE_TRANSFER, None)


@pytest.mark.parametrize(
    ("refusal", "attempt"),
    [
        (errors.FourEyes, lambda plan: book(plan, "1.00", by=CONFIRMER)),
        (errors.MoreThanOpen, lambda plan: book(plan, "1000.01")),
        (errors.NotAnAmount, lambda plan: book(plan, "0.00")),
        (errors.NotAnAmount, lambda plan: book(plan, "-5.00")),
        (errors.NotAnAmount, lambda plan: book(plan, "5.001")),
        (errors.MethodNotOffered, lambda plan: plan.instruct(Method.ONLINE_BANKING, None)),
    ],
)
def test_what_cannot_be_booked_or_instructed_is_refused(refusal, attempt):
    plan = a_plan()

    with pytest.raises(refusal):
        attempt(plan)
    assert not plan.payments
    assert not plan.release_events()


def test_two_payments_are_never_under_way_at_once():
    plan = a_plan()
    plan.instruct(Method.OFFLINE_TRANSFER, None)

    with pytest.raises(errors.AlreadyInstructed):
        plan.instruct(Method.OFFLINE_TRANSFER, Kind.BALANCE)


def test_nothing_is_due_once_the_order_ended():
    plan = a_plan()
    under_way = plan.instruct(Method.OFFLINE_TRANSFER, None)
    plan.close()

    assert under_way.state is State.VOIDED
    assert not plan.allowed_methods
    with pytest.raises(errors.OrderEnded):
        plan.instruct(under_way.method, None)


def test_late_money_is_set_aside_and_counts_for_nothing():
    plan = a_plan()
    plan.close()
    late = book(plan, "12.00")

    assert (late.state, plan.settled, plan.channel) == (State.SUSPENSE, cny("0.00"), None)
    assert [type(event).__name__ for _, event in plan.release_events()] == ["PaymentUnallocated"]


def test_an_amended_order_is_due_as_it_is_now():
    plan = a_plan()
    under_way = plan.instruct(Method.OFFLINE_TRANSFER, None)
    amended: dict[str, Any] = {
        "deposit_percent": 30,
        "price_confirmed_by": "",
        "invoice_title": GENERAL,
    }
    plan.follow(total=cny("2000.00"), **amended, amendment=1, addendum_suffices=True)

    assert (plan.total, plan.deposit) == (cny("2000.00"), cny("600.00"))
    assert (under_way.state, plan.contract_signed) == (State.VOIDED, True)
    assert (plan.price_confirmed_by, plan.invoice_title) == (CONFIRMER, GENERAL)
    plan.follow(total=cny("2000.00"), **amended, amendment=2, addendum_suffices=False)
    assert not plan.allowed_methods


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", [State.SETTLED, State.VOIDED])
def test_a_payment_moves_only_as_its_chart_says(state, wanted):
    payment = a_plan().instruct(Method.OFFLINE_TRANSFER, None)
    payment.state = state

    def move():
        if wanted is State.VOIDED:
            payment.void()
        else:
            payment.settle(bank_reference="B", value_date=DAY, booked_by="accounts/x")

    if wanted in BECOMES[state]:
        move()
    else:
        with pytest.raises(errors.PaymentCannotBecome) as refused:
            move()
        assert payment.reference in str(refused.value)
        assert "payments/" not in str(refused.value)
        assert refused.value.facts["payment"] == payment.name, "programs follow it"
    assert payment.state is (wanted if wanted in BECOMES[state] else state)


def test_a_special_invoice_rules_out_platforms_and_channels_never_mix():
    assert Method.THIRD_PARTY_PLATFORM not in permitted(None, special_invoice=True)
    assert permitted(Channel.ONLINE, special_invoice=False) == {
        Method.ONLINE_BANKING,
        Method.THIRD_PARTY_PLATFORM,
    }
    with pytest.raises(errors.PlatformForbidden):
        a_plan(invoice_title=SPECIAL).instruct(Method.THIRD_PARTY_PLATFORM, None)
    plan = a_plan()
    book(plan, "300.00")
    with pytest.raises(errors.ChannelFixed):
        plan.instruct(Method.ONLINE_BANKING, None)


def test_a_journal_that_does_not_add_up_is_a_bug():
    journal = receipt(
        enterprise="acme", plan_id=new_id(), payment_id=new_id(), amount=cny("1.00"), memo=""
    )
    with pytest.raises(errors.Unbalanced):
        balanced(journal[:1])


def test_an_invoice_is_asked_for_once_something_is_paid_and_issued_once_all_is():
    plan = a_plan(invoice_title=GENERAL)
    with pytest.raises(errors.NothingPaidYet):
        Invoice.request(plan)
    book(plan, "300.00")
    invoice = Invoice.request(plan)
    with pytest.raises(errors.NotPaidInFull, match=r"700.00 CNY"):
        invoice.issue("F-1", plan)
    book(plan, "700.00", reference="B-2")
    invoice.issue("F-1", plan)

    assert invoice.state is InvoiceState.ISSUED
    with pytest.raises(errors.InvoiceCannotBecome):
        invoice.issue("F-2", plan)
    with pytest.raises(errors.NoInvoiceWanted):
        Invoice.request(a_plan())


def test_every_event_looks_as_its_example(monkeypatch):
    ids = {"payment": "d1", "invoice": "e1", "refund": "f1", "receivable": "a1"}
    for module, last in ids.items():
        fixed = UUID(f"01930000-0000-7000-8000-0000000000{last}")
        monkeypatch.setattr(f"services.payment.domain.{module}.new_id", lambda fixed=fixed: fixed)
    plan = a_plan(invoice_title=GENERAL)
    plan.void(plan.instruct(Method.OFFLINE_TRANSFER, None))
    book(plan, "300.00")
    invoice = Invoice.request(plan)
    book(plan, "700.00", reference="B-2")
    invoice.issue("F-2026-1", plan)
    plan.total = cny("1200.00")
    invoice.follow(plan)
    plan.total = cny("1000.00")
    invoice.reverse("C-2026-1", "The title was wrong.")

    plan.close(owed=cny("100.00"), reason="The panel changes.")
    plan.issue_refund(
        plan.refunds[0], bank_reference="R-1", value_date=DAY, issued_by="accounts/cashier"
    )
    book(plan, "50.00", reference="B-3")
    owing_some = [a_plan(), a_plan()]
    for each in owing_some:
        each.close(owed=cny("100.00"), reason="The panel changes.")
    book(owing_some[0], "100.00", reference="B-4")
    owing_some[1].waive(owing_some[1].receivables[0], reason="A regular.", by="accounts/cashier")

    told: dict[type, Any] = {}
    for _, event in [event for each in (plan, *owing_some) for event in each.release_events()]:
        told.setdefault(type(event), event)
    told |= {type(event): event for _, event in invoice.release_events()}
    assert len(told) == len(events_pb2.DESCRIPTOR.message_types_by_name)
    for event in told.values():
        golden(seal(event, sequence=1, of=plan, contract=events_pb2).open())


def test_four_eyes_hold_for_whoever_confirmed_the_price_and_for_nobody_else():
    plan = a_plan()
    plan.insist_four_eyes("accounts/cashier")
    with pytest.raises(errors.FourEyes) as refused:
        plan.insist_four_eyes(CONFIRMER)
    assert "another member of finance" in refused.value.remedy


def test_the_number_of_an_invoice_fits_on_a_line_of_it():
    plan = a_plan(invoice_title=GENERAL)
    book(plan, "1000.00")
    invoice = Invoice.request(plan)
    with pytest.raises(TextTooLong, match="invoice_no takes at most 64"):
        invoice.issue("x" * 65, plan)
    assert invoice.state.name == "REQUESTED"
    invoice.issue("x" * 64, plan)
    with pytest.raises(TextTooLong, match="reversal_no takes at most 64"):
        invoice.reverse("x" * 65, "Wrong title.")
    assert invoice.state.name == "ISSUED"
