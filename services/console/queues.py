"""What waits for whom: the work of each role, from the services' own lists."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from millrun.authorization.v1.authorization_pb2 import ListCertificationsRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Certification
from millrun.contract.v1.contract_pb2 import ListContractsRequest
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.contract.v1.signing_pb2 import Contract
from millrun.fulfillment.v1.fulfillment_pb2 import ListLicenseIssuesRequest, ListWorkOrdersRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.fulfillment.v1.license_pb2 import LicenseIssue
from millrun.fulfillment.v1.work_pb2 import WorkOrder
from millrun.ordering.v1.order_pb2 import Order, WaitingOn
from millrun.ordering.v1.ordering_pb2 import ListOrdersRequest, ListSuggestionsRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from millrun.ordering.v1.suggestion_pb2 import Suggestion
from millrun.payment.v1.money_pb2 import Invoice, Payment, Receivable, Refund
from millrun.payment.v1.payment_pb2 import (
    ListInvoicesRequest,
    ListPaymentPlansRequest,
    ListPaymentsRequest,
    ListReceivablesRequest,
    ListRefundsRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub

from services.console import order_tasks, roles, tasks
from services.console.tasks import Task
from shared.caller import Role
from shared.web import _
from shared.web.session import Visitor
from shared.web.together import Question

ALL = "enterprises/-"
MOST = 200
"""Rows asked for at once."""


@dataclass(frozen=True)
class Queue:
    """The tasks of one kind."""

    title: str
    more: str
    """Where the whole list is."""

    roles: frozenset[Role]
    question: Question
    tasks: Callable[[Any, Visitor], Iterator[Task]]
    """Reads tasks for whoever looks from the answer to the question."""


_INTENTIONS = (
    OrderingServiceStub,
    "ListOrders",
    ListOrdersRequest(parent=ALL, states=[Order.INTENTION], page_size=MOST),
)
_OF_BUSINESS = (
    OrderingServiceStub,
    "ListOrders",
    ListOrdersRequest(parent=ALL, waiting_on=WaitingOn.BUSINESS_MANAGER, page_size=MOST),
)
_SIGNED_BY_BUYERS = (
    ContractServiceStub,
    "ListContracts",
    ListContractsRequest(parent=ALL, state=Contract.BUYER_SIGNED, page_size=MOST),
)
_OF_PROJECTS = (
    OrderingServiceStub,
    "ListOrders",
    ListOrdersRequest(parent=ALL, waiting_on=WaitingOn.PROJECT_MANAGER, page_size=MOST),
)
_SUGGESTED = (
    OrderingServiceStub,
    "ListSuggestions",
    ListSuggestionsRequest(parent=ALL, state=Suggestion.OPEN, page_size=MOST),
)
_WORK = (
    FulfillmentServiceStub,
    "ListWorkOrders",
    ListWorkOrdersRequest(
        parent=ALL,
        states=[WorkOrder.OPEN, WorkOrder.STARTED],
        page_size=MOST,
    ),
)
_MADE = (
    FulfillmentServiceStub,
    "ListWorkOrders",
    ListWorkOrdersRequest(parent=ALL, to_ship_only=True, page_size=MOST),
)
_LICENSES = (
    FulfillmentServiceStub,
    "ListLicenseIssues",
    ListLicenseIssuesRequest(parent=ALL, states=[LicenseIssue.OPEN], page_size=MOST),
)
_PAYMENTS = (
    PaymentServiceStub,
    "ListPayments",
    ListPaymentsRequest(parent=ALL, state=Payment.INSTRUCTED, page_size=MOST),
)
_PLANS = (
    PaymentServiceStub,
    "ListPaymentPlans",
    ListPaymentPlansRequest(parent=ALL, open_only=True, page_size=MOST),
)
_OWED = (
    PaymentServiceStub,
    "ListRefunds",
    ListRefundsRequest(parent=ALL, state=Refund.OWED, page_size=MOST),
)
_OWED_TO_US = (
    PaymentServiceStub,
    "ListReceivables",
    ListReceivablesRequest(parent=ALL, state=Receivable.OPEN, page_size=MOST),
)
_REQUESTED = (
    PaymentServiceStub,
    "ListInvoices",
    ListInvoicesRequest(parent=ALL, state=Invoice.REQUESTED, page_size=MOST),
)
_REVERSAL_DUE = (
    PaymentServiceStub,
    "ListInvoices",
    ListInvoicesRequest(parent=ALL, state=Invoice.REVERSAL_DUE, page_size=MOST),
)
_PENDING = (
    AuthorizationServiceStub,
    "ListCertifications",
    ListCertificationsRequest(parent=ALL, state=Certification.PENDING, page_size=MOST),
)

QUEUES = (
    Queue(
        _("Prices to confirm"),
        "/orders?state=INTENTION",
        roles.BUSINESS,
        _INTENTIONS,
        order_tasks.prices,
    ),
    Queue(
        _("Changes to agree to"),
        "/orders?waiting_on=BUSINESS_MANAGER",
        roles.BUSINESS,
        _OF_BUSINESS,
        order_tasks.changes_of_price,
    ),
    Queue(
        _("Orders to end or to keep"),
        "/orders?waiting_on=BUSINESS_MANAGER",
        roles.BUSINESS,
        _OF_BUSINESS,
        order_tasks.endings,
    ),
    Queue(
        _("Contracts to countersign"),
        "/contracts?state=BUYER_SIGNED",
        roles.BUSINESS,
        _OF_BUSINESS,
        order_tasks.contracts,
    ),
    Queue(
        _("Addenda to countersign"),
        "/contracts?state=BUYER_SIGNED",
        roles.BUSINESS,
        _SIGNED_BY_BUYERS,
        order_tasks.addenda,
    ),
    Queue(
        _("Suggestions to answer"),
        "/suggestions?state=OPEN",
        roles.BUSINESS,
        _SUGGESTED,
        tasks.suggestions,
    ),
    Queue(
        _("Software to confirm"),
        "/orders?state=INTENTION",
        roles.TECHNICAL,
        _INTENTIONS,
        order_tasks.software,
    ),
    Queue(
        _("Changes to agree to"),
        "/orders?waiting_on=PROJECT_MANAGER",
        roles.TECHNICAL,
        _OF_PROJECTS,
        order_tasks.changes_of_software,
    ),
    Queue(
        _("Stopped batches"), "/work-orders?state=STARTED", roles.TECHNICAL, _WORK, tasks.stopped
    ),
    Queue(_("Transfers announced"), "/payments", roles.FINANCE, _PAYMENTS, tasks.transfers),
    Queue(_("Money to send back"), "/refunds?state=OWED", roles.FINANCE, _OWED, tasks.refunds),
    Queue(
        _("Owed for orders that ended"),
        "/receivables?state=OPEN",
        roles.FINANCE,
        _OWED_TO_US,
        tasks.receivables,
    ),
    Queue(_("Orders with money open"), "/payments", roles.FINANCE, _PLANS, tasks.open_plans),
    Queue(_("Invoices asked for"), "/invoices", roles.FINANCE, _REQUESTED, tasks.invoices),
    Queue(
        _("Invoices to reverse"),
        "/invoices?state=REVERSAL_DUE",
        roles.FINANCE,
        _REVERSAL_DUE,
        tasks.reversals,
    ),
    Queue(
        _("Production to start"), "/work-orders?state=OPEN", roles.PRODUCTION, _WORK, tasks.to_start
    ),
    Queue(
        _("Batches running"), "/work-orders?state=STARTED", roles.PRODUCTION, _WORK, tasks.running
    ),
    Queue(
        _("Finished and cleared to ship"),
        "/work-orders?state=FINISHED_AND_CLEARED_TO_SHIP",
        roles.PRODUCTION,
        _MADE,
        tasks.to_ship,
    ),
    Queue(
        _("Licence codes to issue"),
        "/licenseIssues?state=OPEN",
        roles.PRODUCTION,
        _LICENSES,
        tasks.to_issue,
    ),
    Queue(
        _("Enterprises to certify"),
        "/certifications",
        roles.CERTIFIER,
        _PENDING,
        tasks.certifications,
    ),
)
"""Every queue there is."""
