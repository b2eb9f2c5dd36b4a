"""What can be asked of products."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.errors.products import EnterpriseNotFound
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.product import Product
from services.catalog.store import FirmwareVersions, Modules, Products
from services.catalog.store.around import impact_of
from shared.caller import Caller
from shared.names import parse


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What people call a product and note about it."""

    model: str = ""
    customer_name: str = ""
    notes: str = ""


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
    product.configure(build, _firmware_of(tx, build, product.build))
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
    tx: Session, *, caller: Caller, name: str, reason: str, etag: str = "", seen: str = ""
) -> Product:
    """Go back to development, which unlocks the build (R47); ImpactChanged since it was `seen`."""
    product = Products(tx).own(name, caller)
    product.expect(etag)
    impact = impact_of(tx, product)
    impact.expect(seen)
    product.return_to_development(reason=reason, impact=impact)
    return product


def _firmware_of(
    tx: Session, build: BuildConfiguration, before: BuildConfiguration | None = None
) -> Firmware:
    """Return the firmware `build` names; ModuleNotFound, ItemRetired, FirmwareNotFound."""
    module = Modules(tx).get(build.module)
    if before is None or before.module != build.module:
        module.insist_sold()
    return FirmwareVersions(tx).get(build.firmware)
