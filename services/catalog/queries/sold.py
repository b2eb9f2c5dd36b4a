"""What can be known about licence types and value-added services."""

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.license_type import LicenseType
from services.catalog.domain.sold import Sold, State
from services.catalog.domain.value_added_service import ValueAddedService
from services.catalog.queries.pricing import Priced, price_page
from services.catalog.store import license_types, services
from shared.caller import Caller
from shared.paging import Page, page

T = TypeVar("T", bound=Sold)


def list_license_types(
    tx: Session, *, caller: Caller, module: str, state: State | None, size: int, token: str
) -> Page[Priced[LicenseType]]:
    """Return some licence types, newest first, as `caller` would pay for them."""
    select = _wanted(sa.select(LicenseType), license_types, module, state)
    found = page(tx, select, key=license_types.c.id, size=size, token=token)
    return price_page(tx, caller, found)


def list_services(
    tx: Session, *, caller: Caller, module: str, state: State | None, size: int, token: str
) -> Page[Priced[ValueAddedService]]:
    """Return some value-added services, newest first, as `caller` would pay for them."""
    select = _wanted(sa.select(ValueAddedService), services, module, state)
    found = page(tx, select, key=services.c.id, size=size, token=token)
    return price_page(tx, caller, found)


def _wanted(
    select: sa.Select[tuple[T]], table: sa.Table, module: str, state: State | None
) -> sa.Select[tuple[T]]:
    if module:
        select = select.where(
            (table.c.modules == ()) | (sa.literal(module) == sa.any_(table.c.modules))
        )
    return select.where(table.c.state == state) if state else select
