"""Purchase license: the authorization codes there are for what the reader may order (R2, R8)."""

from dataclasses import dataclass
from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesRequest, ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.product_pb2 import Product
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.finding import (
    ORDERABLE,
    filters,
    is_filtered,
    named,
    owners_of,
)
from services.gateway.portal.space import CUSTOMERS, MOST, own
from shared.web import Nav, Pages, page, together

pages = Pages(Path(__file__).parent)


@dataclass(frozen=True)
class Licensed:
    """A product and the licences that can be ordered for it."""

    product: Product
    types: list[LicenseType]


@pages.get("/licenses", roles=CUSTOMERS, nav=Nav("Purchase license", icon="license"))
def show_licenses(request: Request) -> Response:
    """Show which licences there are for which product, and what they cost."""
    asked = ListProductsRequest(
        parent=own(request),
        page_size=50,
        page_token=request.query_params.get("page_token", ""),
        orderable=True,
        **filters(request),
    )
    sold = ListLicenseTypesRequest(state=LicenseType.ACTIVE, page_size=MOST)
    found = together(
        request,
        products=(CatalogServiceStub, "ListProducts", asked),
        owners=owners_of(request),
        types=(CatalogServiceStub, "ListLicenseTypes", sold),
    )
    listed, types = found["products"].insist(), found["types"].insist().license_types
    return page(
        request,
        "licenses.html",
        fragment="items",
        items=[Licensed(each, _fitting(types, each)) for each in listed.products],
        filtered=is_filtered(request),
        stages=ORDERABLE,
        owners=named(found["owners"]),
        next_page_token=listed.next_page_token,
    )


def _fitting(types: list[LicenseType], product: Product) -> list[LicenseType]:
    """Return the licences for the product's module; one that names no module is for every one."""
    return [each for each in types if not each.modules or product.build.module in each.modules]
