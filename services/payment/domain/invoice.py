"""The invoice of an order: asked for by the buyer, issued by finance (R74)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.payment.domain import errors
from services.payment.domain.events import (
    InvoiceIssued,
    InvoiceRequested,
    InvoiceReversalRequested,
    InvoiceReversed,
)
from services.payment.domain.plan import PaymentPlan
from services.payment.domain.reversal import ReversalCause
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id
from shared.money import Money
from shared.texts import TextTooLong, folded


class State(Enum):
    """Where an invoice stands."""

    REQUESTED = "requested"
    ISSUED = "issued"
    VOID = "void"
    REVERSAL_DUE = "to be reversed"
    REVERSED = "reversed"


BECOMES = {
    State.REQUESTED: {State.ISSUED, State.VOID},
    State.ISSUED: {State.REVERSAL_DUE, State.REVERSED},
    State.REVERSAL_DUE: {State.REVERSED},
    State.VOID: set[State](),
    State.REVERSED: set[State](),
}
LONGEST_NUMBER = 64
"""Characters of the number of an invoice or a credit note: as many as fit on one line of it."""

OVER = {State.VOID, State.REVERSED}
"""The states in which it stands in nobody's books."""


class Invoice(Aggregate):
    """What the customer's books need; one an order that is not over."""

    id: UUID
    plan_id: UUID
    order: str
    order_no: str
    enterprise_legal_name: str
    title: Mapping[str, Any]
    amount: Money
    state: State
    invoice_no: str | None
    """As it was typed, without blanks around it; it is one with all that are read alike."""

    invoice_no_folded: str | None
    created_at: datetime
    issued_at: datetime | None
    reversal_no: str | None
    """The number of the credit note that reversed it, as it was typed."""

    reversal_no_folded: str | None
    reversal_cause: ReversalCause | None
    """Why finance is, or was, asked to reverse it; None if nobody asked."""

    reversal_reason: str
    reversed_at: datetime | None

    @classmethod
    def request(cls, plan: PaymentPlan) -> Invoice:
        """The buyer asks for the invoice of an order, under the title given with it.

        One that went all its way may still be invoiced; one that ended before is not (R74).
        """
        if plan.ended:
            raise errors.NoInvoiceForEnded(order_no=plan.order_no)
        if not plan.invoice_title:
            raise errors.NoInvoiceWanted(order_no=plan.order_no)
        if not plan.settled.amount:
            raise errors.NothingPaidYet(order_no=plan.order_no)
        invoice = cls()
        invoice.id, invoice.created_at, invoice.sequence = new_id(), now(), 0
        invoice.enterprise, invoice.plan_id = plan.enterprise, plan.id
        invoice.order, invoice.order_no = plan.order, plan.order_no
        invoice.enterprise_legal_name = plan.enterprise_legal_name
        invoice.title, invoice.amount = plan.invoice_title, plan.total
        invoice.state, invoice.invoice_no, invoice.issued_at = State.REQUESTED, None, None
        invoice.reversal_no, invoice.reversal_reason, invoice.reversed_at = None, "", None
        invoice.invoice_no_folded = invoice.reversal_no_folded = invoice.reversal_cause = None
        invoice.record(
            InvoiceRequested(invoice=invoice.name, order=plan.order, order_no=plan.order_no)
        )
        return invoice

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/invoices/{self.id}"

    def follow(self, plan: PaymentPlan) -> None:
        """The order was amended: what is yet to be issued is over what is signed then (I5).

        What was issued stands in books already: if the order ended, or was changed at the moment
        it was issued, before ordering knew of that and could refuse, finance is to reverse it.
        """
        if plan.ended:
            if self.state is State.REQUESTED:
                self.state = State.VOID
            self._be_due(ReversalCause.ORDER_ENDED, plan)
        elif self.state is State.REQUESTED:
            self.title, self.amount = plan.invoice_title or self.title, plan.total
        elif self.differs(plan):
            self._be_due(ReversalCause.ORDER_CHANGED, plan)

    def differs(self, plan: PaymentPlan) -> bool:
        """Whether it is over something else than its order."""
        return self.amount != plan.total or (
            plan.invoice_title is not None and plan.invoice_title != self.title
        )

    def issue(self, invoice_no: str, plan: PaymentPlan) -> None:
        """Finance issued it under its number."""
        if plan.ended and self.state in {State.REQUESTED, State.VOID}:
            raise errors.NoInvoiceForEnded(order_no=self.order_no)
        self._insist(State.ISSUED)
        if plan.open.amount:
            raise errors.NotPaidInFull(order_no=self.order_no, open=plan.open)
        invoice_no = _number(invoice_no, "invoice_no")
        self.state, self.invoice_no, self.issued_at = State.ISSUED, invoice_no, now()
        self.invoice_no_folded = folded(invoice_no)
        self.record(
            InvoiceIssued(
                invoice=self.name,
                order=self.order,
                order_no=self.order_no,
                invoice_no=invoice_no,
                amount=self.amount,
            )
        )

    def reverse(self, reversal_no: str, reason: str) -> None:
        """Finance took it back by a credit note."""
        self._insist(State.REVERSED)
        reversal_no = _number(reversal_no, "reversal_no")
        self.state, self.reversed_at = State.REVERSED, now()
        self.reversal_no, self.reversal_reason = reversal_no, reason
        self.reversal_no_folded = folded(reversal_no)
        self.record(
            InvoiceReversed(
                invoice=self.name,
                order=self.order,
                order_no=self.order_no,
                invoice_no=self.invoice_no or "",
                reversal_no=reversal_no,
                reason=reason,
            )
        )

    @property
    def is_to_be_issued_anew(self) -> bool:
        """Whether the buyer still has none that is right, without having asked for less."""
        return self.state is State.REVERSED and self.reversal_cause is ReversalCause.ORDER_CHANGED

    def _be_due(self, cause: ReversalCause, plan: PaymentPlan) -> None:
        """Ask finance to reverse it, once for each cause; what is not issued is not reversed."""
        if self.state not in {State.ISSUED, State.REVERSAL_DUE} or self.reversal_cause is cause:
            return
        self.state, self.reversal_cause = State.REVERSAL_DUE, cause
        self.record(
            InvoiceReversalRequested(
                invoice=self.name,
                order=self.order,
                order_no=self.order_no,
                invoice_no=self.invoice_no or "",
                cause=cause,
                amount=self.amount,
                order_total=plan.total,
            )
        )

    def _insist(self, wanted: State) -> None:
        if wanted not in BECOMES[self.state]:
            raise errors.InvoiceCannotBecome(
                order_no=self.order_no, state=self.state.value, wanted=wanted.value
            )

    def expect(self, etag: str) -> None:
        """Insist that the invoice is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.InvoiceChanged(order_no=self.order_no)


def _number(text: str, field: str) -> str:
    """Return a number without blanks around it, and one within; TextTooLong."""
    text = " ".join(text.split())
    if len(text) > LONGEST_NUMBER:
        raise TextTooLong(field=field, most=LONGEST_NUMBER)
    return text
