"""Taking back a batch that was started by mistake, before anything of it was made."""

from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import WithdrawBatchRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.roles import PRODUCTION
from services.console.work_orders import batch_of, why_it_stays
from shared.web import Form, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)


@pages.get("/work-orders/{enterprise}/{id}/withdraw", roles=PRODUCTION)
def show_withdraw(request: Request) -> Response:
    """Say what it means, and ask why."""
    work, batch = batch_of(request)
    why_not = why_it_stays(batch)
    return page(request, "batch_withdraw.html", work=work, batch=batch, why_not=why_not)


@pages.post("/work-orders/{enterprise}/{id}/withdraw", roles=PRODUCTION, again=show_withdraw)
def withdraw(request: Request, form: Form) -> Response:
    """Withdraw the batch."""
    asked = WithdrawBatchRequest(
        name=named(request, "workOrders"),
        production_batch_no=request.query_params.get("batch", ""),
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "WithdrawBatch", asked)
    said = _("The batch is withdrawn. Its units and its number are free for another one.")
    return redirect(request, page_of(asked.name), said)
