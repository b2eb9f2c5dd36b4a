"""What is built into a product: first the module, then its firmware, panel and data points."""

from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import (
    ConfigureProductRequest,
    GetModuleRequest,
    ListFirmwareRequest,
    ListModulesRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.module_pb2 import Firmware, Module
from millrun.catalog.v1.product_pb2 import BuildConfiguration, Product
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.products import read
from services.gateway.portal.space import DEVELOPERS, MOST, product_of, product_page
from shared.web import Form, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

PATH = "/products/{owner}/{pid}/build"


@pages.get(PATH, roles=DEVELOPERS)
def show_build(request: Request) -> Response:
    """Offer the modules, or what goes with the module that was chosen."""
    product = read(request)
    sent = request.state.form or request.query_params
    module = sent.get("module") or product.build.module
    if not module or "choose" in request.query_params:
        return _offer_modules(request, product)
    found = together(
        request,
        module=(CatalogServiceStub, "GetModule", GetModuleRequest(name=module)),
        firmware=(
            CatalogServiceStub,
            "ListFirmware",
            ListFirmwareRequest(parent=module, page_size=MOST),
        ),
    )
    firmware = found["firmware"].insist().firmware
    return page(
        request,
        "product_build.html",
        product=product,
        module=found["module"].insist(),
        firmware=[each for each in firmware if each.state != Firmware.RETIRED],
    )


@pages.post(PATH, roles=DEVELOPERS, again=show_build)
def configure_product(request: Request, form: Form) -> Response:
    """Save what is built into the product."""
    build = BuildConfiguration(
        module=form["module"],
        firmware=form["firmware"],
        panel=form["panel"],
        data_points=form["data_points"].replace(",", " ").split(),
    )
    asked = ConfigureProductRequest(
        name=product_of(request), build=build, etag=form["etag"], request_id=form["request_id"]
    )
    product = call(request, CatalogServiceStub, "ConfigureProduct", asked)
    return redirect(request, product_page(product.name), _("The build is saved."))


def _offer_modules(request: Request, product: Product) -> Response:
    asked = ListModulesRequest(page_size=MOST, state=Module.ACTIVE)
    modules = call(request, CatalogServiceStub, "ListModules", asked).modules
    return page(request, "product_module.html", product=product, modules=modules)
