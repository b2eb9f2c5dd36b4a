"""I3, I4 and I5 whatever happens to an order and its money, in any order.

What ordering refuses is refused here too, as far as it can know: money that is booked here it hears
of later, so that it may lower a total below what came.
"""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payment.domain.invoice import Invoice
from services.payment.domain.invoice import State as InvoiceState
from services.payment.domain.ledger import Posting, owing, receipt
from services.payment.domain.method import Method
from services.payment.domain.payment import Kind, Payment, State
from services.payment.domain.refund import Refund
from services.payment.tests.builders import CONFIRMER, GENERAL, SPECIAL, a_plan, cny
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import Money
from shared.testing.broken import hunting

DAY, CASHIER = date(2026, 11, 23), "accounts/cashier"
RENAMED = {**GENERAL, "title": "Acme Lighting GmbH"}

amounts = st.integers(min_value=-100, max_value=120_000)
totals = st.integers(min_value=1, max_value=150_000)
titles = st.sampled_from([None, GENERAL, RENAMED, SPECIAL])
percentages = st.integers(1, 100)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("book"), amounts),
        st.tuples(st.just("book what is due"), st.none()),
        st.tuples(st.just("instruct"), st.sampled_from(Method)),
        st.tuples(st.just("void"), st.integers(0, 9)),
        st.tuples(st.just("amend"), st.tuples(totals, percentages, titles, st.booleans())),
        st.tuples(st.just("sign"), st.none()),
        st.tuples(st.just("ask for the invoice"), st.none()),
        st.tuples(st.just("issue the invoice"), st.none()),
        st.tuples(st.just("close"), amounts),
        st.tuples(st.just("send back"), st.integers(0, 9)),
        st.tuples(st.just("waive"), st.integers(0, 9)),
    ),
    max_size=16,
)
lives = given(steps, titles, percentages, st.sets(st.sampled_from(Method), min_size=1))


@lives
def test_whatever_happens_the_money_is_right(taken, title, percent, offered):
    _insist_the_money_is_right(taken, title, percent, offered)


def _insist_the_money_is_right(taken, title, percent, offered):
    """Live through `taken`, and insist after each of it."""
    life = Life(title, percent)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("services.payment.domain.plan.OFFERED", frozenset(offered))
        for what, how in taken:
            with suppress(Refusal):
                getattr(life, what.replace(" ", "_"))(how)
            life.insist_right()


class Life:
    """An order's money: its plan, what stands in the ledger of it, and its invoice."""

    def __init__(self, title: Any, percent: int) -> None:
        self.plan = a_plan(deposit_percent=percent, invoice_title=title)
        self.ledger: list[Posting] = []
        self.invoice: Invoice | None = None
        self.issued_over: Money | None = None
        self.due: Money = self.plan.total
        self.amendments = 0

    # What happens.

    def book(self, coins: int) -> None:
        payment = self.plan.book(
            cny(f"{coins / 100:.2f}"),
            bank_reference=str(new_id()),
            value_date=DAY,
            booked_by=CASHIER,
        )
        late = payment.state is State.SUSPENSE
        self._post(payment, payment.amount, late=late)
        if payment.instalment is Kind.ENDING:
            self._owe(payment.amount, less=True)

    def book_what_is_due(self, _: None) -> None:
        first = next((each.open for each in self.plan.instalments if each.open.amount), None)
        self.book((self.plan.open if self.plan.closed or first is None else first).minor)

    def instruct(self, method: Method) -> None:
        self.plan.instruct(method, None)

    def void(self, which: int) -> None:
        if self.plan.payments:
            self.plan.void(self.plan.payments[which % len(self.plan.payments)])

    def amend(self, to: tuple[int, int, Any, bool]) -> None:
        """What is ordered changes, as far as ordering lets it."""
        total, percent, title, addendum_suffices = to
        if self.plan.closed or self._ordering_refuses(total, title):
            return
        self.due = cny(f"{total / 100:.2f}")
        self.amendments += 1
        self.plan.follow(
            total=self.due,
            deposit_percent=percent,
            price_confirmed_by=CONFIRMER,
            invoice_title=title,
            amendment=self.amendments,
            addendum_suffices=addendum_suffices,
        )
        if self.invoice:
            self.invoice.follow(self.plan)

    def _ordering_refuses(self, total: int, title: Any) -> bool:
        """What was invoiced stays; no special invoice once money came (A6); a title never goes."""
        invoiced = self.invoice is not None and self.invoice.state is InvoiceState.ISSUED
        now = self.plan.invoice_title
        if invoiced and (total != self.plan.total.minor or title != now):
            return True
        return (title is None and now is not None) or (
            title is SPECIAL and now is not SPECIAL and bool(self.plan.settled.amount)
        )

    def sign(self, _: None) -> None:
        self.plan.sign_contract(self.amendments + 1)

    def ask_for_the_invoice(self, _: None) -> None:
        self.invoice = self.invoice or Invoice.request(self.plan)

    def issue_the_invoice(self, _: None) -> None:
        if self.invoice:
            self.invoice.issue("F-1", self.plan)
            self.issued_over = self.due
            assert self.plan.settled >= self.due
            assert not self.plan.ended

    def close(self, coins: int) -> None:
        if not self.plan.closed:
            self.plan.close(owed=cny(f"{max(coins, 0) / 100:.2f}"))
            for each in self.plan.receivables:
                self._owe(each.amount)

    def waive(self, _: int) -> None:
        if self.plan.receivables:
            owed = self.plan.receivables[0]
            self._owe(self.plan.waive(owed, reason="Let it be.", by=CASHIER), less=True)

    def send_back(self, which: int) -> None:
        if self.plan.refunds:
            self._send_back(self.plan.refunds[which % len(self.plan.refunds)])

    def _send_back(self, refund: Refund) -> None:
        shares = self.plan.issue_refund(
            refund, bank_reference=str(new_id()), value_date=DAY, issued_by=CASHIER
        )
        assert sum(share.amount.minor for share in shares) == refund.amount.minor
        for payment, amount in shares:
            self._post(payment, amount, late=payment.state is State.RETURNED, back=True)

    def _post(
        self, payment: Payment, amount: Money, *, late: bool = False, back: bool = False
    ) -> None:
        about: dict[str, Any] = {
            "enterprise": "acme",
            "plan_id": self.plan.id,
            "payment_id": payment.id,
        }
        self.ledger += receipt(**about, amount=amount, memo="", late=late, back=back)

    def _owe(self, amount: Money, *, less: bool = False) -> None:
        receivable = self.plan.receivables[0].id
        about: dict[str, Any] = {
            "enterprise": "acme",
            "plan_id": self.plan.id,
            "receivable_id": receivable,
        }
        self.ledger += owing(**about, amount=amount, memo="", less=less)

    # What holds all the time.

    def insist_right(self) -> None:
        self._insist_on_one_way_that_is_allowed()
        self._insist_on_the_ledger()
        self._insist_on_what_is_due()
        self._insist_on_what_is_owed_for_the_end()
        self._insist_on_the_invoice()

    def _insist_on_one_way_that_is_allowed(self) -> None:
        """I3, I4; and nothing is awaited that is not due."""
        live = [each for each in self.plan.payments if each.is_live]
        assert len({each.channel for each in live}) <= 1
        if self.plan.invoice_title is SPECIAL:
            assert all(each.method is not Method.THIRD_PARTY_PLATFORM for each in live)
        awaited = [each for each in self.plan.payments if each.state is State.INSTRUCTED]
        assert len(awaited) <= 1
        assert all(each.amount <= self.plan.open for each in awaited)
        assert not self.plan.allowed_methods or self.plan.open.amount

    def _insist_on_the_ledger(self) -> None:
        """I5: what came and was not sent back is the balance."""
        came = sum(p.amount.minor for p in self.plan.payments if p.state is State.SETTLED)
        gone = sum(r.amount.minor for r in self.plan.refunds if r.takes_from_settled)
        assert -self._balance("customer_deposits") == self.plan.settled.minor == came - gone >= 0
        assert sum(p.amount_minor for p in self.ledger) == 0
        apart = sum(p.amount.minor for p in self.plan.payments if p.state is State.SUSPENSE)
        assert -self._balance("suspense") == apart

    def _insist_on_what_is_due(self) -> None:
        """What is ordered now is due, in instalments that add up; what came fills them."""
        plan = self.plan
        assert plan.total == self.due
        assert sum(each.amount.minor for each in plan.instalments) == plan.total.minor
        assert sum(each.settled.minor for each in plan.instalments) == plan.settled.minor
        missing = max(plan.total.minor - plan.settled.minor, 0)
        assert sum(each.open.minor for each in plan.instalments) == missing
        assert plan.closed or plan.open.minor == missing

    def _insist_on_what_is_owed_for_the_end(self) -> None:
        plan = self.plan
        assert len(plan.receivables) <= 1
        still = sum(each.open.minor for each in plan.receivables)
        assert self._balance("receivables") == still
        assert not plan.closed or plan.open.minor == still
        for each in plan.receivables:
            paid = [p for p in plan.payments if p.instalment is Kind.ENDING and p.settled_at]
            assert sum(p.amount.minor for p in paid) == each.settled.minor
            assert each.settled + each.open + each.waived == each.amount

    def _insist_on_the_invoice(self) -> None:
        """I5: it is over what is ordered, under the title it is ordered with, and paid for."""
        if self.invoice is None:
            return
        assert self.invoice.amount == (self.issued_over or self.due)
        if not self.plan.closed:
            assert (self.invoice.amount, self.invoice.title) == (
                self.plan.total,
                self.plan.invoice_title,
            )

    def _balance(self, account: str) -> int:
        return sum(p.amount_minor for p in self.ledger if p.ledger_account == account)


_nothing = property(lambda _: None)


def _forgets_to_follow(invoice: Invoice, plan: Any) -> None:
    """Leave the invoice as it was asked for."""


def _issues_unpaid(invoice: Invoice, invoice_no: str, plan: Any) -> None:
    invoice.state = InvoiceState.ISSUED


def _keeps_what_was_promised(plan: Any, payment: Payment) -> None:
    """Leave a transfer awaited that is not due any more."""


BROKEN = {
    "I3: how the first money came is forgotten": ("plan.PaymentPlan.channel", _nothing),
    "I4: nobody minds a special invoice": ("plan.PaymentPlan.has_special_invoice", _nothing),
    "I5: what was sent back still counts": ("refund.Refund.takes_from_settled", _nothing),
    "I5: what came too late is booked as paid": ("ledger.SUSPENSE", "customer_deposits"),
    "I5: an invoice is over what was ordered before": (
        "invoice.Invoice.follow",
        _forgets_to_follow,
    ),
    "I5: an invoice is issued that is not paid for": (
        "invoice.Invoice.issue",
        _issues_unpaid,
    ),
    "A5: what is not due any more stays awaited": (
        "plan.PaymentPlan.void",
        _keeps_what_was_promised,
    ),
}
"""Rules broken on purpose: what does not notice them proves nothing."""


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_of_money_is_noticed(rule, monkeypatch):
    where, instead = BROKEN[rule]
    monkeypatch.setattr(f"services.payment.domain.{where}", instead)
    with pytest.raises(AssertionError):
        hunting()(lives(_insist_the_money_is_right))()
