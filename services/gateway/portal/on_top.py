"""What the vendor does on top of a line: what can be had, and choosing it (R22, R25)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from google.type.money_pb2 import Money
from millrun.catalog.v1.catalog_pb2 import ListValueAddedServicesRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.value_added_service_pb2 import Charge, ValueAddedService
from millrun.ordering.v1.order_pb2 import Order, OrderLine, OrderLineService, Purpose
from millrun.ordering.v1.ordering_pb2 import ChangeOrderLineServicesRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.reading import order_of
from services.gateway.portal.space import MOST, ORDERERS, from_path
from shared.errors import NotFound
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.formats import quantity, within, words
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

PATH = "/orders/{order}/lines/{line:int}/services"


class NoSuchLine(NotFound):
    """Order {order} has no line {line_no}."""

    fix = "Go back to the order; the line was removed."


@dataclass(frozen=True)
class Choice:
    """A service that is sold, or is on a line, and whether the line can have it."""

    service: ValueAddedService
    unit_price: Money | None
    """Of each unit at the line's quantity."""

    chosen: bool
    why_not: str = ""


@pages.get(PATH, roles=ORDERERS)
def show_services(request: Request) -> Response:
    """Show what can be done on top of a line."""
    order = order_of(request)
    line = _line(request, order)
    sold = call(request, *sold_for(line.module)).value_added_services
    offered = choices(sold, order, line, {each.service for each in line.services})
    return page(request, "line_services.html", order=order, line=line, choices=offered)


@pages.post(PATH, roles=ORDERERS, again=show_services)
def change_services(request: Request, form: Form) -> Response:
    """Have what was chosen on top of the line, and nothing else."""
    asked = ChangeOrderLineServicesRequest(
        name=from_path(request, "orders", "order"),
        line_no=request.path_params["line"],
        services=form.all("service"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "ChangeOrderLineServices", asked)
    here = f"/orders/{request.path_params['order']}"
    return redirect(request, here, _("The services are changed."))


def sold_for(module: str = "") -> Question:
    """Return the question what can be ordered on top of a module, or of any."""
    active = ValueAddedService.ACTIVE
    asked = ListValueAddedServicesRequest(module=module, state=active, page_size=MOST)
    return CatalogServiceStub, "ListValueAddedServices", asked


def choices(
    sold: Iterable[ValueAddedService], order: Order, line: OrderLine, chosen: Collection[str]
) -> list[Choice]:
    """Return what is sold for a line and what it has already; ordering has the last word.

    What an order was submitted with costs what was agreed on, whatever the list says now.
    """
    fitting = {each.name: each for each in sold if not each.modules or line.module in each.modules}
    agreed = {} if order.state == Order.DRAFT else {each.service: each for each in line.services}
    offered = [
        _choice(each, order, line, each.name in chosen)
        for each in fitting.values()
        if each.name not in agreed
    ]
    return offered + [
        Choice(
            _kept(each),
            each.unit_price if each.HasField("unit_price") else None,
            each.service in chosen,
            "" if each.service in agreed else _("It is not sold any more."),
        )
        for each in line.services
        if each.service in agreed or each.service not in fitting
    ]


def _choice(sold: ValueAddedService, order: Order, line: OrderLine, chosen: bool) -> Choice:
    reached = [tier for tier in sold.charge.price_tiers if tier.from_quantity <= line.quantity]
    return Choice(
        sold, reached[-1].unit_price if reached else None, chosen, _why_not(sold, order, line)
    )


def _why_not(sold: ValueAddedService, order: Order, line: OrderLine) -> str:
    if order.purpose not in sold.purposes:
        purpose = within(words(Purpose.Name(order.purpose)))
        return _("Not for %(purpose)s.", purpose=purpose)
    if line.quantity < sold.minimum_quantity:
        return _("For %(minimum)s pieces or more.", minimum=quantity(sold.minimum_quantity))
    if not sold.HasField("charge"):
        return _("There is no price for you yet. Ask your business manager.")
    return ""


def _kept(service: OrderLineService) -> ValueAddedService:
    return ValueAddedService(
        name=service.service,
        display_name=service.display_name,
        description=service.description,
        added_lead_time_days=service.added_lead_time_days,
        charge=Charge(
            price_per_order=service.price_per_order
            if service.HasField("price_per_order")
            else None,
            setup_fee=service.setup_fee if service.HasField("setup_fee") else None,
        ),
    )


def _line(request: Request, order: Order) -> OrderLine:
    number = request.path_params["line"]
    for line in order.lines:
        if line.line_no == number:
            return line
    raise NoSuchLine(order=order.order_no, line_no=number)
