"""Purchase license: the authorization codes there are for what the reader may order (R2, R8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesRequest, ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.product_pb2 import Product
from millrun.ordering.v1.order_pb2 import Family, Order, OrderLine, Purpose
from millrun.ordering.v1.ordering_pb2 import (
    AddOrderLineRequest,
    CreateOrderRequest,
    ListOrdersRequest,
    ListOrdersResponse,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.finding import (
    ORDERABLE,
    filters,
    is_filtered,
    named,
    owners_of,
)
from services.gateway.portal.purchase import PURPOSES, purpose_of
from services.gateway.portal.space import CUSTOMERS, MOST, ORDERERS, own
from shared.web import Form, Nav, Pages, _, call, page, redirect, together, visitor
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
        drafts=(OrderingServiceStub, "ListOrders", _drafts(request)),
    )
    listed, types = found["products"].insist(), found["types"].insist().license_types
    drafts = _of_licences(request, found["drafts"].answer)
    return page(
        request,
        "licenses.html",
        fragment="items",
        items=[_licensed(each, types, drafts) for each in listed.products],
        drafts=drafts,
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
    order: Order
    if draft := form[f"draft_{form['purpose']}"]:
        added = AddOrderLineRequest(name=draft, line=line, request_id=form["request_id"])
        order = call(request, OrderingServiceStub, "AddOrderLine", added)
    else:
        begun = Order(purpose=purpose_of(form["purpose"]), family=Family.LICENSE, lines=[line])
        created = CreateOrderRequest(
            parent=own(request), order=begun, request_id=form["request_id"]
        )
        order = call(request, OrderingServiceStub, "CreateOrder", created)
    done = _("Added to order %(number)s.", number=order.order_no)
    return redirect(request, f"/orders/{last(order.name)}", done)


def _drafts(request: Request) -> ListOrdersRequest:
    return ListOrdersRequest(parent=own(request), states=[Order.DRAFT], page_size=50)


def _of_licences(request: Request, listed: ListOrdersResponse | None) -> list[Order]:
    """Return the reader's orders of licences that are being filled."""
    mine = visitor(request).account
    orders = listed.orders if listed else []
    return [each for each in orders if each.family == Family.LICENSE and each.buyer == mine]


def _licensed(product: Product, types: list[LicenseType], drafts: list[Order]) -> Licensed:
    fitting = {
        Purpose.Name(draft.purpose): draft for draft in drafts if draft.owner in ("", product.owner)
    }
    return Licensed(product, _fitting(types, product), PURPOSES.get(product.lifecycle, ()), fitting)


def _fitting(types: list[LicenseType], product: Product) -> list[LicenseType]:
    """Return the licences for the product's module; one that names no module is for every one."""
    return [each for each in types if not each.modules or product.build.module in each.modules]
