"""Ending an order costs more the further it is: whether it went on since its buyer asked."""

from google.type.money_pb2 import Money
from millrun.ordering.v1.ending_pb2 import Liability
from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import GetLiabilityRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request

from shared.web.calls import call


def costlier(request: Request, order: Order) -> Money | None:
    """Return what ending `order` costs now, if its buyer was shown less when they asked; else None.

    They are held to no more than they were shown, so nobody can end it at that.
    """
    if not order.HasField("cancellation"):
        return None
    now: Liability = call(
        request, OrderingServiceStub, "GetLiability", GetLiabilityRequest(name=order.name)
    )
    shown = order.cancellation.liability.amount
    risen = (now.amount.units, now.amount.nanos) > (shown.units, shown.nanos)
    return now.amount if risen else None
