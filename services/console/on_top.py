"""Licences and value-added services: the lists, and the page of one to enter and change it."""

from pathlib import Path
from typing import Any

from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService
from millrun.ordering.v1.order_pb2 import Purpose
from starlette.requests import Request
from starlette.responses import Response

from services.console.roles import MANAGERS, TECHNICAL
from shared.web import Form, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

SERVED = ("TRIAL_PRODUCTION", "MASS_PRODUCTION")
MODULES = (CatalogServiceStub, "ListModules", pb.ListModulesRequest(page_size=200))


@pages.get("/licenseTypes", roles=MANAGERS)
def list_license_types(request: Request) -> Response:
    """List licence types, the newest first."""
    asked = pb.ListLicenseTypesRequest(page_token=request.query_params.get("page_token", ""))
    found = call(request, CatalogServiceStub, "ListLicenseTypes", asked)
    return page(request, "license_types.html", found=found)


@pages.get("/licenseTypes/new", roles=TECHNICAL)
def show_new_license_type(request: Request) -> Response:
    """Ask for a licence type."""
    modules = call(request, *MODULES).modules
    return page(request, "license_type.html", item=LicenseType(), modules=modules, new=True)


@pages.post("/licenseTypes/new", roles=TECHNICAL, again=show_new_license_type)
def create_license_type(request: Request, form: Form) -> Response:
    """Enter the licence type."""
    asked = pb.CreateLicenseTypeRequest(
        license_type=_license_type(form), sku=form["sku"], request_id=form["request_id"]
    )
    created = call(request, CatalogServiceStub, "CreateLicenseType", asked)
    done = _("The licence is in the catalogue. A business manager sets its price.")
    return redirect(request, f"/{created.name}", done)


@pages.get("/licenseTypes/{license_type}", roles=MANAGERS)
def show_license_type(request: Request) -> Response:
    """Show a licence type, and to who may change it a form."""
    asked = pb.GetLicenseTypeRequest(name=_name(request, "licenseTypes", "license_type"))
    return _one(request, "license_type.html", "GetLicenseType", asked)


@pages.post("/licenseTypes/{license_type}", roles=TECHNICAL, again=show_license_type)
def update_license_type(request: Request, form: Form) -> Response:
    """Change the licence type."""
    wanted = _license_type(form)
    wanted.name, wanted.etag = _name(request, "licenseTypes", "license_type"), form["etag"]
    asked = pb.UpdateLicenseTypeRequest(license_type=wanted, request_id=form["request_id"])
    call(request, CatalogServiceStub, "UpdateLicenseType", asked)
    return redirect(request, f"/{wanted.name}", _("The licence is changed."))


@pages.post("/licenseTypes/{license_type}/retire", roles=TECHNICAL)
def retire_license_type(request: Request, form: Form) -> Response:
    """Take the licence type off the market."""
    name = _name(request, "licenseTypes", "license_type")
    asked = pb.RetireLicenseTypeRequest(name=name, etag=form["etag"], request_id=form["request_id"])
    call(request, CatalogServiceStub, "RetireLicenseType", asked)
    return redirect(request, f"/{name}", _("The licence is retired."))


@pages.get("/valueAddedServices", roles=MANAGERS)
def list_services(request: Request) -> Response:
    """List value-added services, the newest first."""
    asked = pb.ListValueAddedServicesRequest(page_token=request.query_params.get("page_token", ""))
    found = call(request, CatalogServiceStub, "ListValueAddedServices", asked)
    return page(request, "services.html", found=found)


@pages.get("/valueAddedServices/new", roles=TECHNICAL)
def show_new_service(request: Request) -> Response:
    """Ask for a service."""
    modules = call(request, *MODULES).modules
    item = ValueAddedService(purposes=[Purpose.MASS_PRODUCTION])
    return page(request, "service.html", item=item, modules=modules, served=SERVED, new=True)


@pages.post("/valueAddedServices/new", roles=TECHNICAL, again=show_new_service)
def create_service(request: Request, form: Form) -> Response:
    """Enter the service."""
    asked = pb.CreateValueAddedServiceRequest(
        value_added_service=_service(form),
        value_added_service_id=form["value_added_service_id"],
        request_id=form["request_id"],
    )
    created = call(request, CatalogServiceStub, "CreateValueAddedService", asked)
    done = _("The service is in the catalogue. A business manager sets its price.")
    return redirect(request, f"/{created.name}", done)


@pages.get("/valueAddedServices/{service}", roles=MANAGERS)
def show_service(request: Request) -> Response:
    """Show a service, and to who may change it a form."""
    asked = pb.GetValueAddedServiceRequest(name=_name(request, "valueAddedServices", "service"))
    return _one(request, "service.html", "GetValueAddedService", asked, served=SERVED)


@pages.post("/valueAddedServices/{service}", roles=TECHNICAL, again=show_service)
def update_service(request: Request, form: Form) -> Response:
    """Change the service."""
    wanted = _service(form)
    wanted.name, wanted.etag = _name(request, "valueAddedServices", "service"), form["etag"]
    asked = pb.UpdateValueAddedServiceRequest(
        value_added_service=wanted, request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "UpdateValueAddedService", asked)
    return redirect(request, f"/{wanted.name}", _("The service is changed."))


@pages.post("/valueAddedServices/{service}/retire", roles=TECHNICAL)
def retire_service(request: Request, form: Form) -> Response:
    """Take the service off the market."""
    name = _name(request, "valueAddedServices", "service")
    asked = pb.RetireValueAddedServiceRequest(
        name=name, etag=form["etag"], request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "RetireValueAddedService", asked)
    return redirect(request, f"/{name}", _("The service is retired."))


def _one(request: Request, template: str, method: str, asked: Any, **more: Any) -> Response:
    parts = together(request, item=(CatalogServiceStub, method, asked), modules=MODULES)
    modules = parts["modules"].insist().modules
    return page(request, template, item=parts["item"].insist(), modules=modules, **more)


def _name(request: Request, collection: str, variable: str) -> str:
    return f"{collection}/{request.path_params[variable]}"


def _license_type(form: Form) -> LicenseType:
    return LicenseType(
        display_name=form["display_name"],
        licenses=form["licenses"],
        modules=form.all("modules"),
        minimum_quantity=form.number("minimum_quantity"),
        lead_time_days=form.number("lead_time_days"),
    )


def _service(form: Form) -> ValueAddedService:
    return ValueAddedService(
        display_name=form["display_name"],
        description=form["description"],
        purposes=[Purpose.Value(name) for name in form.all("purposes") if name in SERVED],
        modules=form.all("modules"),
        minimum_quantity=form.number("minimum_quantity"),
        added_lead_time_days=form.number("added_lead_time_days"),
    )
