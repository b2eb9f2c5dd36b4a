"""What production does with a batch: start it, attach test data, finish it, resume it."""

from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import (
    AttachTestDataRequest,
    CompleteBatchRequest,
    ResumeBatchRequest,
    StartBatchRequest,
)
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.roles import PRODUCTION, TECHNICAL
from services.console.work_orders import batch_of, work_order_of
from shared.errors import Malformed
from shared.web import Form, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)

LARGEST = 3 * 1024 * 1024
"""Bytes of test data; a larger file would not even reach fulfillment."""

KINDS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".zip": "application/zip",
    ".pdf": "application/pdf",
}
"""What a file is by its ending; browsers disagree about `.csv`."""


class NoFile(Malformed):
    """No file was chosen."""

    fix = "Choose the file with the batch's test data."


class NoUnits(Malformed):
    """A batch has at least one unit."""

    fix = "Enter how many units are made in it."


class FileTooLarge(Malformed):
    """The file has {size} bytes; 3 MiB can be attached."""

    fix = "Pack it, or leave raw measurements out."


@pages.get("/work-orders/{enterprise}/{id}/batch", roles=PRODUCTION)
def show_start(request: Request) -> Response:
    """Ask for a batch's number and quantity."""
    work = work_order_of(request)
    left = work.quantity - sum(batch.quantity for batch in work.batches)
    return page(request, "batch_start.html", work=work, left=left)


@pages.post("/work-orders/{enterprise}/{id}/batch", roles=PRODUCTION, again=show_start)
def start_batch(request: Request, form: Form) -> Response:
    """Start the batch; 0 would be all that is left to whoever asks by program."""
    quantity = form.number("quantity")
    if not quantity:
        raise NoUnits(field="quantity")
    asked = StartBatchRequest(
        name=named(request, "workOrders"),
        production_batch_no=form["production_batch_no"],
        quantity=quantity,
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "StartBatch", asked)
    return redirect(request, page_of(asked.name), _("The batch is started."))


@pages.get("/work-orders/{enterprise}/{id}/attach", roles=PRODUCTION)
def show_attach(request: Request) -> Response:
    """Ask for the file with the test data."""
    work, batch = batch_of(request)
    return page(request, "batch_attach.html", work=work, batch=batch)


@pages.post("/work-orders/{enterprise}/{id}/attach", roles=PRODUCTION, again=show_attach)
def attach(request: Request, form: Form) -> Response:
    """Attach the file."""
    upload = form.upload("file")
    if upload is None:
        raise NoFile(field="file")
    if len(upload.content) > LARGEST:
        raise FileTooLarge(field="file", size=len(upload.content))
    asked = AttachTestDataRequest(
        name=named(request, "workOrders"),
        production_batch_no=request.query_params.get("batch", ""),
        media_type=KINDS.get(Path(upload.filename).suffix.lower(), upload.media_type),
        content=upload.content,
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "AttachTestData", asked)
    return redirect(request, page_of(asked.name), _("The test data is attached."))


@pages.post("/work-orders/{enterprise}/{id}/complete", roles=PRODUCTION)
def complete(request: Request, form: Form) -> Response:
    """Complete a batch."""
    asked = CompleteBatchRequest(
        name=named(request, "workOrders"),
        production_batch_no=form["batch"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "CompleteBatch", asked)
    return redirect(request, page_of(asked.name), _("The batch is finished."))


@pages.get("/work-orders/{enterprise}/{id}/resume", roles=TECHNICAL)
def show_resume(request: Request) -> Response:
    """Ask what was done about a stopped batch."""
    work, batch = batch_of(request)
    return page(request, "batch_resume.html", work=work, batch=batch)


@pages.post("/work-orders/{enterprise}/{id}/resume", roles=TECHNICAL, again=show_resume)
def resume(request: Request, form: Form) -> Response:
    """Let the batch go on."""
    asked = ResumeBatchRequest(
        name=named(request, "workOrders"),
        production_batch_no=request.query_params.get("batch", ""),
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "ResumeBatch", asked)
    return redirect(request, page_of(asked.name), _("The batch goes on."))
