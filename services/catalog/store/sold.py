"""Where licence types and value-added services are kept."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.catalog.domain.errors import sold as errors
from services.catalog.domain.license_type import LicenseType
from services.catalog.domain.value_added_service import Purpose, ValueAddedService
from services.catalog.store.columns import (
    counted,
    is_sold,
    mapper,
    moment,
    number,
    text,
    unless_taken,
)
from shared.names import parse

LICENSE_TYPE, SERVICE = "licenseTypes/*", "valueAddedServices/*"


class Purposes(sa.types.TypeDecorator[frozenset[Purpose]]):
    """A set of purposes, kept as an array of their names."""

    impl = ARRAY(sa.Text)
    cache_ok = True

    def process_bind_param(self, value: Iterable[Purpose] | None, dialect: Any) -> Any:
        return sorted(purpose.name for purpose in value or ())

    def process_result_value(self, value: Any, dialect: Any) -> frozenset[Purpose]:
        return frozenset(Purpose[name] for name in value or ())


license_types = sa.Table(
    "license_types",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *counted(),
    text("sku"),
    text("display_name"),
    text("licenses"),
    sa.Column("modules", ARRAY(sa.Text, as_tuple=True), nullable=False),
    number("minimum_quantity"),
    number("lead_time_days"),
    is_sold(),
    moment("created_at"),
    sa.UniqueConstraint("sku", name="license_types_sku_key"),
)

services = sa.Table(
    "value_added_services",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *counted(),
    text("service_id"),
    text("display_name"),
    text("description"),
    sa.Column("purposes", Purposes, nullable=False),
    sa.Column("modules", ARRAY(sa.Text, as_tuple=True), nullable=False),
    number("minimum_quantity"),
    number("added_lead_time_days"),
    is_sold(),
    moment("created_at"),
    sa.UniqueConstraint("service_id", name="value_added_services_service_id_key"),
)

mapper.map_imperatively(LicenseType, license_types, version_id_col=license_types.c.version)
mapper.map_imperatively(ValueAddedService, services, version_id_col=services.c.version)


class LicenseTypes:
    """All licence types there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: LicenseType) -> None:
        """Keep a new licence type; ItemIdTaken if there is one of that SKU."""
        self._tx.add(new)
        taken = errors.ItemIdTaken(field="sku", item=new.name)
        with unless_taken("license_types_sku_key", taken):
            self._tx.flush()

    def get(self, name: str) -> LicenseType:
        """Return what is called `licenseTypes/{sku}`; ItemNotFound."""
        (sku,) = parse(LICENSE_TYPE, name)
        found = self._tx.scalar(sa.select(LicenseType).where(license_types.c.sku == sku))
        if found is None:
            raise errors.ItemNotFound(item=name)
        return found


class Services:
    """All value-added services there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: ValueAddedService) -> None:
        """Keep a new service; ItemIdTaken if there is one of that name."""
        self._tx.add(new)
        taken = errors.ItemIdTaken(field="value_added_service_id", item=new.name)
        with unless_taken("value_added_services_service_id_key", taken):
            self._tx.flush()

    def get(self, name: str) -> ValueAddedService:
        """Return what is called `valueAddedServices/{service}`; ItemNotFound."""
        (service_id,) = parse(SERVICE, name)
        found = self._tx.scalar(
            sa.select(ValueAddedService).where(services.c.service_id == service_id)
        )
        if found is None:
            raise errors.ItemNotFound(item=name)
        return found
