"""What payment refuses, and why."""

from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated


class PlanNotFound(NotFound):
    """There is no payment plan {plan}."""

    fix = "An order has a payment plan once it is confirmed; take the name from the order."


class PaymentNotFound(NotFound):
    """There is no payment {payment}."""

    fix = "Take the name from the list of payments."


class InvoiceNotFound(NotFound):
    """There is no invoice {invoice}."""

    fix = "Take the name from the list of invoices."


class RefundNotFound(NotFound):
    """There is no refund {refund}."""

    fix = "Take the name from the list of refunds."


class RefundIssuedBefore(Disallowed):
    """The money was sent back before, as {bank_reference}."""

    fix = "Look at that transfer; money is sent back once."


class SentBackBefore(Disallowed):
    """Bank reference {bank_reference} is that of another refund, for order {order_no}."""

    fix = "Take the reference of the transfer that sent this refund; each has one of its own."


class ReceivableNotFound(NotFound):
    """There is no receivable {receivable}."""

    fix = "Take the name from the list of receivables."


class ReceivableClosed(Disallowed):
    """What was owed is {state}; nothing of it is open."""

    fix = "Nothing has to be done: it is closed."


class BadWaiver(Malformed):
    """What is owed is waived with a reason of 1 to {most} characters."""

    fix = "Say why it is not asked for any more; the customer will read it."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most, field="reason")


class PlanChanged(Outdated):
    """The payments of order {order_no} changed since you read them."""


class InvoiceChanged(Outdated):
    """The invoice of order {order_no} changed since you read it."""


class OrderEnded(Disallowed):
    """Order {order_no} is over and nothing is owed for it; no payment is announced any more."""

    fix = "Pay nothing: what comes all the same is sent back by finance."


class NoInvoiceForEnded(Disallowed):
    """Order {order_no} ended before it was fulfilled: no invoice is issued for it any more."""

    fix = (
        "Nothing is to be done: finance sends back what is due to the buyer, and what is owed for "
        "ending it stands among the receivables."
    )


class ContractNotSigned(Disallowed):
    """The contract of order {order_no} is not signed by both sides yet."""

    fix = "Sign the contract first; the business manager then countersigns."


class PlatformForbidden(Disallowed):  # R71
    """Order {order_no} has a special VAT invoice, which rules out third-party platforms."""

    fix = "Pay by online banking or by bank transfer."


class ChannelFixed(Disallowed):  # R72
    """Order {order_no} is paid {channel}; online and offline payment never mix."""

    fix = "Go on as the first payment began, or withdraw it as long as no money has come."


class MethodNotOffered(Disallowed):
    """No provider for {method} is connected to this installation."""

    fix = "Pay by bank transfer to the account named in the contract."


class NothingOpen(Disallowed):
    """Nothing is open on the {instalment} of order {order_no}."""

    fix = "Look at the payment plan: it says what is open."


class AlreadyInstructed(Disallowed):
    """A payment of {amount} for order {order_no} is already under way."""

    fix = "Wait for it to arrive, or withdraw it and say again how you will pay."


class PaymentCannotBecome(Disallowed):
    """The payment with reference {reference} is {state} and cannot become {wanted}."""

    fix = "Only a payment that was instructed can be settled or withdrawn; read the payment plan."


class BookedBefore(Disallowed):
    """Bank reference {bank_reference} was booked before, for order {order_no}."""

    fix = "Look at the payments of order {order_no}; a transfer is booked once."


class NoValueDate(Malformed):
    """A booking needs the day on which the bank had the money."""

    fix = "Send value_date with year, month and day."


class ValueDateAhead(Malformed):
    """The value date {day} is more than {most} days ahead."""

    fix = "Send the day on which the bank has the money, as its statement says."


class MoreThanOpen(Disallowed):
    """{amount} is more than the {open} that are open on order {order_no}."""

    fix = (
        "Look at the statement again; if the bank credited so much, have what is beyond set aside "
        "as you book it: it is sent back then."
    )


class OtherCurrency(Disallowed):
    """Order {order_no} is in {currency}; {amount} cannot be booked on it."""

    fix = "Book the amount the bank credited in the order's currency."


class NotAnAmount(Malformed):
    """{amount} is not an amount that can be booked."""

    fix = "Send an amount above zero, in whole smallest coins."


class FourEyes(Forbidden):
    """You confirmed the price of order {order_no}, so you may neither book nor waive its money."""

    fix = "Ask another member of finance to do it."


class NoInvoiceWanted(Disallowed):
    """Order {order_no} was submitted without an invoice title."""

    fix = "Ask your business manager; an order without a title is not invoiced."


class NothingPaidYet(Disallowed):
    """Nothing was paid for order {order_no} yet."""

    fix = "Ask for the invoice once a payment has arrived."


class InvoiceRequestedBefore(Disallowed):
    """The invoice of order {order_no} was asked for before."""

    fix = "Look at the order's page: it shows where the invoice stands."


class InvoiceCannotBecome(Disallowed):
    """The invoice of order {order_no} is {state} and cannot become {wanted}."""

    fix = "What was asked for is issued once, and what was issued reversed once; read the invoices."


class NotPaidInFull(Disallowed):
    """{open} of order {order_no} is still open."""

    fix = "Issue the invoice once the order is paid in full."


class InvoiceNumberTaken(Disallowed):
    """The number {invoice_no} of an invoice or a credit note is in use."""

    fix = "Give every invoice and every credit note a number of its own."


class Unbalanced(ValueError):
    """A journal does not add up to zero: a bug."""
