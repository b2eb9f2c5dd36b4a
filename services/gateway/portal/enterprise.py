"""The enterprise itself: what is known of it, and whether it is certified (R27)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import (
    AttachCertificationDocumentRequest,
    DownloadCertificationDocumentRequest,
    GetEnterpriseRequest,
    ListCertificationsRequest,
    RequestCertificationRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Certification
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, CUSTOMERS, from_path, own
from shared.errors import Malformed
from shared.web import Form, Nav, Pages, Upload, _, call, page, redirect, together
from shared.web.files import file

pages = Pages(Path(__file__).parent)


class NoFile(Malformed):
    """No file was chosen."""

    fix = "Choose a PDF, PNG or JPEG of at most 20 MiB."


@pages.get("/enterprise", roles=CUSTOMERS, nav=Nav("Enterprise", icon="building"))
def show_enterprise(request: Request) -> Response:
    """Show the enterprise, and where its certification stands."""
    name = own(request)
    found = together(
        request,
        enterprise=(AuthorizationServiceStub, "GetEnterprise", GetEnterpriseRequest(name=name)),
        certifications=(
            AuthorizationServiceStub,
            "ListCertifications",
            ListCertificationsRequest(parent=name, page_size=20),
        ),
    )
    enterprise = found["enterprise"].insist()
    return page(
        request, "enterprise.html", enterprise=enterprise, certifications=found["certifications"]
    )


@pages.post("/enterprise", roles=ADMINISTRATORS, again=show_enterprise)
def request_certification(request: Request, form: Form) -> Response:
    """Ask to be certified, with a file to prove it by if there is one."""
    asked = RequestCertificationRequest(
        parent=own(request),
        certification=Certification(registration_no=form["registration_no"]),
        request_id=form["request_id"],
    )
    made = call(request, AuthorizationServiceStub, "RequestCertification", asked)
    if upload := form.upload("file"):
        _attach(request, made.name, upload, form)
    done = _("Certification is asked for. A certifier decides; you will be notified.")
    return redirect(request, "/enterprise", done)


@pages.post(
    "/enterprise/certifications/{certification}/attach",
    roles=ADMINISTRATORS,
    again=show_enterprise,
)
def attach_document(request: Request, form: Form) -> Response:
    """Add a file to the request that is being decided."""
    upload = form.upload("file")
    if upload is None:
        raise NoFile(field="file")
    _attach(request, from_path(request, "certifications", "certification"), upload, form)
    return redirect(request, "/enterprise", _("The document is attached."))


@pages.get("/enterprise/certifications/{certification}/{digest}", roles=ADMINISTRATORS)
def download_document(request: Request) -> Response:
    """Hand out a file that was attached."""
    asked = DownloadCertificationDocumentRequest(
        name=from_path(request, "certifications", "certification"),
        digest=request.path_params["digest"],
    )
    parts = call(request, AuthorizationServiceStub, "DownloadCertificationDocument", asked)
    return file(parts, called=_("certification document"))


def _attach(request: Request, certification: str, upload: Upload, form: Form) -> None:
    asked = AttachCertificationDocumentRequest(
        name=certification,
        file_name=upload.filename,
        content=upload.content,
        request_id=form["document_id"],
    )
    call(request, AuthorizationServiceStub, "AttachCertificationDocument", asked)
