"""What happens to products and firmware."""

from dataclasses import dataclass

from services.catalog.domain.build import BuildConfiguration
from shared.domain import Event


@dataclass(frozen=True, kw_only=True)
class ProductCreated(Event):
    """A customer began a product."""

    product: str
    owner: str
    display_name: str


@dataclass(frozen=True, kw_only=True)
class ProductConfigured(Event):
    """Something else is built into it from now on."""

    product: str
    build: BuildConfiguration


@dataclass(frozen=True, kw_only=True)
class ProductModelChanged(Event):
    """It has another model label from now on."""

    product: str
    model: str


@dataclass(frozen=True, kw_only=True)
class DevelopmentCompleted(Event):
    """What is built into it is locked."""

    product: str
    build: BuildConfiguration


@dataclass(frozen=True, kw_only=True)
class ProductReleased(Event):
    """It may be produced in volume."""

    product: str


@dataclass(frozen=True, kw_only=True)
class ProductReturned(Event):
    """It is in development again, and unlocked."""

    product: str
    reason: str
    orders: tuple[str, ...] = ()
    authorizations: tuple[str, ...] = ()
    manufacturers: tuple[str, ...] = ()
    partner_clients: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FirmwareReleased(Event):
    """It may be used for every purpose."""

    firmware: str
    version: str
    digest: str
    released_by: str


@dataclass(frozen=True, kw_only=True)
class FirmwareRetired(Event):
    """It may no longer be used in new orders."""

    firmware: str
    version: str
    digest: str
    retired_by: str
