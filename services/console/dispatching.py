"""Sending finished batches to the customer."""

from collections.abc import Iterator
from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import DispatchShipmentRequest, ListWorkOrdersRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.fulfillment.v1.work_pb2 import Batch, Shipment, ShipmentItem, WorkOrder
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of, parent
from services.console.roles import PRODUCTION
from services.console.work_orders import work_order_of
from shared.errors import Malformed
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.addresses import FIELDS, address_in

pages = Pages(Path(__file__).parent)

MOST = 200
SEPARATOR = "#"
"""Between work order and batch number in a field's name; names of work orders have none."""

LABELLED = (*FIELDS, "phone")
"""What of an address goes along, as it was shown."""


class NothingToShip(Malformed):
    """No quantity was entered, so there is nothing to ship."""

    fix = "Enter how many units of at least one batch are shipped."


@pages.get("/work-orders/{enterprise}/{id}/dispatch", roles=PRODUCTION)
def show_dispatch(request: Request) -> Response:
    """Offer what is finished of the whole order, and ask who carries it."""
    work = work_order_of(request)
    asked = ListWorkOrdersRequest(parent=parent(request), order=work.order, page_size=MOST)
    every = call(request, FulfillmentServiceStub, "ListWorkOrders", asked).work_orders
    finished = list(_finished(every))
    # What is packed is labelled with what is shown here: it is refused if that changed since.
    return page(request, "dispatch.html", work=work, finished=finished, labelled=LABELLED)


@pages.post("/work-orders/{enterprise}/{id}/dispatch", roles=PRODUCTION, again=show_dispatch)
def dispatch(request: Request, form: Form) -> Response:
    """Dispatch the shipment."""
    items = list(_items(form))
    if not items:
        raise NothingToShip
    shipment = Shipment(
        order=form["order"],
        items=items,
        carrier=form["carrier"],
        tracking_no=form["tracking_no"],
        delivery_address=address_in(form) if "street" in form else None,
    )
    asked = DispatchShipmentRequest(
        parent=parent(request), shipment=shipment, request_id=form["request_id"]
    )
    sent = call(request, FulfillmentServiceStub, "DispatchShipment", asked)
    said = _("Shipment %(number)s is on its way.", number=sent.shipment_no)
    return redirect(request, page_of(named(request, "workOrders")), said)


def _finished(every: Iterator[WorkOrder]) -> Iterator[tuple[WorkOrder, Batch, str, int]]:
    """Return each finished batch with units left, its field's name, and how many are left.

    Of an order that ended nothing is shipped.
    """
    going_on = (each for each in every if each.state != WorkOrder.CLOSED)
    for work in sorted(going_on, key=lambda each: each.line_no):
        for batch in work.batches:
            left = batch.quantity - batch.shipped_quantity
            if batch.state == Batch.COMPLETED and left > 0:
                yield work, batch, f"{work.name}{SEPARATOR}{batch.production_batch_no}", left


def _items(form: Form) -> Iterator[ShipmentItem]:
    for field in form:
        work, separator, batch = field.partition(SEPARATOR)
        if separator and form[field] not in ("", "0"):
            quantity = form.number(field)
            yield ShipmentItem(work_order=work, production_batch_no=batch, quantity=quantity)
