"""Earlier orders that look like one: found by the database itself, past row-level security.

It answers no more of another enterprise's order than product, quantity and day.
"""

import json
from collections.abc import Collection
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from services.ordering.domain.duplicates import Duplicate, DuplicateLine, Likeness
from services.ordering.domain.form import OrderForm
from services.ordering.domain.line import OrderLine
from services.ordering.domain.order import Order
from shared.clock import now
from shared.prepared import Prepared
from shared.sql import later, named


def duplicates_of(
    tx: Session, order: Order, form: OrderForm, likeness: Likeness
) -> list[Duplicate]:
    """Return the earlier orders that `order` would look like with `form`, the latest first."""
    if not likeness.within:
        return []
    rows = named(tx, _ALIKE, _asked(order, form, likeness))
    return [_duplicate(list(alike)) for _, alike in groupby(rows, _one)]


def insist_none_alike(
    tx: Session, order: Order, form: OrderForm, likeness: Likeness, known: Collection[str]
) -> None:
    """Have the commit fail with StaleDataError if an order looks like one that is not `known`."""
    if likeness.within:
        later(tx, _INSIST, (*_asked(order, form, likeness), list(known)))


def _asked(order: Order, form: OrderForm, likeness: Likeness) -> tuple[object, ...]:
    wanted = [_wanted(line, *likeness.near(line.quantity)) for line in order.lines]
    since = now() - likeness.within
    return json.dumps(wanted), form.po_no, form.customer_batch_no, since, order.id


_TYPES = ("jsonb", "text", "text", "timestamptz", "uuid")
_ALIKE = Prepared("select * from orders_alike(%s, %s, %s, %s, %s)", *_TYPES)
_INSIST = Prepared("select insist_none_alike(%s, %s, %s, %s, %s, %s)", *_TYPES, "text[]")


def _wanted(line: OrderLine, least: int, most: int) -> dict[str, Any]:
    told = {"product": line.product, "least": least, "most": most}
    return told | {"license_type": line.license_type}


def _one(row: Any) -> object:
    """Tell rows of two orders apart; of those of others it is not known which belong together."""
    return row.order_id or (row.product, row.submitted_at)


def _duplicate(rows: list[Any]) -> Duplicate:
    first = rows[0]
    placed_here = bool(first.enterprise)
    name = f"enterprises/{first.enterprise}/orders/{first.order_id}"
    return Duplicate(
        name=name if placed_here else first.product,
        order_no=first.order_no,
        buyer=first.buyer,
        submitted_at=first.submitted_at,
        lines=[
            DuplicateLine(
                product=row.product,
                pid=row.pid,
                display_name=row.display_name,
                quantity=row.quantity,
            )
            for row in rows
        ],
    )
