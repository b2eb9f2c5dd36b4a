"""The catalogue: modules, and the firmware for them."""

from pathlib import Path

from google.protobuf.field_mask_pb2 import FieldMask
from millrun.catalog.v1.catalog_pb2 import (
    CreateFirmwareRequest,
    CreateModuleRequest,
    GetModuleRequest,
    ListFirmwareRequest,
    ListModulesRequest,
    ReleaseFirmwareRequest,
    RetireFirmwareRequest,
    RetireModuleRequest,
    UpdateFirmwareRequest,
    UpdateModuleRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.module_pb2 import Firmware, Module
from starlette.requests import Request
from starlette.responses import Response

from services.console.reading import choices, chosen
from services.console.roles import MANAGERS, TECHNICAL
from shared.web import Form, Nav, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

CATALOGUE = Nav("Catalogue", icon="packages", also=("/licenseTypes", "/valueAddedServices"))


@pages.get("/modules", roles=MANAGERS, nav=CATALOGUE)
def list_modules(request: Request) -> Response:
    """List modules, the newest first."""
    wanted = request.query_params
    asked = ListModulesRequest(
        page_token=wanted.get("page_token", ""),
        series=wanted.get("series", ""),
        state=chosen(request, "state", Module.State),
    )
    found = call(request, CatalogServiceStub, "ListModules", asked)
    return page(request, "modules.html", fragment="rows", found=found, states=choices(Module.State))


@pages.get("/modules/new", roles=TECHNICAL)
def show_new_module(request: Request) -> Response:
    """Ask for a module."""
    return page(request, "module_new.html", module=Module())


@pages.post("/modules/new", roles=TECHNICAL, again=show_new_module)
def create_module(request: Request, form: Form) -> Response:
    """Enter the module."""
    asked = CreateModuleRequest(
        module=_module(form), module_id=form["module_id"], request_id=form["request_id"]
    )
    created = call(request, CatalogServiceStub, "CreateModule", asked)
    done = _("The module is in the catalogue. A business manager sets its price.")
    return redirect(request, f"/{created.name}", done)


@pages.get("/modules/{module}", roles=MANAGERS)
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


@pages.get("/modules/{module}/edit", roles=TECHNICAL)
def show_edit_module(request: Request) -> Response:
    """Ask what a module is called and how it is sold from now on."""
    asked = GetModuleRequest(name=f"modules/{request.path_params['module']}")
    return page(
        request, "module_edit.html", module=call(request, CatalogServiceStub, "GetModule", asked)
    )


@pages.post("/modules/{module}/edit", roles=TECHNICAL, again=show_edit_module)
def update_module(request: Request, form: Form) -> Response:
    """Change the module."""
    wanted = _module(form)
    wanted.name, wanted.etag = f"modules/{request.path_params['module']}", form["etag"]
    asked = UpdateModuleRequest(module=wanted, request_id=form["request_id"])
    call(request, CatalogServiceStub, "UpdateModule", asked)
    return redirect(request, f"/{wanted.name}", _("The module is changed."))


@pages.post("/modules/{module}/retire", roles=TECHNICAL)
def retire_module(request: Request, form: Form) -> Response:
    """Take the module out of the choice for new products."""
    name = f"modules/{request.path_params['module']}"
    asked = RetireModuleRequest(name=name, etag=form["etag"], request_id=form["request_id"])
    call(request, CatalogServiceStub, "RetireModule", asked)
    return redirect(request, f"/{name}", _("The module is retired."))


def _module(form: Form) -> Module:
    return Module(
        display_name=form["display_name"],
        description=form["description"],
        series=form["series"],
        minimum_quantity=form.number("minimum_quantity"),
        packing_unit=form.number("packing_unit"),
        lead_time_days=form.number("lead_time_days"),
    )


@pages.post("/modules/{module}", roles=TECHNICAL, again=show_module)
def create_firmware(request: Request, form: Form) -> Response:
    """Enter a firmware version, to be released later."""
    parent = f"modules/{request.path_params['module']}"
    asked = CreateFirmwareRequest(
        parent=parent,
        firmware=Firmware(
            version=form["version"], digest=form["digest"], release_notes=form["release_notes"]
        ),
        request_id=form["request_id"],
    )
    call(request, CatalogServiceStub, "CreateFirmware", asked)
    return redirect(request, f"/{parent}", _("The firmware is entered as a beta version."))


@pages.post("/modules/{module}/firmware/{firmware}/notes", roles=TECHNICAL)
def annotate_firmware(request: Request, form: Form) -> Response:
    """Change the release notes of a firmware version."""
    wanted = Firmware(
        name=_firmware(request), release_notes=form["release_notes"], etag=form["etag"]
    )
    mask = FieldMask(paths=["release_notes"])
    asked = UpdateFirmwareRequest(firmware=wanted, update_mask=mask, request_id=form["request_id"])
    call(request, CatalogServiceStub, "UpdateFirmware", asked)
    to = f"/modules/{request.path_params['module']}"
    return redirect(request, to, _("The release notes are saved."))


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
