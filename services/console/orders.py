"""The page that shows everything about one order."""

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
from millrun.ordering.v1.ordering_pb2 import GetOrderRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from millrun.payment.v1.payment_pb2 import (
    GetPaymentPlanRequest,
    ListInvoicesRequest,
    ListPaymentsRequest,
    ListReceivablesRequest,
    ListRefundsRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console import possible
from services.console.addresses import named, page_of, parent
from services.console.people import STAFF, names
from services.console.roles import MANAGERS, MONEY
from shared.web import Pages, call, page, together, visitor
from shared.web.costlier import costlier
from shared.web.formats import last
from shared.web.progress import progress
from shared.web.story import story
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

MOST = 200


@pages.get("/orders/{enterprise}/{id}", roles=MANAGERS)
def show_order(request: Request) -> Response:
    """Show an order and what each service knows of it; one that is away costs its card."""
    parts = together(request, **_questions(request))
    order: Order = parts["order"].insist()
    called = names(request, parts["staff"])
    events = parts["events"].answer
    return page(
        request,
        "order.html",
        order=order,
        parts=parts,
        called=called,
        steps=progress(order),
        story=story(events.order_events, called, here=page_of(order.name)) if events else [],
        may=possible.for_order(request, order),
        costlier=costlier(request, order),
    )


def order_of(request: Request) -> Order:
    """Return the order the address names."""
    asked = GetOrderRequest(name=named(request, "orders"))
    found: Order = call(request, OrderingServiceStub, "GetOrder", asked)
    return found


def _questions(request: Request) -> dict[str, Question]:
    name, space = named(request, "orders"), parent(request)
    of: dict[str, Any] = {"parent": space, "order": name, "page_size": MOST}
    found: dict[str, Question] = {
        "order": (OrderingServiceStub, "GetOrder", GetOrderRequest(name=name)),
        "staff": STAFF,
        "work": (FulfillmentServiceStub, "ListWorkOrders", ListWorkOrdersRequest(**of)),
        "licenses": (
            FulfillmentServiceStub,
            "ListLicenseIssues",
            ListLicenseIssuesRequest(**of),
        ),
        "shipments": (FulfillmentServiceStub, "ListShipments", ListShipmentsRequest(**of)),
        "events": (NotificationServiceStub, "ListOrderEvents", ListOrderEventsRequest(**of)),
    }
    if visitor(request).has(*MONEY):
        plan = f"{space}/paymentPlans/{last(name)}"
        found |= {
            "contracts": (ContractServiceStub, "ListContracts", ListContractsRequest(**of)),
            "plan": (PaymentServiceStub, "GetPaymentPlan", GetPaymentPlanRequest(name=plan)),
            "payments": (PaymentServiceStub, "ListPayments", ListPaymentsRequest(**of)),
            "invoices": (PaymentServiceStub, "ListInvoices", ListInvoicesRequest(**of)),
            "refunds": (PaymentServiceStub, "ListRefunds", ListRefundsRequest(**of)),
            "receivables": (
                PaymentServiceStub,
                "ListReceivables",
                ListReceivablesRequest(**of),
            ),
        }
    return found
