"""Work orders: the list and the page production works on."""

from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import (
    DownloadTestDataRequest,
    GetWorkOrderRequest,
    ListShipmentsRequest,
    ListWorkOrdersRequest,
    StartProductionRequest,
)
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.fulfillment.v1.work_pb2 import Batch, WorkOrder
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of, parent
from services.console.errors import BatchNotFound
from services.console.reading import choices, chosen
from services.console.roles import FACTORY, PRODUCTION
from shared.web import Form, Nav, Pages, _, call, page, redirect, together
from shared.web.files import file

pages = Pages(Path(__file__).parent)

TO_SHIP = "FINISHED_AND_CLEARED_TO_SHIP"
"""What is finished and may be shipped, among the states one chooses from: a part of several."""


@pages.get("/work-orders", roles=FACTORY, nav=Nav("Work orders", icon="building-factory-2"))
def list_work_orders(request: Request) -> Response:
    """List work orders by state, or lead to what is to be done for one order."""
    state, order = chosen(request, "state", WorkOrder.State), request.query_params.get("order", "")
    asked = ListWorkOrdersRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        order=order,
        states=[state] if state else [],
        to_ship_only=request.query_params.get("state") == TO_SHIP,
    )
    found = call(request, FulfillmentServiceStub, "ListWorkOrders", asked)
    if order and not found.work_orders:  # Licences are issued, not made.
        return redirect(request, f"/licenseIssues?order={order}")
    if order and len(found.work_orders) == 1:
        return redirect(request, page_of(found.work_orders[0].name))
    states = [*choices(WorkOrder.State), TO_SHIP]
    return page(
        request, "work_orders.html", fragment="rows", found=found, states=states, order=order
    )


@pages.get("/work-orders/{enterprise}/{id}", roles=FACTORY)
def show_work_order(request: Request) -> Response:
    """Show a work order, its batches and its order's shipments."""
    work = work_order_of(request)
    shipments = ListShipmentsRequest(parent=parent(request), order=work.order)
    parts = together(request, shipments=(FulfillmentServiceStub, "ListShipments", shipments))
    left = work.quantity - sum(batch.quantity for batch in work.batches)
    return page(
        request, "work_order.html", work=work, parts=parts, left=left, why_it_stays=why_it_stays
    )


@pages.get("/work-orders/{enterprise}/{id}/test-data", roles=FACTORY)
def download_test_data(request: Request) -> Response:
    """Return the test data of a batch."""
    batch = request.query_params.get("batch", "")
    asked = DownloadTestDataRequest(name=named(request, "workOrders"), production_batch_no=batch)
    return file(call(request, FulfillmentServiceStub, "DownloadTestData", asked), batch)


@pages.post("/work-orders/{enterprise}/{id}/start", roles=PRODUCTION)
def start_production(request: Request, form: Form) -> Response:
    """Start production."""
    asked = StartProductionRequest(
        name=named(request, "workOrders"), etag=form["etag"], request_id=form["request_id"]
    )
    work = call(request, FulfillmentServiceStub, "StartProduction", asked)
    return redirect(request, page_of(work.name), _("Production is started. Start a batch next."))


def work_order_of(request: Request) -> WorkOrder:
    """Return the work order the address names."""
    asked = GetWorkOrderRequest(name=named(request, "workOrders"))
    found: WorkOrder = call(request, FulfillmentServiceStub, "GetWorkOrder", asked)
    return found


def batch_of(request: Request) -> tuple[WorkOrder, Batch]:
    """Return the work order and the batch the address names."""
    work, number = work_order_of(request), request.query_params.get("batch", "")
    for batch in work.batches:
        if batch.production_batch_no == number:
            return work, batch
    raise BatchNotFound(work_order_no=work.work_order_no, production_batch_no=number)


def why_it_stays(batch: Batch) -> str:
    """Say why a running batch cannot be withdrawn; nothing if it can be."""
    if batch.passed_quantity or batch.failed_quantity:
        return _("Units of it are recorded.")
    return _("Its test data is attached.") if batch.test_data_digest else ""
