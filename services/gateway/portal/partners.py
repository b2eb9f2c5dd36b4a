"""Systems of the enterprise and its partners that follow its orders."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import (
    EnrollPartnerRequest,
    ListPartnerClientsRequest,
    RevokePartnerRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.grant_pb2 import PartnerClient
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, from_path, own
from shared.web import Form, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)


@pages.get("/enterprise/partners", roles=ADMINISTRATORS)
def show_partners(request: Request) -> Response:
    """List partner systems, and offer to enrol one."""
    return _show(request)


@pages.post("/enterprise/partners", roles=ADMINISTRATORS, again=show_partners)
def enroll_partner(request: Request, form: Form) -> Response:
    """Enrol a partner system and show its secret: here, once, and nowhere else."""
    asked = EnrollPartnerRequest(
        parent=own(request), partner_client=PartnerClient(display_name=form["display_name"])
    )
    enrolled = call(request, AuthorizationServiceStub, "EnrollPartner", asked)
    return _show(request, enrolled)


@pages.post("/enterprise/partners/{partner_client}/revoke", roles=ADMINISTRATORS)
def revoke_partner(request: Request, form: Form) -> Response:
    """Take a partner system's access back."""
    asked = RevokePartnerRequest(
        name=from_path(request, "partnerClients", "partner_client"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "RevokePartner", asked)
    return redirect(
        request, "/enterprise/partners", _("The partner system has no access any more.")
    )


def _show(request: Request, enrolled: PartnerClient | None = None) -> Response:
    token = request.query_params.get("page_token", "")
    asked = ListPartnerClientsRequest(parent=own(request), page_token=token)
    found = call(request, AuthorizationServiceStub, "ListPartnerClients", asked)
    return page(
        request,
        "partners.html",
        partners=found.partner_clients,
        next_page_token=found.next_page_token,
        enrolled=enrolled,
    )
