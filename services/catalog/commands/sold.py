"""What can be asked of licence types and value-added services."""

from typing import Any

from sqlalchemy.orm import Session

from services.catalog.domain.license_type import LicenseType
from services.catalog.domain.value_added_service import ValueAddedService
from services.catalog.store import LicenseTypes, Modules, Services

LICENSED_AS = ("display_name", "licenses", "modules", "minimum_quantity", "lead_time_days")
SERVED_AS = (
    "display_name",
    "description",
    "purposes",
    "modules",
    "minimum_quantity",
    "added_lead_time_days",
)


def create_license_type(tx: Session, *, sku: str, **about: Any) -> LicenseType:
    """Enter a licence type; ModuleNotFound, ItemIdTaken, or what its parts refuse."""
    new = LicenseType.enter(sku=sku, **about)
    Modules(tx).insist_all(new.modules)
    LicenseTypes(tx).add(new)
    return new


def update_license_type(tx: Session, *, name: str, etag: str = "", **changes: Any) -> LicenseType:
    """Change a licence type; ItemChanged, ModuleNotFound, or what its parts refuse."""
    license_type = LicenseTypes(tx).get(name)
    license_type.expect(etag)
    license_type.change(**{field: getattr(license_type, field) for field in LICENSED_AS} | changes)
    Modules(tx).insist_all(license_type.modules)
    return license_type


def retire_license_type(tx: Session, *, name: str, etag: str = "") -> LicenseType:
    """Take a licence type off the market; ItemRetired."""
    license_type = LicenseTypes(tx).get(name)
    license_type.expect(etag)
    license_type.retire()
    return license_type


def create_value_added_service(tx: Session, *, service_id: str, **about: Any) -> ValueAddedService:
    """Enter a service; ModuleNotFound, ItemIdTaken, or what its parts refuse."""
    new = ValueAddedService.enter(service_id=service_id, **about)
    Modules(tx).insist_all(new.modules)
    Services(tx).add(new)
    return new


def update_value_added_service(
    tx: Session, *, name: str, etag: str = "", **changes: Any
) -> ValueAddedService:
    """Change a service; ItemChanged, ModuleNotFound, or what its parts refuse."""
    service = Services(tx).get(name)
    service.expect(etag)
    service.change(**{field: getattr(service, field) for field in SERVED_AS} | changes)
    Modules(tx).insist_all(service.modules)
    return service


def retire_value_added_service(tx: Session, *, name: str, etag: str = "") -> ValueAddedService:
    """Take a service off the market; ItemRetired."""
    service = Services(tx).get(name)
    service.expect(etag)
    service.retire()
    return service
