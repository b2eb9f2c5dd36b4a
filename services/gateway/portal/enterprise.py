"""The enterprise itself: what is known of it, and whether it is certified (R27)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import (
    GetEnterpriseRequest,
    ListCertificationsRequest,
    RequestCertificationRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Certification
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, CUSTOMERS, own
from shared.web import Form, Nav, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)


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
    """Ask to be certified."""
    asked = RequestCertificationRequest(
        parent=own(request),
        certification=Certification(registration_no=form["registration_no"]),
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "RequestCertification", asked)
    done = _("Certification is asked for. A certifier decides; you will be notified.")
    return redirect(request, "/enterprise", done)
