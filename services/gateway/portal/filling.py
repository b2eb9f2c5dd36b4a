"""Filling an order from a spreadsheet: pasted or as a file, tried first, row by row (R37)."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.api.httpbody_pb2 import HttpBody
from millrun.catalog.v1.catalog_pb2 import ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.ordering.v1.filling_pb2 import ImportedLine
from millrun.ordering.v1.order_pb2 import Family, Order
from millrun.ordering.v1.ordering_pb2 import ImportOrderLinesRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.on_top import sold_for
from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path, own
from shared.errors import Malformed
from shared.web import Form, Pages, _, call, ngettext, page, redirect, together
from shared.web.files import file
from shared.web.formats import last
from shared.web.refusals import refused

pages = Pages(Path(__file__).parent)

MARK = "\ufeff"
"""So that spreadsheet programs read the file as UTF-8."""


class NoRows(Malformed):
    """There are no rows to add."""

    fix = "Paste some, or choose a file that has some."

    def __init__(self) -> None:
        super().__init__(field="rows")


@pages.get("/orders/{order}/import", roles=ORDERERS)
def show_import(request: Request) -> Response:
    """Ask for the rows."""
    order = order_of(request)
    if order.state != Order.DRAFT:
        return redirect(request, _order(request))
    return _asking(request, order)


@pages.get("/orders/{order}/import/sample", roles=ORDERERS)
def download_sample(request: Request) -> Response:
    """Return a file as it is imported, of products and services that can be ordered."""
    order = order_of(request)
    licensed = order.family == Family.LICENSE
    wanted = ListProductsRequest(
        parent=own(request), owner=order.owner, orderable=True, page_size=2
    )
    found = together(
        request, products=(CatalogServiceStub, "ListProducts", wanted), services=sold_for()
    )
    listed = found["products"].answer
    sold = found["services"].answer
    codes = [] if licensed or not sold else [last(e.name) for e in sold.value_added_services[:2]]
    head = [_("PID or model"), _("Quantity"), _("SKU") if licensed else _("Services")]
    rows = [
        [product.pid, "1000", "; ".join(codes) if number == 0 else ""]
        for number, product in enumerate(listed.products if listed else [])
    ]
    content = HttpBody(content_type="text/csv", data=_csv([head, *rows]))
    return file([content], _("lines-of-%(order)s", order=order.order_no))


def _csv(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return (MARK + text.getvalue()).encode()


@pages.post("/orders/{order}/import", roles=ORDERERS, again=show_import)
def import_lines(request: Request, form: Form) -> Response:
    """Try the rows; add them if all can be ordered, else show what is wrong with which."""
    chosen = form.upload("file")
    content = chosen.content if chosen else form["rows"].encode()
    if not content:
        raise NoRows
    asked = ImportOrderLinesRequest(
        name=from_path(request, "orders", "order"),
        content=content,
        etag=form["etag"],
        request_id=form["request_id"],
        validate_only=True,
    )
    tried = call(request, OrderingServiceStub, "ImportOrderLines", asked)
    if wrong := [_said(line) for line in tried.lines if line.reason]:
        request.state.form = form
        return _asking(request, order_of(request), wrong=wrong, tried=len(tried.lines))
    asked.validate_only = False
    added = call(request, OrderingServiceStub, "ImportOrderLines", asked)
    return redirect(
        request,
        _order(request),
        ngettext(
            "%(count)s line is added.",
            "%(count)s lines are added.",
            len(added.lines),
            count=len(added.lines),
        ),
    )


def _asking(request: Request, order: Order, **more: Any) -> Response:
    """Ask for rows, and say which services can stand in them."""
    licensed = order.family == Family.LICENSE
    found = {} if licensed else together(request, services=sold_for())
    answer = found["services"].answer if found else None
    sold = [
        each
        for each in (answer.value_added_services if answer else [])
        if order.purpose in each.purposes
    ]
    return page(request, "order_import.html", order=order, licensed=licensed, sold=sold, **more)


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
