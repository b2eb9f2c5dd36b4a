"""Files of an order: read, attached for its buyer, and removed again."""

from pathlib import Path

from millrun.ordering.v1.ordering_pb2 import AttachFileRequest, RemoveAttachmentRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.orders import show_order
from services.console.roles import BUSINESS, TECHNICAL
from shared.web import Form, Pages, _, call, redirect
from shared.web.attachments import became_of, download, file_of

pages = Pages(Path(__file__).parent)

PATH = "/orders/{enterprise}/{id}/attachments"


@pages.post(PATH, roles=BUSINESS | TECHNICAL, again=show_order)
def attach_file(request: Request, form: Form) -> Response:
    """Attach a file; its buyer is told."""
    upload = file_of(form)
    asked = AttachFileRequest(
        name=named(request, "orders"),
        file_name=upload.filename,
        content=upload.content,
        request_id=form["request_id"],
    )
    order = call(request, OrderingServiceStub, "AttachFile", asked)
    done = became_of(order, upload)
    return redirect(request, page_of(asked.name), done)


@pages.get(PATH + "/{digest}", roles=BUSINESS | TECHNICAL)
def download_attachment(request: Request) -> Response:
    """Hand a file out, to be stored and never shown."""
    return download(request, named(request, "orders"))


@pages.post(PATH + "/{digest}/remove", roles=BUSINESS | TECHNICAL)
def remove_attachment(request: Request, form: Form) -> Response:
    """Remove what the vendor attached."""
    asked = RemoveAttachmentRequest(
        name=named(request, "orders"),
        digest=request.path_params["digest"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "RemoveAttachment", asked)
    return redirect(request, page_of(asked.name), _("The file is not attached any more."))
