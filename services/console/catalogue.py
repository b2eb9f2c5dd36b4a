"""The catalogue: modules with their prices, and the firmware for them."""

from collections.abc import Iterator
from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import (
    CreateFirmwareRequest,
    CreateModuleRequest,
    GetModuleRequest,
    ListFirmwareRequest,
    ListModulesRequest,
    ReleaseFirmwareRequest,
    RetireFirmwareRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.module_pb2 import Firmware, Module, PriceTier
from starlette.requests import Request
from starlette.responses import Response

from services.console.reading import amount
from services.console.roles import TECHNICAL
from shared.web import Form, Nav, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

TIERS = 5
"""Price tiers the form has room for."""


@pages.get("/modules", roles=TECHNICAL, nav=Nav("Catalogue", icon="packages"))
def list_modules(request: Request) -> Response:
    """List modules, the newest first."""
    asked = ListModulesRequest(page_token=request.query_params.get("page_token", ""))
    found = call(request, CatalogServiceStub, "ListModules", asked)
    return page(request, "modules.html", found=found)


@pages.get("/modules/new", roles=TECHNICAL)
def show_new_module(request: Request) -> Response:
    """Ask for a module."""
    return page(request, "module_new.html", tiers=range(1, TIERS + 1))


@pages.post("/modules/new", roles=TECHNICAL, again=show_new_module)
def create_module(request: Request, form: Form) -> Response:
    """Enter the module."""
    module = Module(
        display_name=form["display_name"],
        description=form["description"],
        price_tiers=_tiers(form),
        minimum_quantity=form.number("minimum_quantity"),
        packing_unit=form.number("packing_unit"),
        lead_time_days=form.number("lead_time_days"),
    )
    asked = CreateModuleRequest(
        module=module, module_id=form["module_id"], request_id=form["request_id"]
    )
    created = call(request, CatalogServiceStub, "CreateModule", asked)
    return redirect(request, f"/{created.name}", _("The module is in the catalogue."))


def _tiers(form: Form) -> Iterator[PriceTier]:
    for number in range(1, TIERS + 1):
        if form[f"from_{number}"] or form[f"unit_price_{number}"]:
            price = amount(form, f"unit_price_{number}", form["currency"].upper())
            yield PriceTier(from_quantity=form.number(f"from_{number}"), unit_price=price)


@pages.get("/modules/{module}", roles=TECHNICAL)
def show_module(request: Request) -> Response:
    """Show a module and its firmware, and the form to enter a firmware version."""
    name = f"modules/{request.path_params['module']}"
    firmware = ListFirmwareRequest(parent=name, page_size=200)
    parts = together(
        request,
        module=(CatalogServiceStub, "GetModule", GetModuleRequest(name=name)),
        firmware=(CatalogServiceStub, "ListFirmware", firmware),
    )
    found = parts["firmware"].insist().firmware
    return page(request, "module.html", module=parts["module"].insist(), firmware=found)


@pages.post("/modules/{module}", roles=TECHNICAL, again=show_module)
def create_firmware(request: Request, form: Form) -> Response:
    """Enter a firmware version, to be released later."""
    parent = f"modules/{request.path_params['module']}"
    asked = CreateFirmwareRequest(
        parent=parent,
        firmware=Firmware(version=form["version"], digest=form["digest"]),
        request_id=form["request_id"],
    )
    call(request, CatalogServiceStub, "CreateFirmware", asked)
    return redirect(request, f"/{parent}", _("The firmware is entered as a beta version."))


@pages.post("/modules/{module}/firmware/{firmware}/release", roles=TECHNICAL)
def release_firmware(request: Request, form: Form) -> Response:
    """Open a firmware version for every purpose."""
    asked = ReleaseFirmwareRequest(
        name=_firmware(request), etag=form["etag"], request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "ReleaseFirmware", asked)
    to = f"/modules/{request.path_params['module']}"
    return redirect(request, to, _("The firmware is released."))


@pages.post("/modules/{module}/firmware/{firmware}/retire", roles=TECHNICAL)
def retire_firmware(request: Request, form: Form) -> Response:
    """Close a firmware version for new orders."""
    asked = RetireFirmwareRequest(
        name=_firmware(request), etag=form["etag"], request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "RetireFirmware", asked)
    to = f"/modules/{request.path_params['module']}"
    return redirect(request, to, _("The firmware is retired."))


def _firmware(request: Request) -> str:
    return "modules/{module}/firmware/{firmware}".format_map(request.path_params)
