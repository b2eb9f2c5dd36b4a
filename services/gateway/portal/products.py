"""Products: the list, a new one, and the page of one (R36-R40)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import ListAuthorizationsRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.grant_pb2 import Authorization
from millrun.catalog.v1.catalog_pb2 import (
    CreateProductRequest,
    GetModuleRequest,
    GetProductRequest,
    LabelProductRequest,
    ListFirmwareRequest,
    ListLicenseTypesRequest,
    ListProductsRequest,
    ListValueAddedServicesRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.product_pb2 import Product
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.finding import (
    STAGES,
    filters,
    is_filtered,
    named,
    owners_of,
    query_of,
)
from services.gateway.portal.space import (
    CUSTOMERS,
    DEVELOPERS,
    MOST,
    own,
    product_of,
    product_page,
)
from shared.web import Form, Nav, Pages, Part, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)


@pages.get("/products", roles=CUSTOMERS, nav=Nav("Products", icon="package"))
def show_products(request: Request) -> Response:
    """List the products the enterprise owns or may order."""
    asked = ListProductsRequest(
        parent=own(request),
        page_size=20,
        page_token=request.query_params.get("page_token", ""),
        **filters(request),
    )
    found = together(
        request, products=(CatalogServiceStub, "ListProducts", asked), owners=owners_of(request)
    )
    listed = found["products"].insist()
    return page(
        request,
        "products.html",
        fragment="rows",
        products=listed.products,
        next_page_token=listed.next_page_token,
        stages=list(STAGES),
        owners=named(found["owners"]),
        filtered=is_filtered(request),
        query=query_of(request),
    )


@pages.get("/products/new", roles=DEVELOPERS)
def show_new_product(request: Request) -> Response:
    """Ask what a new product is called."""
    return page(request, "product_new.html")


@pages.post("/products/new", roles=DEVELOPERS, again=show_new_product)
def create_product(request: Request, form: Form) -> Response:
    """Begin a product in development, and go on to what is built into it."""
    asked = CreateProductRequest(
        parent=own(request),
        product=Product(display_name=form["display_name"]),
        product_id=form["product_id"],
        request_id=form["request_id"],
    )
    product = call(request, CatalogServiceStub, "CreateProduct", asked)
    done = _("The product exists. Choose what is built into it.")
    return redirect(request, f"{product_page(product.name)}/build", done)


@pages.get("/products/{owner}/{pid}", roles=CUSTOMERS)
def show_product(request: Request) -> Response:
    """Show one product with everything about it."""
    product = read(request)
    found = _around(request, product)
    firmware = found["firmware"].answer.firmware if found["firmware"].answer else []
    built = [each for each in firmware if each.name == product.build.firmware]
    return page(
        request,
        "product.html",
        product=product,
        owned=product.owner == own(request),
        module=found["module"].answer,
        firmware=built[0] if built else None,
        services=found["services"].answer.value_added_services if found["services"].answer else [],
        licenses=found["licenses"].answer.license_types if found["licenses"].answer else [],
        authorizations=found["authorizations"],
        authorized=_for(product.name, found["authorizations"]),
    )


@pages.post("/products/{owner}/{pid}", roles=DEVELOPERS, again=show_product)
def label_product(request: Request, form: Form) -> Response:
    """Save model, customer name and notes (R38-R40)."""
    asked = LabelProductRequest(
        name=product_of(request),
        model=form["model"],
        customer_name=form["customer_name"],
        notes=form["notes"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, CatalogServiceStub, "LabelProduct", asked)
    return redirect(request, request.url.path, _("The labels are saved."))


def read(request: Request) -> Product:
    """Return the product the address names."""
    asked = GetProductRequest(name=product_of(request))
    product: Product = call(request, CatalogServiceStub, "GetProduct", asked)
    return product


def _around(request: Request, product: Product) -> dict[str, Part]:
    """Ask for what stands around a product; without a module there is no firmware either."""
    module = product.build.module or "modules/-"
    return together(
        request,
        authorizations=(
            AuthorizationServiceStub,
            "ListAuthorizations",
            ListAuthorizationsRequest(parent=own(request), page_size=MOST),
        ),
        module=(CatalogServiceStub, "GetModule", GetModuleRequest(name=module)),
        firmware=(
            CatalogServiceStub,
            "ListFirmware",
            ListFirmwareRequest(parent=module, page_size=MOST),
        ),
        services=(
            CatalogServiceStub,
            "ListValueAddedServices",
            ListValueAddedServicesRequest(module=module, state=ValueAddedService.ACTIVE),
        ),
        licenses=(
            CatalogServiceStub,
            "ListLicenseTypes",
            ListLicenseTypesRequest(module=module, state=LicenseType.ACTIVE),
        ),
    )


def _for(product: str, authorizations: Part) -> list[Authorization]:
    """Return those who may order it now."""
    if authorizations.answer is None:
        return []
    return [
        each
        for each in authorizations.answer.authorizations
        if product in each.products and each.state == Authorization.ACTIVE
    ]
