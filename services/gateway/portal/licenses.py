"""Purchase license: the authorization codes there are for what the reader may order (R2, R8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesRequest, ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.product_pb2 import Product
from millrun.ordering.v1.order_pb2 import Family, Order, OrderLine
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal import baskets
from services.gateway.portal.finding import (
    ORDERABLE,
    filters,
    is_filtered,
    named,
    owners_of,
)
from services.gateway.portal.purchase import PURPOSES
from services.gateway.portal.space import CUSTOMERS, MOST, ORDERERS, own
from shared.web import Form, Nav, Pages, _, page, redirect, together
from shared.web.formats import last

pages = Pages(Path(__file__).parent)


@dataclass(frozen=True)
class Licensed:
    """A product and the licences that can be ordered for it."""

    product: Product
    types: list[LicenseType]
    purposes: tuple[str, ...]
    drafts: Mapping[str, Order]
    """The order it is added to, by purpose; a new one is begun where there is none."""


@pages.get("/licenses", roles=CUSTOMERS, nav=Nav("Purchase license", icon="license"))
def show_licenses(request: Request) -> Response:
    """Offer the licences there are for each product, and what they cost."""
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
        drafts=(OrderingServiceStub, "ListOrders", baskets.drafts(request)),
    )
    listed, types = found["products"].insist(), found["types"].insist().license_types
    drafts = baskets.mine(request, found["drafts"].answer, licenses=True)
    into = baskets.come_from(request, drafts)
    return page(
        request,
        "licenses.html",
        fragment="items",
        items=[_licensed(request, each, types, drafts) for each in listed.products],
        drafts=drafts,
        into=into,
        keep=baskets.kept(into),
        filtered=is_filtered(request),
        stages=ORDERABLE,
        owners=named(found["owners"]),
        next_page_token=listed.next_page_token,
    )


@pages.post("/licenses", roles=ORDERERS, again=show_licenses)
def add_licenses(request: Request, form: Form) -> Response:
    """Add licences for a product to the order that is being filled, or begin one."""
    line = OrderLine(
        product=form["product"],
        quantity=form.number("quantity"),
        license_type=form["license_type"],
    )
    order = baskets.add(request, form, line, Family.LICENSE)
    done = _("Added to order %(number)s.", number=order.order_no)
    return redirect(request, f"/orders/{last(order.name)}", done)


def _licensed(
    request: Request, product: Product, types: list[LicenseType], drafts: list[Order]
) -> Licensed:
    into = baskets.for_owner(request, drafts, product.owner)
    return Licensed(product, _fitting(types, product), PURPOSES.get(product.lifecycle, ()), into)


def _fitting(types: list[LicenseType], product: Product) -> list[LicenseType]:
    """Return the licences for the product's module; one that names no module is for every one."""
    return [each for each in types if not each.modules or product.build.module in each.modules]
