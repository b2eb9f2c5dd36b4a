"""Plans, payments, postings and invoices in and out of protobuf."""

from uuid import UUID

from google.protobuf import json_format
from millrun.ordering.v1 import order_pb2
from millrun.payment.v1 import money_pb2 as money
from millrun.payment.v1 import payment_pb2 as pb

from services.payment.domain.invoice import Invoice
from services.payment.domain.invoice import State as InvoiceState
from services.payment.domain.ledger import Posting
from services.payment.domain.method import Channel, Method
from services.payment.domain.payment import Kind, Payment, State
from services.payment.domain.plan import Instalment, PaymentPlan
from services.payment.domain.receivable import Receivable
from services.payment.domain.receivable import State as ReceivableState
from services.payment.domain.refund import Refund
from services.payment.domain.refund import State as RefundState
from shared.errors import Malformed
from shared.paging import Page
from shared.vendor import Vendor
from shared.wire import date_message, money_message, time_message


class UnknownMethod(Malformed):
    """That is not a payment method."""

    fix = "Send ONLINE_BANKING, THIRD_PARTY_PLATFORM or OFFLINE_TRANSFER."


def plan_message(shown: tuple[PaymentPlan, Vendor]) -> money.PaymentPlan:
    """Return a plan as others see it, with the account transfers go to."""
    plan, vendor = shown
    return money.PaymentPlan(
        name=plan.name,
        order=plan.order,
        order_no=plan.order_no,
        total=money_message(plan.total),
        instalments=[_instalment_message(each) for each in plan.instalments],
        settled=money_message(plan.settled),
        open=money_message(plan.open),
        channel=_channel_message(plan.channel),
        allowed_methods=[money.Method.Value(each.name) for each in plan.allowed_methods],
        vendor_account=money.BankAccount(
            holder=vendor.bank_holder,
            bank=vendor.bank_name,
            number=vendor.bank_account,
            bic=vendor.bank_bic,
        ),
        closed=plan.closed,
        completed=plan.completed,
        enterprise_legal_name=plan.enterprise_legal_name,
        etag=plan.etag,
        create_time=time_message(plan.created_at),
    )


def plans_message(shown: tuple[Page[PaymentPlan], Vendor]) -> pb.ListPaymentPlansResponse:
    """Return a page of plans."""
    page, vendor = shown
    return pb.ListPaymentPlansResponse(
        payment_plans=[plan_message((plan, vendor)) for plan in page.items],
        next_page_token=page.next_token,
    )


def payment_message(done: tuple[PaymentPlan, Payment]) -> money.Payment:
    """Return a payment of a plan."""
    plan, payment = done
    message = listed_payment_message((payment, plan.order, plan.order_no))
    message.etag = plan.etag
    return message


def listed_payment_message(listed: tuple[Payment, str, str]) -> money.Payment:
    """Return a payment, given the name and number of its order."""
    payment, order, order_no = listed
    return money.Payment(
        name=payment.name,
        order=order,
        order_no=order_no,
        method=money.Method.Value(payment.method.name),
        channel=_channel_message(payment.channel),
        state=money.Payment.State.Value(payment.state.name),
        amount=money_message(payment.amount),
        reference=payment.reference,
        bank_reference=payment.bank_reference or "",
        value_date=date_message(payment.value_date),
        booked_by=payment.booked_by,
        create_time=time_message(payment.created_at),
        settle_time=time_message(payment.settled_at),
        instalment=money.Instalment.Kind.Value(payment.instalment.name),
    )


def payments_message(page: Page[tuple[Payment, str, str]]) -> pb.ListPaymentsResponse:
    """Return a page of payments."""
    return pb.ListPaymentsResponse(
        payments=[listed_payment_message(each) for each in page.items],
        next_page_token=page.next_token,
    )


def refund_message(shown: tuple[PaymentPlan, Refund]) -> money.Refund:
    """Return a refund of a plan, with the payments it is taken from."""
    plan, refund = shown
    return money.Refund(
        name=refund.name,
        order=plan.order,
        order_no=plan.order_no,
        enterprise_legal_name=plan.enterprise_legal_name,
        state=money.Refund.State.Value(refund.state.name),
        cause=money.Refund.Cause.Value(refund.cause.name),
        reason=refund.reason,
        amount=money_message(refund.amount),
        shares=[
            money.Refund.Share(
                payment=payment.name,
                bank_reference=payment.bank_reference or "",
                amount=money_message(amount),
            )
            for payment, amount in refund.shares(plan.payments)
        ],
        bank_reference=refund.bank_reference or "",
        value_date=date_message(refund.value_date),
        issued_by=refund.issued_by,
        create_time=time_message(refund.created_at),
        issue_time=time_message(refund.issued_at),
        etag=plan.etag,
    )


def refunds_message(page: Page[tuple[PaymentPlan, Refund]]) -> pb.ListRefundsResponse:
    """Return a page of refunds."""
    return pb.ListRefundsResponse(
        refunds=[refund_message(each) for each in page.items], next_page_token=page.next_token
    )


def receivable_message(shown: tuple[PaymentPlan, Receivable]) -> money.Receivable:
    """Return a receivable of a plan."""
    plan, receivable = shown
    return money.Receivable(
        name=receivable.name,
        order=plan.order,
        order_no=plan.order_no,
        enterprise_legal_name=plan.enterprise_legal_name,
        state=money.Receivable.State.Value(receivable.state.name),
        reason=receivable.reason,
        amount=money_message(receivable.amount),
        settled=money_message(receivable.settled),
        open=money_message(receivable.open),
        reference=receivable.reference,
        waive_reason=receivable.waive_reason,
        waived_by=receivable.waived_by,
        create_time=time_message(receivable.created_at),
        close_time=time_message(receivable.closed_at),
        etag=plan.etag,
    )


def receivables_message(
    page: Page[tuple[PaymentPlan, Receivable]],
) -> pb.ListReceivablesResponse:
    """Return a page of receivables."""
    return pb.ListReceivablesResponse(
        receivables=[receivable_message(each) for each in page.items],
        next_page_token=page.next_token,
    )


def postings_message(page: Page[Posting]) -> pb.ListPostingsResponse:
    """Return a page of the ledger."""
    return pb.ListPostingsResponse(
        postings=[
            money.Posting(
                journal=str(each.journal_id),
                ledger_account=each.ledger_account,
                amount=money_message(each.amount),
                memo=each.memo,
                payment=_named(each.enterprise, "payments", each.payment_id),
                receivable=_named(each.enterprise, "receivables", each.receivable_id),
                post_time=time_message(each.posted_at),
            )
            for each in page.items
        ],
        next_page_token=page.next_token,
    )


def invoice_message(invoice: Invoice) -> money.Invoice:
    """Return an invoice as others see it."""
    return money.Invoice(
        name=invoice.name,
        order=invoice.order,
        order_no=invoice.order_no,
        state=money.Invoice.State.Value(invoice.state.name),
        title=json_format.ParseDict(
            dict(invoice.title), order_pb2.InvoiceTitle(), ignore_unknown_fields=True
        ),
        amount=money_message(invoice.amount),
        invoice_no=invoice.invoice_no or "",
        create_time=time_message(invoice.created_at),
        issue_time=time_message(invoice.issued_at),
        etag=invoice.etag,
        enterprise_legal_name=invoice.enterprise_legal_name,
        reversal_no=invoice.reversal_no or "",
        reversal_reason=invoice.reversal_reason,
        reverse_time=time_message(invoice.reversed_at),
        reversal_cause=money.Invoice.ReversalCause.Value(invoice.reversal_cause.name)
        if invoice.reversal_cause
        else money.Invoice.REVERSAL_CAUSE_UNSPECIFIED,
    )


def invoices_message(page: Page[Invoice]) -> pb.ListInvoicesResponse:
    """Return a page of invoices."""
    return pb.ListInvoicesResponse(
        invoices=[invoice_message(each) for each in page.items], next_page_token=page.next_token
    )


def method_from(method: "money.Method.ValueType") -> Method:
    """Read a method; UnknownMethod for a number that is none."""
    try:
        return Method[money.Method.Name(method)]
    except (KeyError, ValueError):
        raise UnknownMethod from None


def kind_from(kind: "money.Instalment.Kind.ValueType") -> Kind | None:
    """Read which instalment is meant; None for the next open one."""
    return Kind[money.Instalment.Kind.Name(kind)] if kind else None


def payment_state_from(state: "money.Payment.State.ValueType") -> State | None:
    """Read a state to filter by; None for all."""
    return State[money.Payment.State.Name(state)] if state else None


def invoice_state_from(state: "money.Invoice.State.ValueType") -> InvoiceState | None:
    """Read a state to filter by; None for all."""
    return InvoiceState[money.Invoice.State.Name(state)] if state else None


def refund_state_from(state: "money.Refund.State.ValueType") -> RefundState | None:
    """Read a state to filter by; None for all."""
    return RefundState[money.Refund.State.Name(state)] if state else None


def receivable_state_from(state: "money.Receivable.State.ValueType") -> ReceivableState | None:
    """Read a state to filter by; None for all."""
    return ReceivableState[money.Receivable.State.Name(state)] if state else None


def _named(enterprise: str, collection: str, id_: UUID | None) -> str:
    return f"enterprises/{enterprise}/{collection}/{id_}" if id_ else ""


def _instalment_message(instalment: Instalment) -> money.Instalment:
    return money.Instalment(
        kind=money.Instalment.Kind.Value(instalment.kind.name),
        amount=money_message(instalment.amount),
        settled=money_message(instalment.settled),
        reference=instalment.reference,
        open=money_message(instalment.open),
    )


def _channel_message(channel: Channel | None) -> "money.Channel.ValueType":
    return money.Channel.Value(channel.name) if channel else money.CHANNEL_UNSPECIFIED
