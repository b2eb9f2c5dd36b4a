"""What can be asked of catalog. One function per thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.errors import EnterpriseNotFound
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.module import Module, PriceTier
from services.catalog.domain.product import Product
from services.catalog.store import FirmwareVersions, Modules, Products
from shared.caller import Caller
from shared.names import parse


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What people call a product and note about it."""

    model: str = ""
    customer_name: str = ""
    notes: str = ""


def create_module(
    tx: Session,
    *,
    module_id: str,
    display_name: str,
    description: str,
    price_tiers: Sequence[PriceTier],
    minimum_quantity: int,
    packing_unit: int,
    lead_time_days: int,
) -> Module:
    """Enter a module; ModuleIdTaken, or what its parts refuse."""
    module = Module.enter(
        module_id=module_id,
        display_name=display_name,
        description=description,
        price_tiers=price_tiers,
        minimum_quantity=minimum_quantity,
        packing_unit=packing_unit,
        lead_time_days=lead_time_days,
    )
    Modules(tx).add(module)
    return module


def create_firmware(tx: Session, *, parent: str, version: str, digest: str) -> Firmware:
    """Enter a firmware version of a module; ModuleNotFound, VersionTaken."""
    module = Modules(tx).get(parent)
    firmware = Firmware.enter(module_id=module.module_id, version=version, digest=digest)
    FirmwareVersions(tx).add(firmware)
    return firmware


def release_firmware(tx: Session, *, name: str, etag: str = "") -> Firmware:
    """Open a firmware version for every purpose; FirmwareCannotBecome."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.release()
    return firmware


def retire_firmware(tx: Session, *, name: str, etag: str = "") -> Firmware:
    """Close a firmware version for new orders; FirmwareCannotBecome."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.retire()
    return firmware


def create_product(
    tx: Session,
    *,
    caller: Caller,
    parent: str,
    product_id: str,
    display_name: str,
    labels: Labels,
    build: BuildConfiguration | None,
) -> Product:
    """Begin a product of the caller's enterprise; EnterpriseNotFound, ProductIdTaken."""
    (owner,) = parse("enterprises/*", parent)
    if owner != caller.enterprise:
        raise EnterpriseNotFound(enterprise=parent)
    product = Product.create(enterprise=owner, display_name=display_name, product_id=product_id)
    product.label(model=labels.model, customer_name=labels.customer_name, notes=labels.notes)
    if build:
        product.configure(build, _firmware_of(tx, build))
    Products(tx).add(product)
    return product


def configure_product(
    tx: Session, *, caller: Caller, name: str, build: BuildConfiguration, etag: str = ""
) -> Product:
    """Set what is built into a product; ProductLocked outside development."""
    product = Products(tx).own(name, caller)
    product.expect(etag)
    product.configure(build, _firmware_of(tx, build))
    return product


def label_product(
    tx: Session, *, caller: Caller, name: str, labels: Labels, etag: str = ""
) -> Product:
    """Set a product's labels as given (R38-R40); ProductWithoutModel outside development."""
    product = Products(tx).own(name, caller)
    product.expect(etag)
    product.label(model=labels.model, customer_name=labels.customer_name, notes=labels.notes)
    return product


def complete_development(tx: Session, *, caller: Caller, name: str, etag: str = "") -> Product:
    """Lock a product's build and go on to trial production (R43, R44)."""
    product = Products(tx).own(name, caller)
    product.expect(etag)
    product.complete_development()
    return product


def release_product(tx: Session, *, caller: Caller, name: str, etag: str = "") -> Product:
    """Go on to mass production (A11); FirmwareNotReleased."""
    product = Products(tx).own(name, caller)
    product.expect(etag)
    product.release()
    return product


def return_product(
    tx: Session, *, caller: Caller, name: str, reason: str, etag: str = ""
) -> Product:
    """Go back to development, which unlocks the build (R47)."""
    product = Products(tx).own(name, caller)
    product.expect(etag)
    product.return_to_development(reason=reason)
    return product


def _firmware_of(tx: Session, build: BuildConfiguration) -> Firmware:
    """Return the firmware `build` names; ModuleNotFound, FirmwareNotFound."""
    Modules(tx).get(build.module)
    return FirmwareVersions(tx).get(build.firmware)
