"""What the vendor's people do with an order: confirm, reject, hold, release. One task a page."""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import (
    ConfirmPriceRequest,
    ConfirmSoftwareRequest,
    HoldOrderRequest,
    RejectOrderRequest,
    ReleaseOrderRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console import possible
from services.console.addresses import named, page_of
from services.console.beside import beside_its_field
from services.console.firmware import every_firmware
from services.console.line_prices import line_prices, service_prices
from services.console.orders import order_of
from services.console.reading import end_of_day, or_usual
from services.console.roles import BUSINESS, MANAGERS, TECHNICAL
from shared.clock import now
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.formats import enum

pages = Pages(Path(__file__).parent)


@pages.get("/orders/{enterprise}/{id}/price", roles=BUSINESS)
def show_price(request: Request) -> Response:
    """Ask for prices and terms."""
    return _priced(request, None)


@pages.post("/orders/{enterprise}/{id}/price", roles=BUSINESS, again=show_price)
def confirm_price(request: Request, form: Form) -> Response:
    """Confirm prices and terms, or only show what they mean (a dry run)."""
    asked = ConfirmPriceRequest(
        name=named(request, "orders"),
        prices=line_prices(form),
        service_prices=service_prices(form),
        deposit_percent=or_usual(form, "deposit_percent"),
        lead_time_days=or_usual(form, "lead_time_days"),
        valid_until=end_of_day(form, "valid_until"),
        etag=form["etag"],
        request_id=form["request_id"],
        validate_only=bool(form["preview"]),
    )
    with beside_its_field(form, lambda: order_of(request)):
        order: Order = call(request, OrderingServiceStub, "ConfirmPrice", asked)
    if asked.validate_only:
        request.state.form = form
        return _priced(request, order)
    return redirect(request, page_of(order.name), _("The price is confirmed."))


def _priced(request: Request, preview: Order | None) -> Response:
    order = order_of(request)
    why_not = _not_now(possible.for_order(request, order).price)
    return page(request, "order_price.html", order=order, preview=preview, why_not=why_not)


@pages.get("/orders/{enterprise}/{id}/software", roles=TECHNICAL)
def show_software(request: Request) -> Response:
    """Show what would be burnt into each line."""
    order = order_of(request)
    may, states = possible.for_order(request, order), _states(request, order)
    why_not = _not_now(may.software) or _retired(order, states)
    return page(
        request, "order_software.html", order=order, states=states, why_not=why_not, may=may
    )


def _states(request: Request, order: Order) -> dict[str, str]:
    """Return how far each firmware is trusted now, as far as the catalogue says."""
    parts = every_firmware(request, {line.module for line in order.lines}).values()
    answers = [part.answer for part in parts if part.answer]
    return {each.name: enum(each, "state") for answer in answers for each in answer.firmware}


def _retired(order: Order, states: Mapping[str, str]) -> str:
    """Say which firmware of an order may not be burnt any more; nothing if all may."""
    retired = [each for each in order.lines if states.get(each.firmware) == "RETIRED"]
    if not retired:
        return ""
    version = retired[0].firmware_version
    return _("Firmware %(version)s is retired: ask for another one, or reject.", version=version)


@pages.post("/orders/{enterprise}/{id}/software", roles=TECHNICAL, again=show_software)
def confirm_software(request: Request, form: Form) -> Response:
    """Confirm the software."""
    order = _send(request, "ConfirmSoftware", ConfirmSoftwareRequest, form)
    return redirect(request, page_of(order.name), _("The software is confirmed."))


@pages.get("/orders/{enterprise}/{id}/reject", roles=BUSINESS | TECHNICAL)
def show_reject(request: Request) -> Response:
    """Ask why the order is rejected."""
    order = order_of(request)
    why_not = _not_now(possible.for_order(request, order).reject)
    return page(request, "order_reject.html", order=order, why_not=why_not)


@pages.post("/orders/{enterprise}/{id}/reject", roles=BUSINESS | TECHNICAL, again=show_reject)
def reject(request: Request, form: Form) -> Response:
    """Reject the order."""
    order = _send(request, "RejectOrder", RejectOrderRequest, form, reason=form["reason"])
    return redirect(request, page_of(order.name), _("The order is rejected."))


@pages.get("/orders/{enterprise}/{id}/hold", roles=MANAGERS)
def show_hold(request: Request) -> Response:
    """Ask why the order is put on hold."""
    return page(request, "order_hold.html", order=order_of(request))


@pages.post("/orders/{enterprise}/{id}/hold", roles=MANAGERS, again=show_hold)
def hold(request: Request, form: Form) -> Response:
    """Put the order on hold."""
    order = _send(request, "HoldOrder", HoldOrderRequest, form, reason=form["reason"])
    return redirect(request, page_of(order.name), _("The order is on hold."))


@pages.get("/orders/{enterprise}/{id}/release", roles=MANAGERS)
def show_release(request: Request) -> Response:
    """Ask why the order may go on; one that could be signed only while it was held will expire."""
    order = order_of(request)
    return page(request, "order_release.html", order=order, lapsed=_lapsed(order))


@pages.post("/orders/{enterprise}/{id}/release", roles=MANAGERS, again=show_release)
def release(request: Request, form: Form) -> Response:
    """Let the order go on."""
    order = _send(request, "ReleaseOrder", ReleaseOrderRequest, form, reason=form["reason"])
    return redirect(request, page_of(order.name), _("The order goes on."))


def _not_now(may: str | None) -> str:
    """Say why a form is not sent, to who comes to it later than its button was shown."""
    return _("There is nothing of the kind to decide about the order now.") if may is None else may


def _lapsed(order: Order) -> bool:
    """Whether the time is over in which the customer could sign or pay."""
    until = order.terms.valid_until if order.HasField("terms") else None
    waits = order.state == Order.CONFIRMED and not order.settled.units
    return bool(waits and until and until.ToDatetime(UTC) <= now())


def _send(request: Request, method: str, message: type[Any], form: Form, **fields: str) -> Order:
    asked = message(
        name=named(request, "orders"), etag=form["etag"], request_id=form["request_id"], **fields
    )
    order: Order = call(request, OrderingServiceStub, method, asked)
    return order
