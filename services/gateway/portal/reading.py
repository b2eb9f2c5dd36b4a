"""Reading an order for the page that is about it."""

from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import GetOrderRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request

from services.gateway.portal.space import own
from shared.web import call


def order_name(request: Request) -> str:
    """Return the order the address names.

    `?of=` names the enterprise that placed it, where that is not the reader's own (R78).
    """
    order = request.path_params["order"]
    placed_by = request.query_params.get("of")
    return f"enterprises/{placed_by}/orders/{order}" if placed_by else own(request, "orders", order)


def order_of(request: Request) -> Order:
    """Return the order the address names, with its lines."""
    order: Order = call(
        request, OrderingServiceStub, "GetOrder", GetOrderRequest(name=order_name(request))
    )
    return order
