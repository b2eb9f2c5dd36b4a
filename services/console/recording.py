"""Recording the results of burnt and tested units; the first wrong firmware stops the batch."""

from collections.abc import Sequence
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from millrun.fulfillment.v1.fulfillment_pb2 import RecordUnitsRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.fulfillment.v1.work_pb2 import Batch, UnitResult, WorkOrder
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.roles import PRODUCTION
from services.console.units import results
from services.console.work_orders import batch_of
from shared.web import Form, Pages, _, call, ngettext, page, redirect

pages = Pages(Path(__file__).parent)

A_CALL = 1_000
"""Results fulfillment takes at once."""


@pages.get("/work-orders/{enterprise}/{id}/units", roles=PRODUCTION)
def show_units(request: Request) -> Response:
    """Ask for results of units."""
    work, batch = batch_of(request)
    return page(request, "batch_units.html", work=work, batch=batch)


@pages.post("/work-orders/{enterprise}/{id}/units", roles=PRODUCTION, again=show_units)
def record_units(request: Request, form: Form) -> Response:
    """Record the results; the first wrong firmware stops the batch, and the page says so."""
    number = request.query_params.get("batch", "")
    found = results(form)
    work = _record(request, form, number, found)
    batch = next(each for each in work.batches if each.production_batch_no == number)
    if batch.state == Batch.STOPPED:
        stopped = _("The batch is stopped: %(reason)s", reason=batch.stop_reason)
        return redirect(request, page_of(work.name), stopped, kind="danger")
    said = ngettext(
        "%(count)s result is recorded.",
        "%(count)s results are recorded.",
        len(found),
        count=len(found),
    )
    return redirect(request, page_of(work.name), said)


def _record(request: Request, form: Form, number: str, found: Sequence[UnitResult]) -> WorkOrder:
    """Send results in calls of their own ids, until one stops the batch."""
    work = WorkOrder()
    for start in range(0, len(found), A_CALL):
        asked = RecordUnitsRequest(
            name=named(request, "workOrders"),
            production_batch_no=number,
            units=found[start : start + A_CALL],
            # The same part of the same form is the same request, whoever presses the button twice.
            request_id=str(uuid5(NAMESPACE_OID, f"{form['request_id']}:{start}")),
        )
        work = call(request, FulfillmentServiceStub, "RecordUnits", asked)
        if any(b.production_batch_no == number and b.state == Batch.STOPPED for b in work.batches):
            break
    return work
