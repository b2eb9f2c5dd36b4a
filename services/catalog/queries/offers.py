"""What ordering needs to know of products."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.catalog.domain.errors.offers import TooManyProducts
from services.catalog.store import PRODUCT, firmware, modules, products
from shared.names import parse

MOST_OFFERS = 200


def batch_get_offers(tx: Session, *, names: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """Return what ordering needs to know of those products the transaction may see, as asked.

    One statement for all of them. Raises TooManyProducts.
    """
    if len(names) > MOST_OFFERS:
        raise TooManyProducts(most=MOST_OFFERS)
    asked = [parse(PRODUCT, name) for name in dict.fromkeys(names)]
    found = tx.execute(_OFFERS, {"pids": [pid for _, pid in asked]})
    offers = {(row.enterprise, row.pid): row for row in found}
    return [offers[key] for key in asked if key in offers]


_OFFERS = (
    sa.select(
        products.c.enterprise,
        products.c.pid,
        products.c.display_name,
        products.c.model,
        products.c.lifecycle,
        firmware.c.id.label("firmware_id"),
        firmware.c.version_name,
        firmware.c.digest,
        firmware.c.state,
        modules.c.module_id,
        modules.c.display_name.label("module_display_name"),
        modules.c.price_tiers,
        modules.c.minimum_quantity,
        modules.c.packing_unit,
        modules.c.lead_time_days,
    )
    .select_from(products.outerjoin(firmware).outerjoin(modules))
    # One array, not many parameters: the statement is the same however many are asked for.
    .where(products.c.pid == sa.any_(sa.bindparam("pids", type_=ARRAY(sa.Text))))
)
