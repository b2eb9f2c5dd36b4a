"""The payment plan of an order: what is due, how it may be paid, and how much of it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.payment.domain import errors
from services.payment.domain.events import (
    PaymentInstructed,
    PaymentSettled,
    PaymentUnallocated,
    PaymentVoided,
    ReceivableOpened,
    ReceivablePaid,
    ReceivableWaived,
    RefundIssued,
    RefundRequested,
)
from services.payment.domain.method import OFFERED, Channel, Method, permitted
from services.payment.domain.payment import Kind, Payment, State
from services.payment.domain.receivable import Receivable
from services.payment.domain.receivable import State as Owed
from services.payment.domain.refund import Cause, Refund, Share
from shared.clock import now
from shared.domain import Aggregate
from shared.money import Money
from shared.references import creditor_reference


@dataclass(frozen=True)
class Instalment:
    """A part of the whole amount, and how much of it came."""

    kind: Kind
    amount: Money
    settled: Money
    reference: str

    @property
    def open(self) -> Money:
        """How much is still to come; nothing of what came beyond it."""
        return max(self.amount - self.settled, Money.zero(self.amount.currency))


class PaymentPlan(Aggregate):
    """What is due for an order. All its payments change with it, so that their rules hold."""

    id: UUID
    """The order's id."""

    order: str
    order_no: str
    enterprise_legal_name: str
    total: Money
    deposit: Money
    price_confirmed_by: str
    invoice_title: Mapping[str, Any] | None
    signed_version: int
    """The latest version of the contract that both sides signed; 0 if none is."""

    binding_version: int
    """The first version whose signatures hold for the order as it is now."""

    closed: bool
    """Whether nothing is awaited any more but what is owed for its ending."""

    ended: bool
    """Whether it was closed because the order ended before it went all its way."""

    created_at: datetime
    payments: list[Payment]
    refunds: list[Refund]
    receivables: list[Receivable]
    """What is owed for its ending: none, or one."""

    @classmethod
    def draw_up(
        cls,
        *,
        enterprise: str,
        order: str,
        order_no: str,
        enterprise_legal_name: str,
        total: Money,
        deposit_percent: int,
        price_confirmed_by: str,
        invoice_title: Mapping[str, Any] | None,
    ) -> PaymentPlan:
        """Say what is due for a confirmed order (R67, A2, A3)."""
        plan = cls()
        plan.id, plan.enterprise, plan.created_at = (
            UUID(order.rpartition("/")[2]),
            enterprise,
            now(),
        )
        plan.order, plan.order_no = order, order_no
        plan.enterprise_legal_name, plan.price_confirmed_by = (
            enterprise_legal_name,
            price_confirmed_by,
        )
        plan.total, plan.deposit = total, total.percent(deposit_percent)
        plan.invoice_title = invoice_title
        plan.payments, plan.refunds, plan.receivables = [], [], []
        plan.signed_version, plan.binding_version = 0, 1
        plan.closed, plan.ended, plan.sequence = False, False, 0
        return plan

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/paymentPlans/{self.id}"

    @property
    def settled(self) -> Money:
        """How much came and was not sent back; the same as the balance of its ledger (I5)."""
        came = [each.amount for each in self.payments if each.state is State.SETTLED]
        paid = Money.total([Money.zero(self.total.currency), *came])
        gone = [each.amount for each in self.refunds if each.takes_from_settled]
        return paid - Money.total([Money.zero(self.total.currency), *gone])

    @property
    def open(self) -> Money:
        """How much is still to come; for an order that ended, what is owed for that.

        More may have come than is due: money is booked here before ordering knows of it, which
        lowers the total meanwhile. It goes back when the order ends, or completes.
        """
        nothing = Money.zero(self.total.currency)
        owed = Money.total([nothing, *(each.open for each in self.receivables)])
        return owed if self.closed else max(self.total - self.settled, nothing)

    @property
    def channel(self) -> Channel | None:
        """How money comes: as the payments that count do, which all come alike (I3, A5)."""
        return next((each.channel for each in self.payments if each.is_live), None)

    @property
    def has_special_invoice(self) -> bool:
        """Whether the order has a special VAT invoice (R71)."""
        return (self.invoice_title or {}).get("type") == "SPECIAL_VAT"

    @property
    def completed(self) -> bool:
        """Whether it was closed because the order went all its way."""
        return self.closed and not self.ended

    @property
    def can_be_invoiced(self) -> bool:
        """Whether an invoice can be asked for: one is wanted, something is paid, it did not end."""
        return bool(not self.ended and self.invoice_title and self.settled.amount)

    @property
    def instalments(self) -> list[Instalment]:
        """What is due, earliest first; what came fills the earliest first."""
        if self.deposit == self.total:
            return [self._instalment(Kind.FULL, self.total, self.settled)]
        first = min(self.settled, self.deposit)
        return [
            self._instalment(Kind.DEPOSIT, self.deposit, first),
            self._instalment(Kind.BALANCE, self.total - self.deposit, self.settled - first),
        ]

    @property
    def allowed_methods(self) -> list[Method]:
        """The methods that can be chosen now."""
        if not self.open.amount or not (self.closed or self.contract_signed):
            return []
        rules = permitted(self.channel, special_invoice=self.has_special_invoice)
        return [method for method in Method if method in rules & OFFERED]

    @property
    def contract_signed(self) -> bool:
        """Whether both sides signed what holds for the order as it is: then the buyer can pay."""
        return self.signed_version >= self.binding_version

    def sign_contract(self, version: int) -> None:
        """Both sides signed a version, which may not be, or not yet be, what is ordered here.

        What contract and ordering tell comes in no order of its own: a signature may be heard of
        before the amendment it is under, or after one that voids it.
        """
        self.signed_version = max(self.signed_version, version)

    def close(self, *, owed: Money | None = None, reason: str = "", ended: bool = True) -> None:
        """The order is over: what was paid beyond `owed` goes back, and what is missing is to come.

        `ended` says whether it is over before it went all its way. What is here counts, not what
        ordering knew of: money may have come in between.
        """
        if self.closed:
            return
        self.closed, self.ended = True, ended
        self._owe_what_is_left(owed, reason)
        for payment in self.payments:
            if payment.state is State.INSTRUCTED:
                self.void(payment)

    def follow(
        self,
        *,
        total: Money,
        deposit_percent: int,
        price_confirmed_by: str,
        invoice_title: Mapping[str, Any] | None,
        amendment: int,
        addendum_suffices: bool,
    ) -> None:
        """The order was amended: what is due follows; what was to come in another amount does not.

        Each amendment has a version of the contract of its own, the order as confirmed the first.
        Without an addendum no version before holds, so nobody is asked to pay until it is signed.
        """
        self.total, self.deposit = total, total.percent(deposit_percent)
        self.invoice_title = invoice_title
        self.price_confirmed_by = price_confirmed_by or self.price_confirmed_by
        if not addendum_suffices:
            self.binding_version = amendment + 1
        self._give_up_what_is_not_due()

    def issue_refund(
        self, refund: Refund, *, bank_reference: str, value_date: date, issued_by: str
    ) -> list[Share]:
        """Money was sent back; return from which payments it is taken."""
        self.insist_four_eyes(issued_by)
        shares = refund.shares(self.payments)
        refund.issue(bank_reference=bank_reference, value_date=value_date, issued_by=issued_by)
        if refund.takes_from_suspense:
            for share in shares:
                share.payment.give_back()
        self.record(
            RefundIssued(
                refund=refund.name,
                order=self.order,
                order_no=self.order_no,
                amount=refund.amount,
                settled=self.settled,
            )
        )
        return shares

    def _owe_what_is_left(self, owed: Money | None, reason: str) -> None:
        owed = min(owed or Money.zero(self.total.currency), self.total)
        left = self.settled - owed
        if left.amount < 0:
            self._be_owed(owed - self.settled, reason)
        if left.amount <= 0:
            return
        refund = Refund.owe(
            enterprise=self.enterprise, cause=Cause.ORDER_ENDED, amount=left, reason=reason
        )
        self.refunds.append(refund)
        self.record(
            RefundRequested(
                order=self.order,
                order_no=self.order_no,
                amount=left,
                refund=refund.name,
                reason=reason,
            )
        )

    def _be_owed(self, amount: Money, reason: str) -> None:
        receivable = Receivable.owe(
            enterprise=self.enterprise,
            amount=amount,
            reference=creditor_reference(self.order_no, Kind.ENDING.value),
            reason=reason,
        )
        self.receivables.append(receivable)
        self.record(
            ReceivableOpened(
                receivable=receivable.name,
                order=self.order,
                order_no=self.order_no,
                amount=amount,
                reference=receivable.reference,
                reason=reason,
            )
        )

    def waive(self, receivable: Receivable, *, reason: str, by: str) -> Money:
        """Ask no more for what is open of a receivable; return how much that was."""
        self.insist_four_eyes(by)
        receivable.waive(reason=reason, by=by)
        self._give_up_what_is_not_due()
        self.record(
            ReceivableWaived(
                receivable=receivable.name,
                order=self.order,
                order_no=self.order_no,
                amount=receivable.waived,
                reason=receivable.waive_reason,
            )
        )
        return receivable.waived

    def instruct(self, method: Method, kind: Kind | None) -> Payment:
        """The buyer says how an instalment, or what an ended order owes, is paid (R68–R72)."""
        self._insist_payable()
        self._insist_on_rules(method)
        if method not in OFFERED:
            raise errors.MethodNotOffered(method=method.value)
        self._insist_nothing_under_way()
        kind, amount = self._due(kind)
        payment = Payment.instruct(
            enterprise=self.enterprise,
            instalment=kind,
            method=method,
            amount=amount,
            reference=creditor_reference(self.order_no, kind.value),
        )
        self.payments.append(payment)
        self.record(
            PaymentInstructed(
                payment=payment.name,
                order=self.order,
                order_no=self.order_no,
                method=method,
                amount=amount,
                reference=payment.reference,
            )
        )
        return payment

    def void(self, payment: Payment) -> None:
        """A payment that was instructed will not come."""
        payment.void()
        self.record(PaymentVoided(payment=payment.name, order=self.order))

    def book(
        self, amount: Money, *, bank_reference: str, value_date: date, booked_by: str
    ) -> Payment:
        """Money arrived by transfer (transition 11); it may be here before the signatures are."""
        self.insist_four_eyes(booked_by)
        owed = self._owed
        if self.closed and owed is None:
            return self.set_aside(
                amount, bank_reference=bank_reference, value_date=value_date, booked_by=booked_by
            )
        self._insist_bookable(amount)
        self._insist_on_rules(Method.OFFLINE_TRANSFER)
        payment = self._awaited(amount) or self._unannounced(amount)
        payment.settle(bank_reference=bank_reference, value_date=value_date, booked_by=booked_by)
        if owed:
            owed.pay(amount)
        self._give_up_what_is_not_due()
        self.record(
            PaymentSettled(
                payment=payment.name,
                order=self.order,
                order_no=self.order_no,
                amount=payment.amount,
                settled=self.settled,
                deposit_covered=self.settled >= self.deposit,
                paid_in_full=self.settled >= self.total,
            )
        )
        if owed and owed.state is Owed.PAID:
            self.record(
                ReceivablePaid(
                    receivable=owed.name,
                    order=self.order,
                    order_no=self.order_no,
                    amount=owed.amount,
                )
            )
        return payment

    def insist_four_eyes(self, account: str) -> None:
        """Refuse with FourEyes the account that confirmed the price, as a deputy or not (§3).

        Every way of booking money that came by transfer, of sending it back and of waiving it goes
        through this, and nothing else decides about it.
        """
        if account == self.price_confirmed_by:
            raise errors.FourEyes(order_no=self.order_no)

    def surplus(self, amount: Money) -> Money:
        """Return how much of `amount` is beyond what is open; nothing of what comes too late."""
        self._insist_amount(amount)
        nothing = Money.zero(amount.currency)
        return nothing if self.closed and self._owed is None else max(amount - self.open, nothing)

    def set_aside(
        self,
        amount: Money,
        *,
        bank_reference: str,
        value_date: date,
        booked_by: str,
        beside: Payment | None = None,
    ) -> Payment:
        """Money came that is not due: keep it apart and have it sent back (20).

        The order had ended, or more came than was open; perhaps with what was, `beside` it.
        """
        self.insist_four_eyes(booked_by)
        self._insist_amount(amount)
        late = Payment.instruct(
            enterprise=self.enterprise,
            instalment=Kind.FULL,
            method=Method.OFFLINE_TRANSFER,
            amount=amount,
            reference=creditor_reference(self.order_no, Kind.FULL.value),
        )
        late.set_aside(bank_reference=bank_reference, value_date=value_date, booked_by=booked_by)
        if beside:
            late.came_along()
        self.payments.append(late)
        refund = Refund.owe(
            enterprise=self.enterprise,
            cause=Cause.LATE_MONEY if self.closed and not beside else Cause.SURPLUS,
            amount=amount,
            payment_id=late.id,
        )
        self.refunds.append(refund)
        self.record(
            PaymentUnallocated(
                payment=late.name,
                order=self.order,
                order_no=self.order_no,
                amount=amount,
                refund=refund.name,
            )
        )
        return late

    def expect(self, etag: str) -> None:
        """Insist that the plan is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.PlanChanged(order_no=self.order_no)

    def _instalment(self, kind: Kind, amount: Money, settled: Money) -> Instalment:
        return Instalment(kind, amount, settled, creditor_reference(self.order_no, kind.value))

    @property
    def _owed(self) -> Receivable | None:
        """What is still to come for an order that ended."""
        return next((each for each in self.receivables if each.state is Owed.OPEN), None)

    def _due(self, kind: Kind | None) -> tuple[Kind, Money]:
        if self._owed and kind in {None, Kind.FULL, Kind.ENDING}:
            return Kind.ENDING, self.open
        if not self.closed and kind is Kind.FULL and self.open.amount:
            return kind, self.open
        for instalment in () if self.closed else self.instalments:
            if instalment.open.amount and kind in {None, instalment.kind}:
                return instalment.kind, instalment.open
        named = kind.value if kind else Kind.FULL.value
        raise errors.NothingOpen(order_no=self.order_no, instalment=named)

    def _awaited(self, amount: Money) -> Payment | None:
        instructed = (each for each in self.payments if each.state is State.INSTRUCTED)
        return next((each for each in instructed if each.amount == amount), None)

    def _unannounced(self, amount: Money) -> Payment:
        kind = self._due(None)[0]
        payment = Payment.instruct(
            enterprise=self.enterprise,
            instalment=kind,
            method=Method.OFFLINE_TRANSFER,
            amount=amount,
            reference=creditor_reference(self.order_no, kind.value),
        )
        self.payments.append(payment)
        return payment

    def _give_up_what_is_not_due(self) -> None:
        """What was to come in an amount that is not due any more, or may not come so, does not.

        A deposit may come in two transfers: what was announced as one is not waited for then.
        """
        due = {self.open} | {each.open for each in self.instalments if not self.closed}
        for payment in self.payments:
            forbidden = self.has_special_invoice and payment.method is Method.THIRD_PARTY_PLATFORM
            if payment.state is State.INSTRUCTED and (payment.amount not in due or forbidden):
                self.void(payment)

    def _insist_payable(self) -> None:
        if self.closed and self._owed is None:
            raise errors.OrderEnded(order_no=self.order_no)
        if not (self.closed or self.contract_signed):
            raise errors.ContractNotSigned(order_no=self.order_no)

    def _insist_on_rules(self, method: Method) -> None:
        if self.has_special_invoice and method is Method.THIRD_PARTY_PLATFORM:
            raise errors.PlatformForbidden(order_no=self.order_no)
        if self.channel not in {None, method.channel}:
            assert self.channel is not None
            raise errors.ChannelFixed(order_no=self.order_no, channel=self.channel.value)

    def _insist_nothing_under_way(self) -> None:
        for payment in self.payments:
            if payment.state is State.INSTRUCTED:
                raise errors.AlreadyInstructed(order_no=self.order_no, amount=payment.amount)

    def _insist_amount(self, amount: Money) -> None:
        if amount.currency != self.total.currency:
            raise errors.OtherCurrency(
                order_no=self.order_no, currency=self.total.currency, amount=amount
            )
        if amount.amount <= 0 or amount != amount.rounded():
            raise errors.NotAnAmount(amount=amount)

    def _insist_bookable(self, amount: Money) -> None:
        self._insist_amount(amount)
        if amount > self.open:
            raise errors.MoreThanOpen(order_no=self.order_no, amount=amount, open=self.open)
