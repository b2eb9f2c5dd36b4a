"""Customers' products as the vendor looks at them: found, read, and what rests on them."""

from pathlib import Path
from typing import Any

from millrun.catalog.v1.catalog_pb2 import (
    GetModuleRequest,
    GetProductRequest,
    ListFirmwareRequest,
    ListProductsRequest,
    PreviewReturnRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.product_pb2 import Product
from starlette.requests import Request
from starlette.responses import Response

from services.console.roles import ASSIGNING
from shared.web import Nav, Pages, call, page, together

pages = Pages(Path(__file__).parent)

MOST = 200
STAGES = dict(Product.Lifecycle.items()[1:])
FIELDS = {"q": "search", "pid": "pid", "model": "model", "customer": "customer_name"}
"""The fields of the form by what the catalogue calls them."""


@pages.get("/products", roles=ASSIGNING, nav=Nav("Products", icon="package"))
def list_products(request: Request) -> Response:
    """List the products of every customer, or find some of them."""
    asked = request.query_params
    wanted: dict[str, Any] = {field: asked.get(name, "") for name, field in FIELDS.items()}
    found = call(
        request,
        CatalogServiceStub,
        "ListProducts",
        ListProductsRequest(
            parent="enterprises/-",
            page_token=asked.get("page_token", ""),
            lifecycle=STAGES.get(asked.get("lifecycle", ""), Product.LIFECYCLE_UNSPECIFIED),
            **wanted,
        ),
    )
    return page(request, "products.html", fragment="rows", found=found, stages=list(STAGES))


@pages.get("/products/{enterprise}/{pid}", roles=ASSIGNING)
def show_product(request: Request) -> Response:
    """Show a product, what is built into it and what rests on it."""
    name = "enterprises/{enterprise}/products/{pid}".format_map(request.path_params)
    product = call(request, CatalogServiceStub, "GetProduct", GetProductRequest(name=name))
    # Without a module there is no firmware either.
    module = product.build.module or "modules/-"
    firmware = ListFirmwareRequest(parent=module, page_size=MOST)
    parts = together(
        request,
        impact=(CatalogServiceStub, "PreviewReturn", PreviewReturnRequest(name=name)),
        module=(CatalogServiceStub, "GetModule", GetModuleRequest(name=module)),
        firmware=(CatalogServiceStub, "ListFirmware", firmware),
    )
    versions = parts["firmware"].answer.firmware if parts["firmware"].answer else []
    built = [each for each in versions if each.name == product.build.firmware]
    return page(
        request,
        "product.html",
        product=product,
        module=parts["module"].answer,
        firmware=built[0] if built else None,
        impact=parts["impact"],
    )
