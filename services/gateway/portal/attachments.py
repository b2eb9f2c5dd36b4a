"""Files of an order: attached, taken away, and taken off it."""

from pathlib import Path

from millrun.ordering.v1.ordering_pb2 import AttachFileRequest, RemoveAttachmentRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.order import show_order
from services.gateway.portal.space import CUSTOMERS, ORDERERS, from_path
from shared.web import Form, Pages, _, call, redirect
from shared.web.attachments import became_of, download, file_of

pages = Pages(Path(__file__).parent)

PATH = "/orders/{order}/attachments"


@pages.post(PATH, roles=ORDERERS, again=show_order)
def attach_file(request: Request, form: Form) -> Response:
    """Attach a file."""
    upload = file_of(form)
    asked = AttachFileRequest(
        name=from_path(request, "orders", "order"),
        file_name=upload.filename,
        content=upload.content,
        request_id=form["request_id"],
    )
    order = call(request, OrderingServiceStub, "AttachFile", asked)
    done = became_of(order, upload)
    return redirect(request, f"/orders/{request.path_params['order']}", done)


@pages.get(PATH + "/{digest}", roles=CUSTOMERS)
def download_attachment(request: Request) -> Response:
    """Hand a file out, to be stored and never shown."""
    return download(request, from_path(request, "orders", "order"))


@pages.post(PATH + "/{digest}/remove", roles=ORDERERS)
def remove_attachment(request: Request, form: Form) -> Response:
    """Take a file off."""
    asked = RemoveAttachmentRequest(
        name=from_path(request, "orders", "order"),
        digest=request.path_params["digest"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "RemoveAttachment", asked)
    done = _("The file is not attached any more.")
    return redirect(request, f"/orders/{request.path_params['order']}", done)
