"""The order form: filled in, kept for later, and off it goes (R57-R60)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from google.type.money_pb2 import Money
from millrun.ordering.v1.address_book_pb2 import AddressBookEntry
from millrun.ordering.v1.duplicate_pb2 import Duplicate
from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile
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

from services.gateway.portal.addresses import book_of
from services.gateway.portal.addresses import keep as keep_address
from services.gateway.portal.invoice_titles import called, title_in, titles_of
from services.gateway.portal.invoice_titles import keep as keep_title
from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path
from shared.errors import Refusal
from shared.web import Form, Pages, Problem, _, call, page, redirect
from shared.web.addresses import address_in, countries
from shared.web.formats import last
from shared.web.typed import amount_of

pages = Pages(Path(__file__).parent)


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
    titles = titles_of(request)
    models = [line.model for line in order.lines if line.model]
    total_now = _total_now(request)
    return page(
        request,
        "order_form.html",
        order=order,
        form_of=order.form,
        model_no=order.form.model_no or (models[0] if models else ""),
        place=_place(order.form, entries),
        title=_title(order.form, titles),
        entries=entries,
        titles=titles,
        countries=countries(),
        duplicates=_duplicates(request, order),
        total_now=total_now,
        now=_priced_now(request, order, total_now) if total_now else order,
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
    if form["use_address"] or form["use_title"]:
        _use(request, form, filled["form"])
        call(request, OrderingServiceStub, "SaveOrderForm", SaveOrderFormRequest(**filled))
        return redirect(request, f"{_page(request)}/form")
    if form["save"]:
        call(request, OrderingServiceStub, "SaveOrderForm", SaveOrderFormRequest(**filled))
        return _done(request, form, _("The order form is kept as it is."))
    asked = SubmitOrderRequest(
        **filled,
        acknowledged_duplicates=form.all("acknowledged"),
        expected_total=_expected(form["expected_total"]),
    )
    order = call(request, OrderingServiceStub, "SubmitOrder", asked)
    done = _("Order %(number)s is submitted. Your business manager knows.", number=order.order_no)
    return _done(request, form, done)


def _done(request: Request, form: Form, done: str) -> Response:
    """Go on to the order; what was typed is kept in the books if that was asked for.

    The order comes first: that something cannot be kept is no reason not to take it.
    """
    told, kind = done, "success"
    for sentence, keep_it in _wishes(request, form):
        try:
            keep_it()
        except Refusal as refusal:
            why = Problem.of(refusal).detail
            told, kind = _(sentence, done=told, why=why), "info"
    return redirect(request, _page(request), told, kind=kind)


def _wishes(request: Request, form: Form) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what was asked to be kept, each with what is told if it cannot be."""
    if label := form["keep_as"]:
        address = address_in(form, "delivery_address_phone")
        sentence = _("%(done)s The address is not kept: %(why)s")
        yield sentence, partial(keep_address, request, label, address, form["keep_id"])
    if form["keep_title"] and (title := title_in(form, "invoice_title_phone")):
        label = called("", title)
        sentence = _("%(done)s The invoice title is not kept: %(why)s")
        yield sentence, partial(keep_title, request, label, title, form["keep_title_id"])


def _use(request: Request, form: Form, filled: OrderForm) -> None:
    """Put an address or a title that is kept into what was filled in; none if it is gone."""
    if wanted := _picked(form, "address"):
        for entry in book_of(request):
            if last(entry.name) == wanted:
                filled.delivery_address.CopyFrom(entry.address)
    if wanted := _picked(form, "title"):
        for profile in titles_of(request):
            if last(profile.name) == wanted:
                filled.invoice_title.CopyFrom(profile.invoice_title)


def _picked(form: Form, name: str) -> str:
    """Return which entry was picked: by its own button, or in the list beside one."""
    picked = form[f"use_{name}"]
    return form[f"kept_{name}"] if picked == "chosen" else picked


def _place(form: OrderForm, entries: Sequence[AddressBookEntry]) -> Address:
    """Return the address the form begins with: the default one if none was filled in yet."""
    if form.delivery_address == Address():
        return next((each.address for each in entries if each.default), form.delivery_address)
    return form.delivery_address


def _title(form: OrderForm, titles: Sequence[InvoiceProfile]) -> InvoiceTitle | None:
    """Return the title the form begins with: the default one if nothing was filled in yet."""
    if not any(_said(part) for _, part in form.ListFields()):
        return next((each.invoice_title for each in titles if each.default), None)
    return form.invoice_title if form.HasField("invoice_title") else None


def _said(part: Any) -> bool:
    """Whether a field says anything: an empty address is there, and says nothing."""
    return bool(part.ListFields()) if isinstance(part, Message) else bool(part)


def _duplicates(request: Request, order: Order) -> Sequence[tuple[Duplicate, list[Compared]]]:
    """Return the earlier orders a refused one looks like, line by line beside its own (R15)."""
    if not request.state.problem or request.state.problem.reason != "LIKELY_DUPLICATE":
        return []
    asked = ListDuplicatesRequest(name=order.name, form=_filled(request.state.form))
    found = call(request, OrderingServiceStub, "ListDuplicates", asked).duplicates
    return [(each, [_compared(order, line) for line in each.lines]) for each in found]


def _compared(order: Order, earlier: Duplicate.Line) -> Compared:
    """Return the line that looks like an earlier one: of several licences for a product, nearly
    as many."""
    alike = (line for line in order.lines if line.product == earlier.product)
    line = min(alike, key=lambda each: abs(each.quantity - earlier.quantity))
    return Compared(line, earlier.quantity)


def _total_now(request: Request) -> str:
    """Return what the order comes to by now, once the reader was told that it is something else."""
    problem, form = request.state.problem, request.state.form
    if problem and problem.reason == "PRICES_CHANGED":
        return str(problem.facts["total"])
    return form["expected_total"] if form else ""


def _priced_now(request: Request, order: Order, total: str) -> Order:
    """Return the order as it would be submitted; as it is, if something else is refused."""
    form = request.state.form
    tried = SubmitOrderRequest(
        name=order.name,
        form=_filled(form),
        acknowledged_duplicates=form.all("acknowledged"),
        expected_total=_expected(total),
        validate_only=True,
    )
    try:
        priced: Order = call(request, OrderingServiceStub, "SubmitOrder", tried)
    except Refusal:
        return order
    return priced


def _expected(total: str) -> Money | None:
    """Read a total as refusals say it, `620.00 CNY`; None for nothing."""
    amount, _blank, currency = total.rpartition(" ")
    return amount_of(amount, "expected_total", currency) if total else None


def _page(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"


def _filled(form: Form) -> OrderForm:
    return OrderForm(
        po_no=form["po_no"],
        customer_batch_no=form["customer_batch_no"],
        model_no=form["model_no"],
        material_model=form["material_model"],
        delivery_address=address_in(form, "delivery_address_phone"),
        invoice_title=title_in(form, "invoice_title_phone"),
        remarks=form["remarks"],
        requested_delivery_date=form["requested_delivery_date"],
    )
