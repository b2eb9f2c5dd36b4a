"""Purchase module: what the reader may order, and for the rest why not (R34, R41, R53-R56)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import CheckPurchaseRequest, PurchaseVerdict
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.catalog_pb2 import ListModulesRequest, ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.module_pb2 import Module
from millrun.catalog.v1.product_pb2 import Product
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService
from millrun.ordering.v1.order_pb2 import Order, OrderLine, OrderLineService
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal import baskets
from services.gateway.portal.finding import (
    ORDERABLE,
    STAGES,
    filters,
    is_filtered,
    named,
    owners_of,
    query_of,
)
from services.gateway.portal.on_top import sold_for
from services.gateway.portal.space import CUSTOMERS, MOST, ORDERERS, own
from shared.web import Form, Nav, Pages, _, call, page, redirect, together
from shared.web.formats import last

pages = Pages(Path(__file__).parent)

PURPOSES: Mapping[int, tuple[str, ...]] = {
    Product.TRIAL_PRODUCTION: ("TRIAL_PRODUCTION",),
    Product.MASS_PRODUCTION: ("MASS_PRODUCTION", "TRIAL_PRODUCTION"),
}
"""What a product can be offered for, the usual first; ordering has the last word."""


@dataclass(frozen=True)
class Item:
    """A product as it stands in the list of what can be ordered."""

    product: Product
    module: Module | None
    purposes: tuple[str, ...]
    why_not: str
    """What is missing; empty for a product that can be ordered."""

    fix: str
    drafts: Mapping[str, Order]
    """The order it is added to, by purpose; a new one is begun where there is none."""

    services: Sequence[ValueAddedService] = ()
    """What can be done on top of it."""


@pages.get("/purchase", roles=CUSTOMERS, nav=Nav("Purchase module", icon="shopping-cart"))
def show_purchase(request: Request) -> Response:
    """Offer what can be ordered; or, when asked, show what cannot be yet, and why."""
    others = request.query_params.get("show") == "others"
    asked = ListProductsRequest(
        parent=own(request),
        page_size=50,
        page_token=request.query_params.get("page_token", ""),
        orderable=not others,
        not_orderable=others,
        **filters(request),
    )
    found = together(
        request,
        products=(CatalogServiceStub, "ListProducts", asked),
        owners=owners_of(request),
        modules=(CatalogServiceStub, "ListModules", ListModulesRequest(page_size=MOST)),
        drafts=(OrderingServiceStub, "ListOrders", baskets.drafts(request)),
        services=sold_for(),
    )
    listed = found["products"].insist()
    drafts = baskets.mine(request, found["drafts"].answer, licenses=False)
    into = baskets.come_from(request, drafts)
    kept = baskets.kept(into)
    modules = {each.name: each for each in found["modules"].insist().modules}
    sold = found["services"].answer.value_added_services if found["services"].answer else []
    items = _items(request, listed.products, modules, drafts, sold)
    return page(
        request,
        "purchase.html",
        fragment="items",
        items=[item for item in items if not item.why_not],
        others=[item for item in items if item.why_not],
        showing_others=others,
        filtered=is_filtered(request),
        stages=list(STAGES) if others else ORDERABLE,
        owners=named(found["owners"]),
        query=query_of(request, **kept),
        drafts=drafts,
        into=into,
        keep=kept | ({"show": "others"} if others else {}),
        wanted=request.query_params.getlist("service"),
        next_page_token=listed.next_page_token,
    )


@pages.post("/purchase", roles=ORDERERS, again=show_purchase)
def add_to_order(request: Request, form: Form) -> Response:
    """Add a quantity of a product to the order that is being filled, or begin one."""
    line = OrderLine(
        product=form["product"],
        quantity=form.number("quantity"),
        services=[OrderLineService(service=each) for each in form.all("service")],
    )
    order = baskets.add(request, form, line)
    done = _("Added to order %(number)s.", number=order.order_no)
    return redirect(request, f"/orders/{last(order.name)}", done)


def _items(
    request: Request,
    products: list[Product],
    modules: Mapping[str, Module],
    drafts: list[Order],
    sold: Sequence[ValueAddedService],
) -> list[Item]:
    asked = CheckPurchaseRequest(products=[each.name for each in products])
    verdicts = call(request, AuthorizationServiceStub, "CheckPurchase", asked).verdicts
    allowed = {verdict.product: verdict for verdict in verdicts}
    into = {each.owner: baskets.for_owner(request, drafts, each.owner) for each in products}
    return [_item(each, allowed[each.name], modules, into[each.owner], sold) for each in products]


def _item(
    product: Product,
    verdict: PurchaseVerdict,
    modules: Mapping[str, Module],
    drafts: Mapping[str, Order],
    sold: Sequence[ValueAddedService],
) -> Item:
    purposes = PURPOSES.get(product.lifecycle, ())
    why_not = fix = ""
    if not purposes:
        why_not = _("Its development is not completed.")
        fix = _("The owner's administrator completes it on the product's page.")
    elif not verdict.roles:
        why_not = _("You are not authorized for it.")
        fix = _("Your enterprise's administrator can authorize you.")
    module = product.build.module
    fitting = [each for each in sold if not each.modules or module in each.modules]
    return Item(product, modules.get(module), purposes, why_not, fix, drafts, fitting)
