"""What in a draft can no longer be ordered, said in the reader's language before a submit."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from millrun.ordering.v1.filling_pb2 import Obstacle
from millrun.ordering.v1.order_pb2 import Order, OrderLine, Purpose
from millrun.ordering.v1.ordering_pb2 import ListObstaclesRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request

from services.gateway.portal.space import product_page
from shared.web import together
from shared.web.refusals import refused

NOT_THERE = "PRODUCT_NOT_FOUND"
"""Of what is not there for the reader there are no checks to be read."""


@dataclass(frozen=True)
class InTheWay:
    """Why a line, or the whole draft, would be refused, and who can do what about it."""

    why: str
    fix: str
    checks: str
    """Where all checks of the line are; empty where there are none."""


def in_the_way(request: Request, order: Order) -> Mapping[int, InTheWay]:
    """Return what of a draft can no longer be ordered, by line; 0 stands for whoever orders.

    What nobody answers for is not known: submitting the draft is refused all the same.
    """
    asked = ListObstaclesRequest(name=order.name)
    answer = together(request, of=(OrderingServiceStub, "ListObstacles", asked))["of"].answer
    lines = {line.line_no: line for line in order.lines}
    found = answer.obstacles if answer else []
    return {each.line_no: _said(each, order, lines.get(each.line_no)) for each in found}


def _said(found: Obstacle, order: Order, line: OrderLine | None) -> InTheWay:
    return InTheWay(
        why=refused("refusal", found.reason, found.facts, found.message),
        fix=refused("fix", found.reason, found.facts, found.fix),
        checks=_checks(order, line) if line and found.reason != NOT_THERE else "",
    )


def _checks(order: Order, line: OrderLine) -> str:
    wanted = {"purpose": Purpose.Name(order.purpose), "quantity": line.quantity}
    codes = {"license_type": line.license_type} if line.license_type else {}
    return f"{product_page(line.product)}/why?{urlencode(wanted | codes)}"
