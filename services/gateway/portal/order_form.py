"""The order form: filled in, kept for later, and off it goes (R57-R60)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millrun.ordering.v1.address_book_pb2 import AddressBookEntry
from millrun.ordering.v1.duplicate_pb2 import Duplicate
from millrun.ordering.v1.order_pb2 import (
    Address,
    Family,
    InvoiceTitle,
    Order,
    OrderForm,
    OrderLine,
)
from millrun.ordering.v1.ordering_pb2 import (
    ListDuplicatesRequest,
    SaveOrderFormRequest,
    SubmitOrderRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.addresses import address_in, book_of, countries, keep
from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path
from shared.errors import Refusal
from shared.web import Form, Pages, Problem, _, call, page, redirect
from shared.web.formats import last

pages = Pages(Path(__file__).parent)

TITLE = ("title", "tax_id", "address", "bank", "bank_account")
INVOICE_TYPES = frozenset(InvoiceTitle.Type.keys()[1:])


@dataclass(frozen=True)
class Compared:
    """A line of an order beside the same product of an earlier one."""

    line: OrderLine
    earlier: int
    """How many units the earlier order has."""


@pages.get("/orders/{order}/form", roles=ORDERERS)
def show_form(request: Request) -> Response:
    """Show the order form, filled in as far as it is known."""
    order = order_of(request)
    if order.state != Order.DRAFT:
        return redirect(request, _page(request))
    entries = [] if order.family == Family.LICENSE else book_of(request)
    models = [line.model for line in order.lines if line.model]
    return page(
        request,
        "order_form.html",
        order=order,
        form_of=order.form,
        model_no=order.form.model_no or (models[0] if models else ""),
        place=_place(order.form, entries),
        entries=entries,
        countries=countries(),
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
    if form["use"]:
        _use(request, form["entry"], filled)
        return redirect(request, f"{_page(request)}/form")
    if form["save"]:
        call(request, OrderingServiceStub, "SaveOrderForm", SaveOrderFormRequest(**filled))
        return _done(request, form, _("The order form is kept as it is."))
    asked = SubmitOrderRequest(**filled, acknowledged_duplicates=form.all("acknowledged"))
    order = call(request, OrderingServiceStub, "SubmitOrder", asked)
    done = _("Order %(number)s is submitted. Your business manager knows.", number=order.order_no)
    return _done(request, form, done)


def _done(request: Request, form: Form, done: str) -> Response:
    """Go on to the order; what was typed is kept in the address book if that was asked for.

    The order comes first: that its address cannot be kept is no reason not to take it.
    """
    if label := form["keep_as"]:
        try:
            keep(request, label, address_in(form, "delivery_address_phone"), form["keep_id"])
        except Refusal as refusal:
            why = Problem.of(refusal).detail
            told = _("%(done)s The address is not kept: %(why)s", done=done, why=why)
            return redirect(request, _page(request), told, kind="info")
    return redirect(request, _page(request), done)


def _use(request: Request, entry: str, filled: dict[str, Any]) -> None:
    """Keep the form with an address of the address book instead of the one in it."""
    chosen = [each for each in book_of(request) if last(each.name) == entry]
    if chosen:
        filled["form"].delivery_address.CopyFrom(chosen[0].address)
    call(request, OrderingServiceStub, "SaveOrderForm", SaveOrderFormRequest(**filled))


def _place(form: OrderForm, entries: Sequence[AddressBookEntry]) -> Address:
    """Return the address the form begins with: the default one if none was filled in yet."""
    if form.delivery_address == Address():
        return next((each.address for each in entries if each.default), form.delivery_address)
    return form.delivery_address


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
    return OrderForm(
        po_no=form["po_no"],
        customer_batch_no=form["customer_batch_no"],
        model_no=form["model_no"],
        material_model=form["material_model"],
        delivery_address=address_in(form, "delivery_address_phone"),
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
