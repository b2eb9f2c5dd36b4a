"""The invoice of an order: asked for by the buyer, issued by finance (R74)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.payment.domain import errors
from services.payment.domain.events import InvoiceIssued, InvoiceRequested, InvoiceReversed
from services.payment.domain.plan import PaymentPlan
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id
from shared.money import Money


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
    created_at: datetime
    issued_at: datetime | None
    reversal_no: str | None
    """The number of the credit note that reversed it."""

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
        invoice.record(
            InvoiceRequested(invoice=invoice.name, order=plan.order, order_no=plan.order_no)
        )
        return invoice

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/invoices/{self.id}"

    def follow(self, plan: PaymentPlan) -> None:
        """The order was amended: what is yet to be issued is over what is signed then (I5).

        If the order ended it is void, or to be reversed. Else what was issued stays: ordering
        amends no sum that an invoice was issued over.
        """
        if plan.ended:
            after = {State.REQUESTED: State.VOID, State.ISSUED: State.REVERSAL_DUE}
            self.state = after.get(self.state, self.state)
        elif self.state is State.REQUESTED:
            self.title, self.amount = plan.invoice_title or self.title, plan.total

    def issue(self, invoice_no: str, plan: PaymentPlan) -> None:
        """Finance issued it under its number."""
        if plan.ended and self.state in {State.REQUESTED, State.VOID}:
            raise errors.NoInvoiceForEnded(order_no=self.order_no)
        self._insist(State.ISSUED)
        if plan.open.amount:
            raise errors.NotPaidInFull(order_no=self.order_no, open=plan.open)
        self.state, self.invoice_no, self.issued_at = State.ISSUED, invoice_no, now()
        self.record(
            InvoiceIssued(
                invoice=self.name, order=self.order, order_no=self.order_no, invoice_no=invoice_no
            )
        )

    def reverse(self, reversal_no: str, reason: str) -> None:
        """Finance took it back by a credit note."""
        self._insist(State.REVERSED)
        self.state, self.reversed_at = State.REVERSED, now()
        self.reversal_no, self.reversal_reason = reversal_no, reason
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

    def _insist(self, wanted: State) -> None:
        if wanted not in BECOMES[self.state]:
            raise errors.InvoiceCannotBecome(
                order_no=self.order_no, state=self.state.value, wanted=wanted.value
            )

    def expect(self, etag: str) -> None:
        """Insist that the invoice is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.InvoiceChanged(order_no=self.order_no)
