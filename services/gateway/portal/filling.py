"""Filling an order from a spreadsheet: pasted or as a file, tried first, row by row (R37)."""

from dataclasses import dataclass
from pathlib import Path

from millrun.ordering.v1.filling_pb2 import ImportedLine
from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import ImportOrderLinesRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.text import refused

pages = Pages(Path(__file__).parent)


@pages.get("/orders/{order}/import", roles=ORDERERS)
def show_import(request: Request) -> Response:
    """Ask for the rows."""
    order = order_of(request)
    if order.state != Order.DRAFT:
        return redirect(request, _order(request))
    return page(request, "order_import.html", order=order)


@pages.post("/orders/{order}/import", roles=ORDERERS, again=show_import)
def import_lines(request: Request, form: Form) -> Response:
    """Try the rows; add them if all can be ordered, else show what is wrong with which."""
    chosen = form.upload("file")
    asked = ImportOrderLinesRequest(
        name=from_path(request, "orders", "order"),
        content=chosen.content if chosen else form["rows"].encode(),
        etag=form["etag"],
        request_id=form["request_id"],
        validate_only=True,
    )
    tried = call(request, OrderingServiceStub, "ImportOrderLines", asked)
    if wrong := [_said(line) for line in tried.lines if line.reason]:
        request.state.form = form
        order, many = order_of(request), len(tried.lines)
        return page(request, "order_import.html", order=order, wrong=wrong, tried=many)
    asked.validate_only = False
    added = call(request, OrderingServiceStub, "ImportOrderLines", asked)
    return redirect(
        request, _order(request), _("%(count)s lines are added.", count=len(added.lines))
    )


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be ordered, in the reader's language."""

    line: ImportedLine
    why: str
    fix: str


def _said(line: ImportedLine) -> Wrong:
    return Wrong(
        line,
        refused("refusal", line.reason, line.facts, line.message),
        refused("fix", line.reason, line.facts, line.fix),
    )


def _order(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"
