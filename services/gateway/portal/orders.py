"""The list of orders (R12)."""

from pathlib import Path

from millrun.ordering.v1.order_pb2 import Order, WaitingOn
from millrun.ordering.v1.ordering_pb2 import ListOrdersRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, ORDERERS, own
from shared.web import Nav, Pages, call, page, visitor

pages = Pages(Path(__file__).parent)

STATES = tuple(Order.State.keys()[1:])


@pages.get("/orders", roles=CUSTOMERS, nav=Nav("Orders", icon="clipboard-list"))
def show_orders(request: Request) -> Response:
    """List orders, the newest first."""
    wanted = request.query_params
    state = wanted.get("state", "")
    mine = WaitingOn.BUYER if "mine" in wanted else WaitingOn.PARTY_UNSPECIFIED
    asked = ListOrdersRequest(
        parent=own(request),
        page_size=20,
        page_token=wanted.get("page_token", ""),
        states=[Order.State.Value(state)] if state in STATES else [],
        search=wanted.get("q", ""),
        waiting_on=mine,
    )
    found = call(request, OrderingServiceStub, "ListOrders", asked)
    return page(
        request,
        "orders.html",
        fragment="rows",
        orders=found.orders,
        next_page_token=found.next_page_token,
        states=STATES,
        state=state,
        may_order=bool(visitor(request).roles & ORDERERS),
    )
