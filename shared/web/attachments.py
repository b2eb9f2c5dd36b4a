"""Files of an order, handed out by portal and console alike."""

from pathlib import PurePath

from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import DownloadAttachmentRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from shared.documents import digest_of
from shared.errors import Malformed
from shared.web.calls import call
from shared.web.files import ENDINGS, file
from shared.web.form import Form, Upload
from shared.web.text import _


class NoFileChosen(Malformed):
    """No file was chosen."""

    fix = "Choose a PDF, PNG, JPEG, CSV, XLSX or text file of at most 20 MiB."


class FileWithoutContent(Malformed):
    """There is nothing in {file_name}."""

    fix = "Save it again where it was made, and choose it once more."


def file_of(form: Form) -> Upload:
    """Return the file that was chosen to be attached; NoFileChosen, FileWithoutContent."""
    upload = form.upload("file")
    if upload is None:
        raise NoFileChosen(field="file")
    if not upload.content:
        raise FileWithoutContent(field="file", file_name=upload.filename[:200])
    return upload


def became_of(order: Order, upload: Upload) -> str:
    """Return what became of a file: the same one again is attached once, as it was called first."""
    digest = digest_of(upload.content)
    called = next((each.file_name for each in order.attachments if each.digest == digest), "")
    sent = upload.filename.replace("\\", "/").rpartition("/")[2].strip()
    if called and called != sent:
        return _("The same file is attached already, as %(file)s.", file=called)
    return _("%(file)s is attached.", file=upload.filename)


def download(request: Request, order: str) -> Response:
    """Return the attachment of `order` whose digest stands in the address, to be stored.

    It is called as `?as=` says, with the ending of what it is.
    """
    digest = request.path_params["digest"]
    asked = DownloadAttachmentRequest(name=order, digest=digest)
    parts = call(request, OrderingServiceStub, "DownloadAttachment", asked)
    called = PurePath(request.query_params.get("as", "") or digest)
    return file(parts, called.stem if called.suffix.lower() in ENDINGS.values() else called.name)
