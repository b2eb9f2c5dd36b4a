"""What is owed for an order that ended: a task of finance until it is paid or waived."""

from datetime import date

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import money_pb2 as money
from millrun.payment.v1 import payment_pb2 as pb
from stdnum import iso11649

from services.payment.domain import errors
from services.payment.domain.method import Method
from services.payment.domain.payment import Kind
from services.payment.domain.payment import State as PaymentState
from services.payment.domain.receivable import State
from services.payment.queries import out_of_balance
from services.payment.store import postings
from services.payment.tests.builders import CONFIRMER, ORDER, PLAN, a_plan, cny
from services.payment.tests.test_api import BUYER, CASHIER, STRANGER, Till
from shared.caller import Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.storage import EVERYTHING
from shared.testing.callers import caller

DAY = date(2026, 11, 23)
MANAGER = caller(Role.BUSINESS_MANAGER)


def book(plan, amount, *, reference="B-1"):
    return plan.book(
        cny(amount), bank_reference=reference, value_date=DAY, booked_by="accounts/cashier"
    )


def test_what_is_missing_when_an_order_ends_is_to_come():
    plan = a_plan()
    book(plan, "30.00")
    plan.close(owed=cny("100.00"), reason="The panel changes.")
    [owed] = plan.receivables

    assert (owed.amount, owed.state, owed.reason) == (
        cny("70.00"),
        State.OPEN,
        "The panel changes.",
    )
    assert plan.open == cny("70.00")
    assert iso11649.is_valid(owed.reference)
    assert owed.reference not in {each.reference for each in plan.instalments}
    assert plan.refunds == []


@pytest.mark.parametrize("owed", [None, "0.00", "30.00"])
def test_who_paid_what_is_owed_owes_nothing_more(owed):
    plan = a_plan()
    book(plan, "30.00")
    plan.close(owed=cny(owed) if owed else None)
    assert plan.receivables == []
    assert plan.open == cny("0.00")


def test_it_is_paid_in_parts_and_what_comes_afterwards_is_late():
    plan = a_plan()
    plan.close(owed=cny("100.00"))
    [owed] = plan.receivables
    first = book(plan, "40.00")
    assert (first.instalment, first.state, first.reference) == (
        Kind.ENDING,
        PaymentState.SETTLED,
        owed.reference,
    )
    assert (owed.open, plan.settled, owed.state) == (cny("60.00"), cny("40.00"), State.OPEN)
    with pytest.raises(errors.MoreThanOpen, match=r"60\.00 CNY"):
        book(plan, "60.01", reference="B-2")
    book(plan, "60.00", reference="B-2")
    assert (owed.open, plan.open, owed.state) == (cny("0.00"), cny("0.00"), State.PAID)

    late = book(plan, "5.00", reference="B-3")
    assert late.state is PaymentState.SUSPENSE
    told = [type(event).__name__ for _, event in plan.release_events()]
    assert told == [
        "ReceivableOpened",
        "PaymentSettled",
        "PaymentSettled",
        "ReceivablePaid",
        "PaymentUnallocated",
    ]


def test_what_is_open_is_waived_with_a_reason_and_once():
    plan = a_plan()
    plan.close(owed=cny("100.00"))
    [owed] = plan.receivables
    book(plan, "40.00")
    with pytest.raises(errors.FourEyes):
        plan.waive(owed, reason="A regular.", by=CONFIRMER)
    for reason in (" ", "x" * 1001):
        with pytest.raises(errors.BadWaiver):
            plan.waive(owed, reason=reason, by="accounts/cashier")
    assert owed.state is State.OPEN

    assert plan.waive(owed, reason="A regular.", by="accounts/cashier") == cny("60.00")
    assert (owed.state, owed.waived, owed.open, plan.open) == (
        State.WAIVED,
        cny("60.00"),
        cny("0.00"),
        cny("0.00"),
    )
    with pytest.raises(errors.ReceivableClosed, match="waived"):
        plan.waive(owed, reason="A regular.", by="accounts/cashier")
    assert book(plan, "60.00", reference="B-2").state is PaymentState.SUSPENSE


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving)


def end(till, *, paid=0):
    """Have an order ended for which 100 are owed."""
    till.confirm()
    if paid:
        till.book(paid)
    owed = MoneyMessage(currency_code="CNY", units=100)
    event = ordering.OrderCancelled(order=ORDER, reason="Too late.", liability=owed)
    till.hear(event, sequence=2)
    return receivables(till)


def receivables(till, who=CASHIER, **more):
    asked = pb.ListReceivablesRequest(**{"parent": "enterprises/-", **more})
    return list(till.ask(who).ListReceivables(asked).receivables)


def waive(till, receivable, *, who=CASHIER, **more):
    fields = {"name": receivable.name, "reason": "A regular."}
    return till.ask(who).WaiveReceivable(pb.WaiveReceivableRequest(**{**fields, **more}))


def balances(till):
    """Return what every account of the ledger stands at, in coins; none is out of balance."""
    with till.database.transaction(EVERYTHING) as tx:
        assert out_of_balance(tx) == []
        account, amount = postings.c.ledger_account, postings.c.amount_minor
        rows = tx.execute(sa.select(account, sa.func.sum(amount)).group_by(account))
        return {name: int(total) for name, total in rows}


def test_it_is_a_task_of_finance_until_it_is_paid_by_transfer(till):
    [owed] = end(till, paid=30)
    assert (owed.amount.units, owed.open.units, owed.reason) == (70, 70, "Too late.")
    assert receivables(till, state=money.Receivable.OPEN, order=ORDER) == [owed]
    assert till.plan().open.units == 70
    assert balances(till)["receivables"] == 7000

    paid = till.book(70, request_id="one")
    assert till.book(70, request_id="one") == paid
    assert paid.instalment == money.Instalment.ENDING
    asked = pb.GetReceivableRequest(name=owed.name)
    closed = till.ask(BUYER).GetReceivable(asked)
    assert (closed.state, closed.settled.units) == (money.Receivable.PAID, 70)
    assert closed.HasField("close_time")
    assert receivables(till, state=money.Receivable.OPEN) == []
    assert balances(till) == {
        "bank": 10000,
        "customer_deposits": -10000,
        "receivables": 0,
        "charges_for_ended_orders": 0,
    }


def test_what_is_waived_is_gone_from_the_ledger_and_its_lines_say_why(till):
    [owed] = end(till)
    assert waive(till, owed, validate_only=True).state == money.Receivable.WAIVED
    assert receivables(till) == [owed]
    waived = waive(till, owed, etag=owed.etag)
    assert (waived.state, waived.waive_reason, waived.waived_by) == (
        money.Receivable.WAIVED,
        "A regular.",
        CASHIER.account,
    )
    assert not waived.open.units
    assert balances(till) == {"receivables": 0, "charges_for_ended_orders": 0}
    page = till.ask(BUYER).ListPostings(pb.ListPostingsRequest(parent=PLAN))
    memos = [each.memo for each in page.postings if each.ledger_account == "receivables"]
    assert memos == ["Owed for ending order MR-2026-000001", "Waived for order MR-2026-000001"]
    assert {each.receivable for each in page.postings} == {owed.name}
    assert not any(each.payment for each in page.postings)


def test_a_ledger_that_says_something_else_is_noticed(till):
    end(till)
    with till.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text("update receivables set amount = amount + 1"))
        assert len(out_of_balance(tx)) == 1
        tx.rollback()


def test_who_may_not_waive_it_is_refused(till):
    [owed] = end(till)
    for who in (BUYER, MANAGER, caller(Role.FINANCE, account=CONFIRMER)):
        with pytest.raises(Forbidden):
            waive(till, owed, who=who)
    with pytest.raises(Outdated):
        waive(till, owed, etag="0")
    with pytest.raises(Malformed):
        waive(till, owed, reason=" ")
    waive(till, owed)
    with pytest.raises(Disallowed) as refused:
        waive(till, owed)
    assert refused.value.reason == "RECEIVABLE_CLOSED"


@pytest.mark.parametrize("kind", [None, Kind.ENDING, Kind.FULL])
def test_what_is_owed_is_announced_as_instalments_are(kind):
    plan = a_plan(signed=False)
    plan.close(owed=cny("100.00"))
    [owed] = plan.receivables
    assert plan.allowed_methods == [Method.OFFLINE_TRANSFER]
    said = plan.instruct(Method.OFFLINE_TRANSFER, kind)
    assert (said.instalment, said.amount, said.reference) == (
        Kind.ENDING,
        cny("100.00"),
        owed.reference,
    )
    with pytest.raises(errors.AlreadyInstructed):
        plan.instruct(Method.OFFLINE_TRANSFER, kind)
    assert book(plan, "100.00") is said
    assert owed.state is State.PAID
    assert plan.allowed_methods == []


@pytest.mark.parametrize("kind", [Kind.DEPOSIT, Kind.BALANCE])
def test_no_instalment_of_an_ended_order_is_announced(kind):
    plan = a_plan()
    plan.close(owed=cny("100.00"))
    with pytest.raises(errors.NothingOpen, match=kind.value):
        plan.instruct(Method.OFFLINE_TRANSFER, kind)
    with pytest.raises(errors.NothingOpen, match="ending"):
        a_plan().instruct(Method.OFFLINE_TRANSFER, Kind.ENDING)


def test_a_transfer_that_is_more_than_open_after_another_came_is_not_awaited():
    plan = a_plan()
    plan.close(owed=cny("100.00"))
    said = plan.instruct(Method.OFFLINE_TRANSFER, None)
    other = book(plan, "40.00")
    assert other is not said
    assert (said.state, other.instalment) == (PaymentState.VOIDED, Kind.ENDING)
    assert plan.instruct(Method.OFFLINE_TRANSFER, None).amount == cny("60.00")


def test_what_is_waived_is_not_awaited_any_more():
    plan = a_plan()
    plan.close(owed=cny("100.00"))
    said = plan.instruct(Method.OFFLINE_TRANSFER, None)
    plan.waive(plan.receivables[0], reason="A regular.", by="accounts/cashier")
    assert said.state is PaymentState.VOIDED
    assert plan.allowed_methods == []
    with pytest.raises(errors.OrderEnded):
        plan.instruct(Method.OFFLINE_TRANSFER, None)


def test_the_buyer_announces_it_tries_that_before_and_may_withdraw_it(till):
    [owed] = end(till, paid=30)
    asked = {"instalment": money.Instalment.ENDING, "etag": owed.etag}
    assert till.instruct(**asked, validate_only=True).amount.units == 70
    assert till.plan().etag == owed.etag
    said = till.instruct(**asked, request_id="one")
    assert till.instruct(**asked, request_id="one") == said
    assert (said.state, said.reference) == (money.Payment.INSTRUCTED, owed.reference)
    with pytest.raises(Disallowed) as refused:
        till.instruct()
    assert refused.value.reason == "ALREADY_INSTRUCTED"
    withdrawn = till.ask(BUYER).VoidPayment(pb.VoidPaymentRequest(name=said.name))
    assert withdrawn.state == money.Payment.VOIDED

    again = till.instruct()
    paid = till.book(70)
    assert (paid.name, paid.state) == (again.name, money.Payment.SETTLED)
    assert balances(till)["receivables"] == 0
    with pytest.raises(Disallowed) as refused:
        till.instruct()
    assert refused.value.reason == "ORDER_ENDED"


def test_who_may_not_announce_it_is_refused(till):
    [owed] = end(till)
    with pytest.raises(Outdated):
        till.instruct(etag="0")
    with pytest.raises(Malformed):
        till.instruct(method=99)
    for who in (CASHIER, MANAGER):
        with pytest.raises(Forbidden):
            till.instruct(who=who)
    with pytest.raises(NotFound):
        till.instruct(who=STRANGER)
    assert receivables(till) == [owed]


def test_receivables_of_another_enterprise_do_not_exist(till):
    [owed] = end(till)
    ask = till.ask(STRANGER)
    for attempt in (
        lambda: ask.GetReceivable(pb.GetReceivableRequest(name=owed.name)),
        lambda: ask.ListReceivables(pb.ListReceivablesRequest(parent="enterprises/acme")),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert receivables(till, who=BUYER, parent="enterprises/acme") == [owed]
    assert receivables(till, order=ORDER + "0") == []
