"""Products of others that the enterprise orders, and others that order its own (R76-R78, A22)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import (
    AcceptAssociationRequest,
    DeclineAssociationRequest,
    DissociateProductRequest,
    GetEnterpriseRequest,
    ListProductAssociationsRequest,
    ProposeAssociationRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.authorization.v1.grant_pb2 import ProductAssociation
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, own
from shared.web import Form, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

HERE = "/enterprise/associations"


@pages.get(HERE, roles=ADMINISTRATORS)
def show_associations(request: Request) -> Response:
    """List what is open in both directions, and what waits to be decided."""
    name = own(request)
    asked = ListProductAssociationsRequest(
        parent=name, page_token=request.query_params.get("page_token", "")
    )
    found = together(
        request,
        listed=(AuthorizationServiceStub, "ListProductAssociations", asked),
        enterprise=(AuthorizationServiceStub, "GetEnterprise", GetEnterpriseRequest(name=name)),
    )
    listed = found["listed"].insist()
    enterprise = found["enterprise"].answer
    return page(
        request,
        "associations.html",
        own=[each for each in listed.product_associations if each.owner == name],
        others=[each for each in listed.product_associations if each.owner != name],
        builds=bool(enterprise and Enterprise.MANUFACTURER in enterprise.kinds),
        next_page_token=listed.next_page_token,
    )


@pages.post(HERE, roles=ADMINISTRATORS, again=show_associations)
def propose(request: Request, form: Form) -> Response:
    """Ask the owner of a product, known by its PID, to open it."""
    asked = ProposeAssociationRequest(
        parent=own(request),
        product_association=ProductAssociation(
            product=form["pid"] and f"enterprises/-/products/{form['pid']}"
        ),
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "ProposeAssociation", asked)
    done = _("If there is such a product, its owner is asked; you will be notified.")
    return redirect(request, HERE, done)


@pages.post(HERE + "/{manufacturer}/{association}/accept", roles=ADMINISTRATORS)
def accept(request: Request, form: Form) -> Response:
    """Open one's own product to the manufacturer."""
    asked = AcceptAssociationRequest(
        name=_name(request), etag=form["etag"], request_id=form["request_id"]
    )
    call(request, AuthorizationServiceStub, "AcceptAssociation", asked)
    return redirect(request, HERE, _("The manufacturer can order the product now."))


@pages.post(HERE + "/{manufacturer}/{association}/decline", roles=ADMINISTRATORS)
def decline(request: Request, form: Form) -> Response:
    """Do not open one's own product."""
    asked = DeclineAssociationRequest(
        name=_name(request), etag=form["etag"], request_id=form["request_id"]
    )
    call(request, AuthorizationServiceStub, "DeclineAssociation", asked)
    return redirect(request, HERE, _("The proposal is declined."))


@pages.post(HERE + "/{manufacturer}/{association}/end", roles=ADMINISTRATORS)
def end(request: Request, form: Form) -> Response:
    """End an association, or withdraw a proposal."""
    asked = DissociateProductRequest(
        name=_name(request), etag=form["etag"], request_id=form["request_id"]
    )
    call(request, AuthorizationServiceStub, "DissociateProduct", asked)
    return redirect(request, HERE, _("The association is ended; open orders stay."))


def _name(request: Request) -> str:
    return "enterprises/{manufacturer}/productAssociations/{association}".format_map(
        request.path_params
    )
