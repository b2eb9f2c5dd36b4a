"""Enterprises: the list, and what the vendor knows of one."""

from pathlib import Path

from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, PROJECT_MANAGER
from millrun.authorization.v1.authorization_pb2 import (
    AssignPeopleRequest,
    GetEnterpriseRequest,
    ListCertificationsRequest,
    ListEnterprisesRequest,
    ListMembershipsRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.catalog_pb2 import ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.ordering.v1.ordering_pb2 import ListOrdersRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import parent
from services.console.people import STAFF, names, with_role
from services.console.roles import ABSENT, ASSIGNING, MANAGERS
from shared.web import Form, Nav, Pages, _, call, page, redirect, together, visitor
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

ROWS = 20


@pages.get("/enterprises", roles=ASSIGNING, nav=Nav("Enterprises", icon="building"))
def list_enterprises(request: Request) -> Response:
    """List enterprises, the newest first, or find some of them."""
    asked = ListEnterprisesRequest(
        page_token=request.query_params.get("page_token", ""),
        search=request.query_params.get("q", ""),
    )
    parts = together(
        request, found=(AuthorizationServiceStub, "ListEnterprises", asked), staff=STAFF
    )
    found, called = parts["found"].insist(), names(request, parts["staff"])
    return page(request, "enterprises.html", fragment="rows", found=found, called=called)


@pages.get("/enterprises/{enterprise}", roles=ASSIGNING)
def show_enterprise(request: Request) -> Response:
    """Show an enterprise: its people, its people at the vendor, products and orders."""
    parts = together(request, **_questions(request))
    return page(
        request,
        "enterprise.html",
        enterprise=parts["enterprise"].insist(),
        called=names(request, parts["staff"]),
        business_managers=with_role(parts["staff"], BUSINESS_MANAGER),
        project_managers=with_role(parts["staff"], PROJECT_MANAGER),
        parts=parts,
    )


@pages.post("/enterprises/{enterprise}/assign", roles=ABSENT, again=show_enterprise)
def assign(request: Request, form: Form) -> Response:
    """Give the enterprise other people here."""
    asked = AssignPeopleRequest(
        name=parent(request),
        business_manager=form["business_manager"],
        project_manager=form["project_manager"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "AssignPeople", asked)
    done = _("New orders go to them; orders that were submitted stay with whom they are.")
    return redirect(request, f"/{asked.name}", done)


def _questions(request: Request) -> dict[str, Question]:
    name = parent(request)
    members = ListMembershipsRequest(parent=name, page_size=200)
    certified = ListCertificationsRequest(parent=name)
    products = ListProductsRequest(parent=name, page_size=ROWS)
    found: dict[str, Question] = {
        "enterprise": (AuthorizationServiceStub, "GetEnterprise", GetEnterpriseRequest(name=name)),
        "staff": STAFF,
        "members": (AuthorizationServiceStub, "ListMemberships", members),
        "certifications": (AuthorizationServiceStub, "ListCertifications", certified),
        "products": (CatalogServiceStub, "ListProducts", products),
    }
    if visitor(request).has(*MANAGERS):
        orders = ListOrdersRequest(parent=name, page_size=ROWS)
        found["orders"] = (OrderingServiceStub, "ListOrders", orders)
    return found
