"""Money that goes back: owed once an order ended or for what came too late, sent once, and kept."""

from datetime import date

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import money_pb2 as money
from millrun.payment.v1 import payment_pb2 as pb

from services.payment.domain import errors
from services.payment.domain.payment import State
from services.payment.domain.refund import Cause
from services.payment.queries import out_of_balance
from services.payment.store import postings
from services.payment.tests.builders import CONFIRMER, ORDER, a_plan, cny
from services.payment.tests.test_api import BUYER, CASHIER, STRANGER, Till
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.storage import EVERYTHING
from shared.testing.callers import caller
from shared.wire import date_message

DAY = date(2026, 11, 23)
LATER = date_message(now().date())


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving)


def paid(*amounts: str):
    plan = a_plan()
    for number, amount in enumerate(amounts):
        plan.book(
            cny(amount), bank_reference=f"B-{number}", value_date=DAY, booked_by="accounts/cashier"
        )
    return plan


def test_what_was_paid_beyond_what_is_owed_goes_back_from_the_latest_payment_first():
    plan = paid("300.00", "700.00")
    plan.close(owed=cny("100.00"), reason="The panel changes.")
    [refund] = plan.refunds

    assert (refund.amount, refund.cause, refund.reason) == (
        cny("900.00"),
        Cause.ORDER_ENDED,
        "The panel changes.",
    )
    shares = refund.shares(plan.payments)
    assert [(each.payment.bank_reference, str(each.amount)) for each in shares] == [
        ("B-1", "700.00 CNY"),
        ("B-0", "200.00 CNY"),
    ]


@pytest.mark.parametrize("owed", ["300.00", "500.00"])
def test_who_owes_all_that_was_paid_gets_nothing_back(owed):
    plan = paid("300.00")
    plan.close(owed=cny(owed))
    assert plan.refunds == []


def test_an_order_ends_once_and_its_money_goes_back_once():
    plan = paid("300.00")
    plan.close()
    plan.close()
    assert [refund.amount for refund in plan.refunds] == [cny("300.00")]


def test_money_nobody_knew_of_when_the_order_ended_goes_back_all_the_same(till):
    """It was booked while the buyer cancelled: ordering never heard of it."""
    till.confirm().book(300)
    till.hear(ordering.OrderExpired(order=ORDER), sequence=2)
    [refund] = refunds(till)
    assert (refund.amount.units, refund.cause) == (300, money.Refund.ORDER_ENDED)


def test_a_refund_is_a_task_until_finance_records_that_it_was_sent(till):
    end(till)
    [owed] = refunds(till, state=money.Refund.OWED)
    assert (owed.amount.units, owed.reason, owed.order_no) == (200, "Too late.", "MR-2026-000001")
    assert [(each.bank_reference, each.amount.units) for each in owed.shares] == [("B-300", 200)]

    sent = issue(till, owed, request_id="one")
    assert issue(till, owed, request_id="one") == sent
    assert (sent.state, sent.bank_reference) == (money.Refund.RETURNED, "R-1")
    assert (sent.issued_by, sent.value_date) == (CASHIER.account, LATER)
    assert refunds(till, state=money.Refund.OWED) == []
    assert till.plan().settled.units == 100
    assert till.ask(BUYER).GetRefund(pb.GetRefundRequest(name=owed.name)) == sent


def test_what_went_back_is_gone_from_the_ledger_as_it_came(till):
    end(till)
    issue(till, refunds(till)[0])
    with till.database.transaction(EVERYTHING) as tx:
        assert out_of_balance(tx) == []
        rows = tx.execute(sa.select(postings.c.ledger_account, postings.c.amount_minor))
        assert sorted(rows) == [
            ("bank", -20000),
            ("bank", 30000),
            ("customer_deposits", -30000),
            ("customer_deposits", 20000),
        ]


def test_late_money_goes_back_from_suspense(till):
    till.confirm()
    till.hear(ordering.OrderCancelled(order=ORDER, reason="No."), sequence=2)
    late = till.book(300)
    [refund] = refunds(till)
    assert (refund.cause, refund.shares[0].payment) == (money.Refund.LATE_MONEY, late.name)
    issue(till, refund)

    listed = till.ask(BUYER).ListPayments(pb.ListPaymentsRequest(parent="enterprises/acme"))
    assert [each.state for each in listed.payments] == [money.Payment.RETURNED]
    with till.database.transaction(EVERYTHING) as tx:
        assert out_of_balance(tx) == []
        account, amount = postings.c.ledger_account, postings.c.amount_minor
        sums = tx.execute(sa.select(account, sa.func.sum(amount)).group_by(account))
        assert {(name, int(total)) for name, total in sums} == {("bank", 0), ("suspense", 0)}


def test_what_comes_beyond_what_is_open_is_set_aside_and_goes_back(till):
    till.confirm()
    with pytest.raises(Disallowed) as refused:
        till.book(1_005)
    assert refused.value.reason == "MORE_THAN_OPEN"
    tried = till.book(1_005, set_aside_surplus=True, validate_only=True)
    assert (tried.amount.units, till.plan().settled.units) == (1_000, 0)

    booked = till.book(1_005, set_aside_surplus=True, request_id="one")
    assert till.book(1_005, set_aside_surplus=True, request_id="one") == booked
    assert (booked.state, booked.amount.units) == (money.Payment.SETTLED, 1_000)
    plan = till.plan()
    assert (plan.settled.units, plan.open.units, plan.closed) == (1_000, 0, False)
    [owed] = refunds(till, state=money.Refund.OWED)
    assert (owed.cause, owed.amount.units) == (money.Refund.SURPLUS, 5)
    assert [(each.bank_reference, each.amount.units) for each in owed.shares] == [("B-1005", 5)]
    with pytest.raises(Disallowed) as again:
        till.book(1_005, set_aside_surplus=True)
    assert again.value.reason == "BOOKED_BEFORE"

    issue(till, owed)
    with till.database.transaction(EVERYTHING) as tx:
        assert out_of_balance(tx) == []
        account, amount = postings.c.ledger_account, postings.c.amount_minor
        sums = tx.execute(sa.select(account, sa.func.sum(amount)).group_by(account))
        assert {(name, int(total)) for name, total in sums} == {
            ("bank", 100_000),
            ("customer_deposits", -100_000),
            ("suspense", 0),
        }
    assert till.plan().settled.units == 1_000


def test_who_pays_twice_before_the_order_is_over_gets_it_back_and_no_more(till):
    till.confirm().book(1_000)
    twice = till.book(1_000, bank_reference="B-2", set_aside_surplus=True)
    assert (twice.state, twice.bank_reference) == (money.Payment.SUSPENSE, "B-2")
    till.hear(ordering.OrderCompleted(order=ORDER), sequence=2)
    [owed] = refunds(till)
    assert (owed.cause, owed.amount.units) == (money.Refund.SURPLUS, 1_000)
    assert till.plan().settled.units == 1_000


def test_what_comes_beyond_what_ending_an_order_costs_goes_back(till):
    till.confirm().book(100)
    cancelled = ordering.OrderCancelled(
        order=ORDER, reason="No.", liability=MoneyMessage(currency_code="CNY", units=300)
    )
    till.hear(cancelled, sequence=2)
    paid = till.book(250, set_aside_surplus=True)

    assert (paid.instalment, paid.amount.units) == (money.Instalment.ENDING, 200)
    [owed] = refunds(till)
    assert (owed.cause, owed.amount.units) == (money.Refund.SURPLUS, 50)
    with till.database.transaction(EVERYTHING) as tx:
        assert out_of_balance(tx) == []


def test_who_confirmed_the_price_sets_nothing_aside(till):
    till.confirm().book(1_000)
    confirmer = caller(Role.FINANCE, account=CONFIRMER)
    with pytest.raises(Forbidden):
        till.book(5, who=confirmer, set_aside_surplus=True)


def test_t20_money_for_a_completed_order_goes_back_and_nothing_else_does(till):
    till.confirm().book(1000)
    till.hear(ordering.OrderCompleted(order=ORDER), sequence=2)
    assert refunds(till) == []
    assert till.plan().completed
    late = till.book(12)

    assert late.state == money.Payment.SUSPENSE
    [refund] = refunds(till)
    assert (refund.cause, refund.amount.units) == (money.Refund.LATE_MONEY, 12)
    plan = till.plan()
    assert (plan.closed, plan.settled.units, plan.open.units) == (True, 1000, 0)


def test_money_goes_back_once_and_under_a_reference_of_its_own(till):
    end(till)
    [refund] = refunds(till)
    with pytest.raises(Malformed):
        issue(till, refund, value_date=None)
    with pytest.raises(Outdated):
        issue(till, refund, etag="0")
    issue(till, refund)
    with pytest.raises(Disallowed) as refused:
        issue(till, refund, bank_reference="R-2")
    assert refused.value.reason == "REFUND_ISSUED_BEFORE"
    assert str(refused.value) == "The money was sent back before, as R-1."

    late = till.book(50)
    [second] = refunds(till, state=money.Refund.OWED)
    assert second.shares[0].payment == late.name
    for same in ("R-1", "r-1", "\uff32-1"):
        with pytest.raises(Disallowed, match="that of another refund, for order MR-") as refused:
            issue(till, second, bank_reference=same)
        assert refused.value.reason == "SENT_BACK_BEFORE"


def test_a_dry_run_sends_nothing_back(till):
    end(till)
    [refund] = refunds(till)
    assert issue(till, refund, validate_only=True).state == money.Refund.RETURNED
    assert refunds(till) == [refund]


def test_four_eyes_hold_for_money_that_goes_back_too(till):
    end(till)
    [refund] = refunds(till)
    both = caller(Role.FINANCE, account=CONFIRMER)
    with pytest.raises(Forbidden):
        issue(till, refund, who=both)
    with pytest.raises(Forbidden):
        issue(till, refund, who=BUYER)


def test_refunds_of_another_enterprise_do_not_exist(till):
    end(till)
    [refund] = refunds(till)
    ask = till.ask(STRANGER)
    for attempt in (
        lambda: ask.GetRefund(pb.GetRefundRequest(name=refund.name)),
        lambda: ask.ListRefunds(pb.ListRefundsRequest(parent="enterprises/acme")),
    ):
        with pytest.raises(NotFound):
            attempt()
    of_order = pb.ListRefundsRequest(parent="enterprises/-", order=ORDER + "0")
    assert not till.ask(CASHIER).ListRefunds(of_order).refunds


def test_only_what_is_in_suspense_can_be_given_back():
    plan = paid("300.00")
    with pytest.raises(errors.PaymentCannotBecome):
        plan.payments[0].give_back()
    assert plan.payments[0].state is State.SETTLED


def end(till):
    """Have 300 paid and the order ended, so that 200 go back."""
    till.confirm().book(300)
    owed = MoneyMessage(currency_code="CNY", units=100)
    event = ordering.OrderCancelled(order=ORDER, reason="Too late.", liability=owed)
    till.hear(event, sequence=2)


def refunds(till, **more):
    asked = pb.ListRefundsRequest(parent="enterprises/-", **more)
    return list(till.ask(CASHIER).ListRefunds(asked).refunds)


def issue(till, refund, *, who=CASHIER, **more):
    fields = {"name": refund.name, "bank_reference": "R-1", "value_date": LATER}
    return till.ask(who).IssueRefund(pb.IssueRefundRequest(**{**fields, **more}))
