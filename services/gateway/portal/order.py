"""The page of one order: everything about it, from seven services at once (R73)."""

from pathlib import Path
from typing import Any

from millrun.contract.v1.contract_pb2 import ListContractsRequest
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.fulfillment.v1.fulfillment_pb2 import (
    ListLicenseIssuesRequest,
    ListShipmentsRequest,
    ListWorkOrdersRequest,
)
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.notification.v1.notification_pb2 import ListOrderEventsRequest
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub
from millrun.ordering.v1.order_pb2 import Order
from millrun.payment.v1.money_pb2 import Method, Payment
from millrun.payment.v1.payment_pb2 import (
    GetPaymentPlanRequest,
    ListInvoicesRequest,
    ListPaymentsRequest,
    ListPostingsRequest,
    ListReceivablesRequest,
    ListRefundsRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal import possible
from services.gateway.portal.obstacles import in_the_way
from services.gateway.portal.reading import order_of
from services.gateway.portal.space import CUSTOMERS, MOST, own
from shared.web import Pages, Part, _, page, together, visitor
from shared.web.costlier import costlier
from shared.web.formats import last, words
from shared.web.progress import progress
from shared.web.story import story

pages = Pages(Path(__file__).parent)


@pages.get("/orders/{order}", roles=CUSTOMERS)
def show_order(request: Request) -> Response:
    """Show an order; one that is being filled shows its lines to be changed."""
    order = order_of(request)
    placed_here = order.name.startswith(f"{own(request)}/")
    may = possible.for_order(request, order)
    if order.state == Order.DRAFT:
        ours = bool(order.lines) and not may.order
        wrong = in_the_way(request, order) if ours else {}
        return page(request, "draft.html", order=order, may=may, wrong=wrong)
    parts = _around(request, order) if placed_here else {}
    return page(
        request,
        "order.html",
        order=order,
        placed_here=placed_here,
        may=may,
        steps=progress(order),
        events=parts.get("events"),
        story=_story(request, order, parts),
        contract=parts.get("contracts"),
        plan=parts.get("plan"),
        payments=parts.get("payments"),
        instructed=_instructed(parts),
        methods=_methods(parts),
        postings=parts.get("postings"),
        work_orders=parts.get("work_orders"),
        license_issues=parts.get("license_issues"),
        shipments=parts.get("shipments"),
        invoices=parts.get("invoices"),
        refunds=parts.get("refunds"),
        receivables=parts.get("receivables"),
        costlier=costlier(request, order) if placed_here else None,
    )


def _around(request: Request, order: Order) -> dict[str, Part]:
    parent, name = own(request), order.name
    plan = own(request, "paymentPlans", last(name))
    page_of: dict[str, Any] = {"parent": parent, "order": name, "page_size": MOST}
    return together(
        request,
        contracts=(ContractServiceStub, "ListContracts", ListContractsRequest(**page_of)),
        plan=(PaymentServiceStub, "GetPaymentPlan", GetPaymentPlanRequest(name=plan)),
        payments=(PaymentServiceStub, "ListPayments", ListPaymentsRequest(**page_of)),
        postings=(PaymentServiceStub, "ListPostings", ListPostingsRequest(parent=plan)),
        invoices=(PaymentServiceStub, "ListInvoices", ListInvoicesRequest(**page_of)),
        refunds=(PaymentServiceStub, "ListRefunds", ListRefundsRequest(**page_of)),
        receivables=(PaymentServiceStub, "ListReceivables", ListReceivablesRequest(**page_of)),
        work_orders=(FulfillmentServiceStub, "ListWorkOrders", ListWorkOrdersRequest(**page_of)),
        license_issues=(
            FulfillmentServiceStub,
            "ListLicenseIssues",
            ListLicenseIssuesRequest(**page_of),
        ),
        shipments=(FulfillmentServiceStub, "ListShipments", ListShipmentsRequest(**page_of)),
        events=(
            NotificationServiceStub,
            "ListOrderEvents",
            ListOrderEventsRequest(**page_of),
        ),
    )


def _story(request: Request, order: Order, parts: dict[str, Part]) -> list[dict[str, object]]:
    events = parts["events"].answer if parts else None
    here = f"/orders/{last(order.name)}"
    return story(events.order_events, _names(request), here=here) if events else []


def _names(request: Request) -> dict[str, str]:
    """Say how the reader calls people, where that is not by their name."""
    return {visitor(request).account: _("you")}


def _instructed(parts: dict[str, Part]) -> Payment | None:
    """Return the payment that is under way, if one is."""
    payments = parts["payments"].answer if parts else None
    under_way = [p for p in payments.payments if p.state == Payment.INSTRUCTED] if payments else []
    return under_way[0] if under_way else None


def _methods(parts: dict[str, Part]) -> list[tuple[str, str]]:
    """Return the ways to pay that can be chosen now, as options."""
    plan = parts["plan"].answer if parts else None
    names = [Method.Name(method) for method in plan.allowed_methods] if plan else []
    return [(name, words(name)) for name in names]
