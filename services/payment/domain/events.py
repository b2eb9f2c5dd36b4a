"""What happens to money and invoices."""

from dataclasses import dataclass

from services.payment.domain.method import Method
from services.payment.domain.reversal import ReversalCause
from shared.domain import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class PaymentInstructed(Event):
    """The buyer said how an order will be paid."""

    payment: str
    order: str
    order_no: str
    method: Method
    amount: Money
    reference: str


@dataclass(frozen=True, kw_only=True)
class PaymentSettled(Event):
    """Money is there and in the ledger."""

    payment: str
    order: str
    order_no: str
    amount: Money
    settled: Money
    deposit_covered: bool
    paid_in_full: bool


@dataclass(frozen=True, kw_only=True)
class PaymentUnallocated(Event):
    """Money came that is not due, as its order had ended or nothing was open: it goes back."""

    payment: str
    order: str
    order_no: str
    amount: Money
    refund: str


@dataclass(frozen=True, kw_only=True)
class RefundRequested(Event):
    """An order ended, and some of what was paid for it is to be sent back."""

    order: str
    order_no: str
    amount: Money
    refund: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefundIssued(Event):
    """Money was sent back to the buyer."""

    refund: str
    order: str
    order_no: str
    amount: Money
    settled: Money
    """How much of what was paid for the order is left."""


@dataclass(frozen=True, kw_only=True)
class ReceivableOpened(Event):
    """An order ended, and its buyer owes more for that than was paid."""

    receivable: str
    order: str
    order_no: str
    amount: Money
    reference: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReceivablePaid(Event):
    """All a buyer owed for an order that ended is there."""

    receivable: str
    order: str
    order_no: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class ReceivableWaived(Event):
    """What was still open of what a buyer owed is not asked for any more."""

    receivable: str
    order: str
    order_no: str
    amount: Money
    """How much was open."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentVoided(Event):
    """A payment will not come."""

    payment: str
    order: str


@dataclass(frozen=True, kw_only=True)
class InvoiceRequested(Event):
    """The buyer asked for the invoice."""

    invoice: str
    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """Finance issued the invoice."""

    invoice: str
    order: str
    order_no: str
    invoice_no: str
    amount: Money
    """What it was issued over; the order may come to something else by now."""


@dataclass(frozen=True, kw_only=True)
class InvoiceReversalRequested(Event):
    """An invoice that was issued says something else than its order: finance is to reverse it."""

    invoice: str
    order: str
    order_no: str
    invoice_no: str
    cause: ReversalCause

    amount: Money
    """What it was issued over."""

    order_total: Money
    """What its order comes to."""


@dataclass(frozen=True, kw_only=True)
class InvoiceReversed(Event):
    """Finance reversed an invoice it had issued."""

    invoice: str
    order: str
    order_no: str
    invoice_no: str
    reversal_no: str
    reason: str
