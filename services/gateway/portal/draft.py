"""An order that is being filled: its lines, then the form, then off it goes (R56-R60)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from millrun.ordering.v1.duplicate_pb2 import Duplicate
from millrun.ordering.v1.order_pb2 import Address, InvoiceTitle, Order, OrderForm, OrderLine
from millrun.ordering.v1.ordering_pb2 import (
    ChangeOrderLineRequest,
    ListDuplicatesRequest,
    RemoveOrderLineRequest,
    SaveOrderFormRequest,
    SubmitOrderRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.text import language

pages = Pages(Path(__file__).parent)

ADDRESS = ("recipient", "street", "city", "region", "postal_code", "country_code")
TITLE = ("title", "tax_id", "address", "bank", "bank_account")
INVOICE_TYPES = frozenset(InvoiceTitle.Type.keys()[1:])


@dataclass(frozen=True)
class Compared:
    """A line of an order beside the same product of an earlier one."""

    line: OrderLine
    earlier: int
    """How many units the earlier order has."""


@pages.post("/orders/{order}/lines/{line:int}", roles=ORDERERS)
def change_line(request: Request, form: Form) -> Response:
    """Change the quantity of a line, or remove it."""
    line = {
        "name": from_path(request, "orders", "order"),
        "line_no": request.path_params["line"],
        "etag": form["etag"],
        "request_id": form["request_id"],
    }
    if form["remove"]:
        removed = RemoveOrderLineRequest(**line)
        call(request, OrderingServiceStub, "RemoveOrderLine", removed)
        return redirect(request, _page(request), _("The line is removed."))
    changed = ChangeOrderLineRequest(**line, quantity=form.number("quantity"))
    call(request, OrderingServiceStub, "ChangeOrderLine", changed)
    return redirect(request, _page(request), _("The quantity is changed."))


@pages.get("/orders/{order}/form", roles=ORDERERS)
def show_form(request: Request) -> Response:
    """Show the order form, filled in as far as it is known."""
    order = order_of(request)
    if order.state != Order.DRAFT:
        return redirect(request, _page(request))
    models = [line.model for line in order.lines if line.model]
    return page(
        request,
        "order_form.html",
        order=order,
        form_of=order.form,
        model_no=order.form.model_no or (models[0] if models else ""),
        countries=_countries(),
        duplicates=_duplicates(request, order),
    )


@pages.post("/orders/{order}/form", roles=ORDERERS, again=show_form)
def submit_order(request: Request, form: Form) -> Response:
    """Submit the order, from where on the vendor acts; or keep the form for later."""
    filled: dict[str, Any] = {
        "name": from_path(request, "orders", "order"),
        "form": _filled(form),
        "etag": form["etag"],
        "request_id": form["request_id"],
    }
    if form["save"]:
        call(request, OrderingServiceStub, "SaveOrderForm", SaveOrderFormRequest(**filled))
        return redirect(request, _page(request), _("The order form is kept as it is."))
    asked = SubmitOrderRequest(**filled, acknowledged_duplicates=form.all("acknowledged"))
    order = call(request, OrderingServiceStub, "SubmitOrder", asked)
    done = _("Order %(number)s is submitted. Your business manager knows.", number=order.order_no)
    return redirect(request, _page(request), done)


def _duplicates(request: Request, order: Order) -> Sequence[tuple[Duplicate, list[Compared]]]:
    """Return the earlier orders a refused one looks like, line by line beside its own (R15)."""
    if not request.state.problem or request.state.problem.reason != "LIKELY_DUPLICATE":
        return []
    asked = ListDuplicatesRequest(name=order.name, form=_filled(request.state.form))
    found = call(request, OrderingServiceStub, "ListDuplicates", asked).duplicates
    here = {line.product: line for line in order.lines}
    return [
        (each, [Compared(here[line.product], line.quantity) for line in each.lines])
        for each in found
    ]


def _page(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"


def _filled(form: Form) -> OrderForm:
    address = {field: form[field] for field in ADDRESS}
    return OrderForm(
        po_no=form["po_no"],
        customer_batch_no=form["customer_batch_no"],
        model_no=form["model_no"],
        material_model=form["material_model"],
        delivery_address=Address(**address, phone=form["delivery_address_phone"]),
        invoice_title=_title(form),
        remarks=form["remarks"],
        requested_delivery_date=form["requested_delivery_date"],
    )


def _title(form: Form) -> InvoiceTitle | None:
    """Return how to invoice; None when no invoice was asked for."""
    kind = form["invoice"]
    if kind not in INVOICE_TYPES:
        return None
    title = {field: form[field] for field in TITLE}
    return InvoiceTitle(
        type=InvoiceTitle.Type.Value(kind), **title, phone=form["invoice_title_phone"]
    )


def _countries() -> list[tuple[str, str]]:
    """Return the countries by code, under their names in the reader's language."""
    named = Locale(language.get()).territories
    countries = [(code, name) for code, name in named.items() if len(code) == 2 and code.isalpha()]
    return sorted(countries, key=lambda country: country[1])
