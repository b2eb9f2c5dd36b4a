"""The list of orders (R12), and the same as a file."""

from pathlib import Path

from millrun.ordering.v1.ordering_pb2 import (
    ExportOrdersRequest,
    ListOrdersRequest,
    ListOrdersResponse,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.finding import named, owners_of
from services.gateway.portal.space import CUSTOMERS, ORDERERS, own
from shared.web import Nav, Pages, call, page, together, visitor
from shared.web.files import file
from shared.web.order_list import (
    Lists,
    asked_for,
    chips,
    file_name,
    found_or_refused,
    kind_of,
    query_of,
    told,
)

pages = Pages(Path(__file__).parent)

ROWS = 20


@pages.get("/orders", roles=CUSTOMERS, nav=Nav("Orders", icon="clipboard-list"))
def show_orders(request: Request) -> Response:
    """List the orders that are asked for, the newest first."""
    found = found_or_refused(request, lambda: _listed(request), ListOrdersResponse())
    owners = named(together(request, owners=owners_of(request))["owners"])
    shown = page(
        request,
        "orders.html",
        fragment="rows",
        orders=found.orders,
        next_page_token=found.next_page_token,
        lists=Lists(),
        owners=owners,
        chips=chips(request, dict(owners)),
        query=query_of(request),
        may_order=bool(visitor(request).roles & ORDERERS),
    )
    return told(request, shown)


@pages.get("/orders/export", roles=CUSTOMERS)
def export_orders(request: Request) -> Response:
    """Return the orders as they are listed, as a file."""
    asked = ExportOrdersRequest(parent=own(request), **kind_of(request), **asked_for(request))
    return file(call(request, OrderingServiceStub, "ExportOrders", asked), file_name(request))


def _listed(request: Request) -> ListOrdersResponse:
    asked = ListOrdersRequest(
        parent=own(request),
        page_size=ROWS,
        page_token=request.query_params.get("page_token", ""),
        **asked_for(request),
    )
    found: ListOrdersResponse = call(request, OrderingServiceStub, "ListOrders", asked)
    return found
