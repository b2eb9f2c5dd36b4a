"""Whatever can stand in a price list, whichever table it is kept in."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.errors.sold import ItemNotFound
from services.catalog.store.modules import modules
from services.catalog.store.sold import license_types, services

_NAMES = sa.union_all(
    sa.select(("modules/" + modules.c.module_id).label("name")),
    sa.select("licenseTypes/" + license_types.c.sku),
    sa.select("valueAddedServices/" + services.c.service_id),
).subquery()


def insist_all(tx: Session, names: Iterable[str]) -> None:
    """Refuse with ItemNotFound the first of these names that nothing in the catalogue has."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return
    there = set(tx.scalars(sa.select(_NAMES.c.name).where(_NAMES.c.name.in_(wanted))))
    for name in wanted:
        if name not in there:
            raise ItemNotFound(item=name[:200], field="item")
