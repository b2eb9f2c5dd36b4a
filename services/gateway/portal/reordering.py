"""Ordering again: what cannot be had any more is shown before a draft is made of the rest."""

from dataclasses import dataclass
from pathlib import Path

from millrun.ordering.v1.filling_pb2 import LeftOutLine
from millrun.ordering.v1.ordering_pb2 import ReorderOrderRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.order import show_order
from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.formats import last
from shared.web.refusals import refused

pages = Pages(Path(__file__).parent)


@pages.post("/orders/{order}/reorder", roles=ORDERERS, again=show_order)
def reorder_order(request: Request, form: Form) -> Response:
    """Try it; make the draft if all of it can be ordered or the reader knows what cannot."""
    asked = ReorderOrderRequest(
        name=from_path(request, "orders", "order"),
        request_id=form["request_id"],
        validate_only=True,
    )
    if not form["knowing"]:
        tried = call(request, OrderingServiceStub, "ReorderOrder", asked)
        if tried.left_out:
            left_out = [_said(line) for line in tried.left_out]
            return page(
                request,
                "order_again.html",
                earlier=order_of(request),
                order=tried.order,
                left_out=left_out,
            )
    asked.validate_only = False
    made = call(request, OrderingServiceStub, "ReorderOrder", asked)
    done = _(
        "A new order like %(order)s, at the prices of today. Look at it, then fill in the form.",
        order=order_of(request).order_no,
    )
    return redirect(request, f"/orders/{last(made.order.name)}", done)


@dataclass(frozen=True)
class LeftOut:
    """A line that cannot be ordered again, in the reader's language."""

    line: LeftOutLine
    why: str
    fix: str


def _said(line: LeftOutLine) -> LeftOut:
    return LeftOut(
        line,
        refused("refusal", line.reason, line.facts, line.message),
        refused("fix", line.reason, line.facts, line.fix),
    )
