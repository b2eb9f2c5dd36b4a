"""Payment over gRPC."""

import grpc
from millrun.payment.v1 import payment_pb2 as pb
from millrun.payment.v1 import payment_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from services.payment import commands, queries, wire
from services.payment.domain import bank
from services.payment.domain.invoice import Invoice
from services.payment.domain.ledger import Posting
from services.payment.domain.payment import Payment
from services.payment.domain.plan import PaymentPlan
from services.payment.domain.receivable import Receivable
from services.payment.domain.refund import Refund
from services.payment.settings import payment_settings
from services.payment.store import Plans
from shared.caller import CUSTOMER_ROLES, Caller, Role
from shared.paging import Page
from shared.rpc import Servicer, command, query
from shared.service import Runtime
from shared.vendor import Vendor
from shared.wire import date_from, money_from

READERS = CUSTOMER_ROLES | {Role.BUSINESS_MANAGER, Role.FINANCE}
"""Who may see money: the enterprise's people, and those of the vendor who deal with it."""

PAYERS = frozenset({Role.BUYER, Role.ENTERPRISE_FINANCE})
FINANCE = frozenset({Role.FINANCE})


class PaymentService(Servicer, pb_grpc.PaymentServiceServicer):
    """What is due, what came, the ledger and the invoices."""

    @query(answer=wire.plan_message, allow=READERS)
    def GetPaymentPlan(
        self, request: pb.GetPaymentPlanRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Vendor]:
        return Plans(tx).get(request.name, caller), payment_settings(tx).vendor

    @query(answer=wire.plans_message, allow=READERS)
    def ListPaymentPlans(
        self, request: pb.ListPaymentPlansRequest, tx: Session, caller: Caller
    ) -> tuple[Page[PaymentPlan], Vendor]:
        return queries.list_plans(
            tx,
            parent=request.parent,
            caller=caller,
            open_only=request.open_only,
            size=request.page_size,
            token=request.page_token,
        ), payment_settings(tx).vendor

    @command(answer=wire.payment_message, allow=PAYERS)
    def InstructPayment(
        self, request: pb.InstructPaymentRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Payment]:
        return commands.instruct_payment(
            tx,
            name=request.name,
            caller=caller,
            method=wire.method_from(request.method),
            kind=wire.kind_from(request.instalment),
            etag=request.etag,
        )

    @command(answer=wire.payment_message, allow=PAYERS)
    def VoidPayment(
        self, request: pb.VoidPaymentRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Payment]:
        return commands.void_payment(tx, name=request.name, caller=caller, etag=request.etag)

    @command(answer=wire.payment_message, allow=FINANCE)
    def BookTransfer(
        self, request: pb.BookTransferRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Payment]:
        return commands.book_transfer(
            tx,
            name=request.name,
            caller=caller,
            amount=money_from(request.amount),
            bank_reference=bank.reference(request.bank_reference),
            value_date=bank.value_date(date_from(request.value_date)),
            set_aside_surplus=request.set_aside_surplus,
            etag=request.etag,
        )

    @command(answer=wire.refund_message, allow=FINANCE)
    def IssueRefund(
        self, request: pb.IssueRefundRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Refund]:
        return commands.issue_refund(
            tx,
            name=request.name,
            caller=caller,
            bank_reference=bank.reference(request.bank_reference),
            value_date=bank.value_date(date_from(request.value_date)),
            etag=request.etag,
        )

    @query(answer=wire.refund_message, allow=READERS)
    def GetRefund(
        self, request: pb.GetRefundRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Refund]:
        return Plans(tx).of_refund(request.name, caller)

    @query(answer=wire.refunds_message, allow=READERS)
    def ListRefunds(
        self, request: pb.ListRefundsRequest, tx: Session, caller: Caller
    ) -> Page[tuple[PaymentPlan, Refund]]:
        return queries.list_refunds(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            state=wire.refund_state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=wire.receivable_message, allow=FINANCE)
    def WaiveReceivable(
        self, request: pb.WaiveReceivableRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Receivable]:
        return commands.waive_receivable(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )

    @query(answer=wire.receivable_message, allow=READERS)
    def GetReceivable(
        self, request: pb.GetReceivableRequest, tx: Session, caller: Caller
    ) -> tuple[PaymentPlan, Receivable]:
        return Plans(tx).of_receivable(request.name, caller)

    @query(answer=wire.receivables_message, allow=READERS)
    def ListReceivables(
        self, request: pb.ListReceivablesRequest, tx: Session, caller: Caller
    ) -> Page[tuple[PaymentPlan, Receivable]]:
        return queries.list_receivables(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            state=wire.receivable_state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=wire.payments_message, allow=READERS)
    def ListPayments(
        self, request: pb.ListPaymentsRequest, tx: Session, caller: Caller
    ) -> Page[tuple[Payment, str, str]]:
        return queries.list_payments(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            state=wire.payment_state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=wire.postings_message, allow=READERS)
    def ListPostings(
        self, request: pb.ListPostingsRequest, tx: Session, caller: Caller
    ) -> Page[Posting]:
        return queries.list_postings(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=wire.invoice_message, allow=PAYERS)
    def RequestInvoice(
        self, request: pb.RequestInvoiceRequest, tx: Session, caller: Caller
    ) -> Invoice:
        return commands.request_invoice(tx, name=request.name, caller=caller)

    @command(answer=wire.invoice_message, allow=FINANCE)
    def IssueInvoice(self, request: pb.IssueInvoiceRequest, tx: Session, caller: Caller) -> Invoice:
        return commands.issue_invoice(
            tx,
            name=request.name,
            caller=caller,
            invoice_no=request.invoice_no,
            etag=request.etag,
        )

    @command(answer=wire.invoice_message, allow=FINANCE)
    def ReverseInvoice(
        self, request: pb.ReverseInvoiceRequest, tx: Session, caller: Caller
    ) -> Invoice:
        return commands.reverse_invoice(
            tx,
            name=request.name,
            caller=caller,
            reversal_no=request.reversal_no,
            reason=request.reason,
            etag=request.etag,
        )

    @query(answer=wire.invoices_message, allow=READERS)
    def ListInvoices(
        self, request: pb.ListInvoicesRequest, tx: Session, caller: Caller
    ) -> Page[Invoice]:
        return queries.list_invoices(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            state=wire.invoice_state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Have `server` answer for payment."""
    pb_grpc.add_PaymentServiceServicer_to_server(PaymentService(runtime), server)
