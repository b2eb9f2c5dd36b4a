"""Requests for certification, and deciding them (R27)."""

from pathlib import Path

from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, PROJECT_MANAGER
from millrun.authorization.v1.authorization_pb2 import (
    ApproveCertificationRequest,
    DownloadCertificationDocumentRequest,
    GetEnterpriseRequest,
    ListCertificationsRequest,
    ListEnterprisesRequest,
    RejectCertificationRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Certification, Enterprise
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, parent
from services.console.errors import CertificationNotFound
from services.console.people import STAFF, with_role
from services.console.reading import choices, chosen, end_of_day
from services.console.roles import CERTIFIER
from shared.web import Form, Nav, Pages, _, call, page, redirect, together
from shared.web.files import file
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

MOST = 200


@pages.get("/certifications", roles=CERTIFIER, nav=Nav("Certifications", icon="certificate"))
def list_certifications(request: Request) -> Response:
    """List requests, those to be decided unless others are asked for."""
    wanted = chosen(request, "state", Certification.State)
    if "state" not in request.query_params:
        wanted = Certification.PENDING
    asked = ListCertificationsRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        state=wanted,
    )
    found = call(request, AuthorizationServiceStub, "ListCertifications", asked)
    states = choices(Certification.State)
    return page(
        request,
        "certifications.html",
        fragment="rows",
        found=found,
        states=states,
        state=Certification.State.Name(wanted) if wanted else "",
    )


@pages.get("/certifications/{enterprise}/{id}", roles=CERTIFIER)
def show_certification(request: Request) -> Response:
    """Show a request beside what the enterprise says of itself."""
    name = named(request, "certifications")
    listed = ListCertificationsRequest(parent=parent(request), page_size=MOST)
    enterprise = GetEnterpriseRequest(name=parent(request))
    parts = together(
        request,
        requests=(AuthorizationServiceStub, "ListCertifications", listed),
        enterprise=(AuthorizationServiceStub, "GetEnterprise", enterprise),
        staff=STAFF,
    )
    every = parts["requests"].insist().certifications
    found = next((each for each in every if each.name == name), None)
    if found is None:
        raise CertificationNotFound(certification=name)
    return page(
        request,
        "certification.html",
        certification=found,
        earlier=[each for each in every if each.name != name],
        alike=_alike(request, found),
        enterprise=parts["enterprise"].insist(),
        business_managers=with_role(parts["staff"], BUSINESS_MANAGER),
        project_managers=with_role(parts["staff"], PROJECT_MANAGER),
    )


def _alike(request: Request, certification: Certification) -> list[Enterprise]:
    """Return other enterprises of the same legal name or number: one of the two may pose as it."""
    asked: dict[str, Question] = {
        mark: (AuthorizationServiceStub, "ListEnterprises", wanted)
        for mark, wanted in (
            ("name", ListEnterprisesRequest(legal_name=certification.legal_name)),
            ("number", ListEnterprisesRequest(registration_no=certification.registration_no)),
        )
    }
    found = together(request, **asked)
    every = {each.name: each for part in found.values() for each in part.insist().enterprises}
    every.pop(parent(request), None)
    return [every[name] for name in sorted(every)]


@pages.get("/certifications/{enterprise}/{id}/{digest}", roles=CERTIFIER)
def download_document(request: Request) -> Response:
    """Hand out a file the request is proved with."""
    asked = DownloadCertificationDocumentRequest(
        name=named(request, "certifications"), digest=request.path_params["digest"]
    )
    parts = call(request, AuthorizationServiceStub, "DownloadCertificationDocument", asked)
    return file(parts, called=_("certification document"))


@pages.post("/certifications/{enterprise}/{id}/approve", roles=CERTIFIER, again=show_certification)
def approve(request: Request, form: Form) -> Response:
    """Approve the request and assign the enterprise's people at the vendor."""
    asked = ApproveCertificationRequest(
        name=named(request, "certifications"),
        business_manager=form["business_manager"],
        project_manager=form["project_manager"],
        expire_time=end_of_day(form, "expires"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "ApproveCertification", asked)
    return redirect(request, "/certifications", _("The enterprise is certified."))


@pages.post("/certifications/{enterprise}/{id}/reject", roles=CERTIFIER, again=show_certification)
def reject(request: Request, form: Form) -> Response:
    """Reject the request, with a reason the enterprise reads."""
    asked = RejectCertificationRequest(
        name=named(request, "certifications"),
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "RejectCertification", asked)
    return redirect(request, "/certifications", _("The request is rejected."))
