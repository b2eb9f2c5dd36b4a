"""Agreeing to what a buyer asks to change, and on the prices that go with it."""

from pathlib import Path

from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import ConfirmAmendmentRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.beside import beside_its_field
from services.console.line_prices import line_prices, service_prices
from services.console.orders import order_of
from services.console.roles import BUSINESS, TECHNICAL
from shared.web import Form, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)

AGREE = "/orders/{enterprise}/{id}/amendment/confirm"


@pages.get(AGREE, roles=BUSINESS)
def show_agree(request: Request) -> Response:
    """Ask for the prices that go with the change; what would hold stands there."""
    return _agree(request, order_of(request), None)


@pages.post(AGREE, roles=BUSINESS | TECHNICAL, again=show_agree)
def confirm_amendment(request: Request, form: Form) -> Response:
    """Agree to what the buyer asked for, or only show what the prices mean (a dry run)."""
    asked = ConfirmAmendmentRequest(
        name=named(request, "orders"),
        prices=line_prices(form),
        service_prices=service_prices(form),
        etag=form["etag"],
        request_id=form["request_id"],
        validate_only=bool(form["preview"]),
    )
    with beside_its_field(form, lambda: order_of(request)):
        order: Order = call(request, OrderingServiceStub, "ConfirmAmendment", asked)
    if asked.validate_only:
        request.state.form = form
        return _agree(request, order_of(request), order)
    return redirect(request, page_of(order.name), _("You agreed."))


def _agree(request: Request, order: Order, preview: Order | None) -> Response:
    if not order.HasField("amendment"):
        done = _("Nothing is proposed any more.")
        return redirect(request, page_of(order.name), done, kind="info")
    return page(
        request,
        "order_agree.html",
        order=order,
        preview=preview,
        quantities={line.line_no: line.quantity for line in order.lines},
        also_technical=preview and Amendment.PROJECT_MANAGER in preview.amendment.awaits,
    )
