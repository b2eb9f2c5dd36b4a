"""Opening a brand owner's products to manufacturers (scenario 2, R76–R78)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import (
    AssociateProductRequest,
    DissociateProductRequest,
    ListProductAssociationsRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.authorization.v1.grant_pb2 import ProductAssociation
from millrun.catalog.v1.catalog_pb2 import ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.customers import every_customer, to_choose
from services.console.roles import TECHNICAL
from shared.web import Form, Nav, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)

MOST = 200


@pages.get("/associations", roles=TECHNICAL, nav=Nav("Associations", icon="world"))
def list_associations(request: Request) -> Response:
    """List which products are or were open to whom."""
    asked = ListProductAssociationsRequest(
        parent="enterprises/-", page_token=request.query_params.get("page_token", "")
    )
    found = call(request, AuthorizationServiceStub, "ListProductAssociations", asked)
    return page(request, "associations.html", found=found)


@pages.get("/associations/new", roles=TECHNICAL)
def show_new(request: Request) -> Response:
    """Ask for a brand owner first, then for the product and the manufacturer."""
    owner, looked_for = (request.query_params.get(name, "") for name in ("owner", "q"))
    every = every_customer(request)
    products = ListProductsRequest(parent=owner, owner=owner, search=looked_for, page_size=MOST)
    return page(
        request,
        "association_new.html",
        owner=next((each for each in every if each.name == owner), None),
        owners=_those(every, Enterprise.BRAND_OWNER),
        manufacturers=[m for m in _those(every, Enterprise.MANUFACTURER) if m[0] != owner],
        products=call(request, CatalogServiceStub, "ListProducts", products).products
        if owner
        else [],
    )


@pages.post("/associations/new", roles=TECHNICAL, again=show_new)
def associate(request: Request, form: Form) -> Response:
    """Open the product to the manufacturer."""
    asked = AssociateProductRequest(
        parent=form["manufacturer"],
        product_association=ProductAssociation(product=form["product"]),
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "AssociateProduct", asked)
    return redirect(request, "/associations", _("The product is open to the manufacturer."))


@pages.post("/associations/{enterprise}/{id}/end", roles=TECHNICAL)
def dissociate(request: Request, form: Form) -> Response:
    """End the association; open orders stay."""
    name = "enterprises/{enterprise}/productAssociations/{id}".format_map(request.path_params)
    asked = DissociateProductRequest(name=name, etag=form["etag"], request_id=form["request_id"])
    call(request, AuthorizationServiceStub, "DissociateProduct", asked)
    return redirect(request, "/associations", _("The association is ended; open orders stay."))


def _those(every: list[Enterprise], kind: "Enterprise.Kind.ValueType") -> list[tuple[str, str]]:
    return to_choose(each for each in every if kind in each.kinds)
