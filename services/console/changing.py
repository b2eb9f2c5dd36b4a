"""What managers and buyers change together after an order was submitted, and orders that end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millrun.ordering.v1.order_pb2 import Order, OrderLine, OrderLineService
from millrun.ordering.v1.ordering_pb2 import (
    AcceptCancellationRequest,
    DeclineCancellationRequest,
    OrderChange,
    ProposeAmendmentRequest,
    RejectAmendmentRequest,
    ServicePrice,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.beside import beside_its_field
from services.console.firmware import every_firmware
from services.console.line_prices import PARTS, service_prices
from services.console.orders import order_of
from services.console.reading import amount
from services.console.roles import BUSINESS, TECHNICAL
from shared.web import Form, Pages, _, call, page, redirect, visitor
from shared.web.addresses import address_in, countries
from shared.web.burnable import may_be_burnt
from shared.web.changeable import parts_of
from shared.web.formats import enum, words

pages = Pages(Path(__file__).parent)

PATH = "/orders/{enterprise}/{id}"


@pages.get(PATH + "/propose", roles=BUSINESS | TECHNICAL)
def show_propose(request: Request) -> Response:
    """Ask what the buyer is to agree to."""
    return _propose(request, order_of(request), None)


@pages.post(PATH + "/propose", roles=BUSINESS | TECHNICAL, again=show_propose)
def propose_amendment(request: Request, form: Form) -> Response:
    """Ask the buyer to agree to a change, or only show what it means (a dry run)."""
    before = order_of(request)
    asked = ProposeAmendmentRequest(
        **_asked(request, form),
        changes=[*_of_lines(before, form), *_of_delivery(before, form)],
        service_prices=_prices_of_services(before, form),
        reason=form["reason"],
        validate_only=bool(form["preview"]),
    )
    with beside_its_field(form, lambda: before):
        order: Order = call(request, OrderingServiceStub, "ProposeAmendment", asked)
    if asked.validate_only:
        request.state.form = form
        return _propose(request, before, order)
    return redirect(request, page_of(order.name), _("The buyer is asked to agree."))


@pages.post(PATH + "/amendment/reject", roles=BUSINESS | TECHNICAL)
def reject_amendment(request: Request, form: Form) -> Response:
    """Turn a change down, or take it back."""
    done = _("The order stays as it was.")
    return _send(
        request, form, "RejectAmendment", RejectAmendmentRequest, done, reason=form["reason"]
    )


@pages.post(PATH + "/cancellation/accept", roles=BUSINESS)
def accept_cancellation(request: Request, form: Form) -> Response:
    """End the order as its buyer asked."""
    done = _("The order is ended.")
    return _send(request, form, "AcceptCancellation", AcceptCancellationRequest, done)


@pages.post(PATH + "/cancellation/decline", roles=BUSINESS)
def decline_cancellation(request: Request, form: Form) -> Response:
    """Do not end it."""
    return _send(
        request,
        form,
        "DeclineCancellation",
        DeclineCancellationRequest,
        _("The order goes on."),
        reason=form["reason"],
    )


def _propose(request: Request, order: Order, preview: Order | None) -> Response:
    """Show what each may ask for: project managers firmware, business managers all else."""
    versions = _versions(request, order) if visitor(request).has(*TECHNICAL) else {}
    return page(
        request,
        "order_propose.html",
        order=order,
        preview=preview,
        versions=versions,
        countries=countries(),
        fixed=parts_of(order),
    )


def _versions(request: Request, order: Order) -> dict[str, list[tuple[str, str]]]:
    """Return the firmware of each module that may be burnt for such an order, as options."""
    modules = {line.module for line in order.lines if line.firmware}
    return {
        module: [
            (each.name, f"{each.version} · {words(enum(each, 'state'))}")
            for each in part.answer.firmware
            if may_be_burnt(order, each)
        ]
        for module, part in every_firmware(request, modules).items()
        if part.answer
    }


def _of_lines(order: Order, form: Form) -> Iterator[OrderChange]:
    """Yield what is to be different about lines, as typed: ordering says what cannot be."""
    for line in order.lines:
        number = line.line_no
        if form[f"remove_{number}"]:
            yield OrderChange(line_no=number, remove_line=True)
            continue
        yield from _requantified(line, form, order.total.currency_code)
        if (version := form[f"firmware_{number}"]) and version != line.firmware:
            yield OrderChange(line_no=number, firmware=version)


def _requantified(line: OrderLine, form: Form, currency: str) -> Iterator[OrderChange]:
    """Yield another quantity, other prices or both; without a price the list's, or the agreed."""
    number, wanted = line.line_no, f"quantity_{line.line_no}"
    quantity = form.number(wanted) if wanted in form else line.quantity
    change = OrderChange(line_no=number, quantity=quantity)
    if form[f"price_{number}"]:
        change.unit_price.CopyFrom(amount(form, f"price_{number}", currency))
        change.price_reason = form[f"why_{number}"]
    repriced = change.HasField("unit_price") or any(_other_prices(line, form))
    if repriced or change.quantity != line.quantity:
        yield change


def _prices_of_services(order: Order, form: Form) -> Iterator[ServicePrice]:
    for line in order.lines:
        if not form[f"remove_{line.line_no}"]:
            yield from _other_prices(line, form)


def _other_prices(line: OrderLine, form: Form) -> Iterator[ServicePrice]:
    """Yield the prices of services on a line that were typed and are others than now."""
    there = {each.service: each for each in line.services}
    for price in service_prices(form):
        now = there.get(price.service) if price.line_no == line.line_no else None
        typed = {part.name for part, _value in price.ListFields()}.intersection(PARTS.values())
        if now and typed and _costs(price) != _costs(now):
            yield price


def _costs(price: ServicePrice | OrderLineService) -> list[tuple[int, int]]:
    """Return what a service costs, part by part; nothing and 0 are one, as forms have them."""
    parts = (getattr(price, part) for part in PARTS.values())
    return [(part.units, part.nanos) for part in parts]


def _of_delivery(order: Order, form: Form) -> Iterator[OrderChange]:
    if (day := form["delivery_date"]) and day != order.form.requested_delivery_date:
        yield OrderChange(delivery_date=day)
    if "street" in form and (address := address_in(form)) != order.form.delivery_address:
        yield OrderChange(delivery_address=address)


def _send(
    request: Request, form: Form, method: str, message: type[Any], done: str, **more: str
) -> Response:
    asked = message(**_asked(request, form), **more)
    order: Order = call(request, OrderingServiceStub, method, asked)
    return redirect(request, page_of(order.name), done)


def _asked(request: Request, form: Form) -> dict[str, Any]:
    return {
        "name": named(request, "orders"),
        "etag": form["etag"],
        "request_id": form["request_id"],
    }
