"""Order samples: engineering samples and debugging modules of what is in development (R18, R19)."""

from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import GetModuleRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.product_pb2 import Product
from millrun.ordering.v1.order_pb2 import OrderLine
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal import baskets
from services.gateway.portal.products import read
from services.gateway.portal.space import CUSTOMERS, ORDERERS, product_of
from shared.caller import Role
from shared.web import Form, Pages, _, page, redirect, together, visitor
from shared.web.formats import last

pages = Pages(Path(__file__).parent)


@pages.get("/products/{owner}/{pid}/samples", roles=CUSTOMERS)
def show_samples(request: Request) -> Response:
    """Ask how many, and what for; whatever is known against it is said at the button."""
    product = read(request)
    module = GetModuleRequest(name=product.build.module or "modules/-")
    found = together(
        request,
        module=(CatalogServiceStub, "GetModule", module),
        drafts=(OrderingServiceStub, "ListOrders", baskets.drafts(request)),
    )
    filled = baskets.mine(request, found["drafts"].answer, licenses=False)
    return page(
        request,
        "samples.html",
        product=product,
        module=found["module"].answer,
        drafts=baskets.for_owner(request, filled, product.owner),
        purposes=_purposes(request),
        why_not=_why_not(request, product),
    )


@pages.post("/products/{owner}/{pid}/samples", roles=ORDERERS, again=show_samples)
def order_samples(request: Request, form: Form) -> Response:
    """Add them to the order of such samples that is being filled, or begin one."""
    line = OrderLine(product=product_of(request), quantity=form.number("quantity"))
    order = baskets.add(request, form, line)
    done = _("Added to order %(number)s.", number=order.order_no)
    return redirect(request, f"/orders/{last(order.name)}", done)


def _purposes(request: Request) -> list[str]:
    """Return what the reader may order them for, the usual first (R19)."""
    debugging = ["DEBUGGING"] if visitor(request).has(Role.RND) else []
    return ["RND_SAMPLE", *debugging]


def _why_not(request: Request, product: Product) -> str:
    if product.lifecycle != Product.DEVELOPMENT:
        return _("Its development is completed: it is ordered for production.")
    if not product.build.firmware:
        return _("Nothing is built into it yet: choose its module and firmware.")
    return "" if visitor(request).roles & ORDERERS else _("Only buyers and R&D do this.")
