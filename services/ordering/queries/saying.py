"""The page of what is found by its words, sorted where it is found: no order is fetched to be
sorted, and none but those shown if nothing else is asked of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import LateralFromClause

from services.ordering.queries.finding import (
    ALL,
    FOR_OWNER,
    KEYS,
    KINDS,
    OWN,
    OWNED,
    PLACED,
    Shape,
    behind,
)
from services.ordering.queries.reading import fits, shown_of
from services.ordering.queries.roads import FOUND, IMPLIED, Road
from services.ordering.store import orders

LOOKED_UP: Mapping[str, sa.types.TypeEngine[Any]] = {
    "first": sa.Integer(),
    "last": sa.Integer(),
    "parts": ARRAY(sa.Text),
    "patterns": ARRAY(sa.Text),
    "space": sa.Text(),
    "hits": sa.Integer(),
}
"""What words are looked up with: the weeks, parts and patterns of the words, whose orders, and how
many of them at most."""

_hit = (
    sa.func.looked_up(*(sa.bindparam(name, type_=kind) for name, kind in LOOKED_UP.items()))
    .table_valued(
        sa.column("enterprise", sa.Text),
        sa.column("order_id", sa.Uuid),
        sa.column("total_key", sa.Text),
        sa.column("placed_at", sa.DateTime(timezone=True)),
    )
    .alias("hit")
)
_KEYS: Mapping[str, sa.ColumnElement[Any]] = {
    "create_time": _hit.c.order_id,
    "submit_time": _hit.c.placed_at,
    "total": _hit.c.total_key.collate("C"),
}
"""What is known of an order that was found, of what lists are sorted by."""

_ENTERPRISE, _OWNER = (sa.bindparam(name, type_=sa.Text) for name in ("enterprise", "owner"))
_KINDS: Mapping[str, sa.ColumnElement[bool]] = {
    PLACED: _hit.c.enterprise == _ENTERPRISE,
    OWNED: _hit.c.enterprise != _ENTERPRISE,
    ALL: sa.true(),
    OWN: _hit.c.enterprise == _OWNER,
    FOR_OWNER: _hit.c.enterprise != _OWNER,
}
"""Which kind of lists an order is in that was found among those of an enterprise."""

_LIMITS: Mapping[str, sa.ColumnElement[bool]] = {
    "id_from": _hit.c.order_id >= sa.bindparam("id_from", type_=sa.Uuid),
    "id_to": _hit.c.order_id < sa.bindparam("id_to", type_=sa.Uuid),
}
"""What is known to fit without the order itself."""


@cache
def statement_of_hits(shape: Shape) -> sa.Select[Any]:
    """Return the statement of the page of all that say the words, of one kind.

    Each row says how many were found. If that is as many as were looked up, there is no page, but
    one row that says so; and so it is if none of them fits.
    """
    (kind,) = shape.kinds
    field = shape.order_by.field
    key = _KEYS.get(field, sa.null()).label("page_key")
    known = [limit for name, limit in _LIMITS.items() if name in shape.told]
    found = sa.select(
        _hit.c.enterprise,
        _hit.c.order_id.label("id"),
        key,
        sa.and_(_KINDS[kind], *known).label("fits"),
    ).cte("found")
    are_all = sa.select(sa.func.count() < sa.bindparam("hits")).select_from(found).scalar_subquery()
    page: sa.Select[Any] = sa.select(found.c.id, found.c.page_key)
    if field not in _KEYS or shape.told - IMPLIED - _LIMITS.keys():
        order = _order_of(found, shape, kind)
        page = sa.select(found.c.id, order.c.page_key).join_from(found, order, sa.true())
    page = page.where(are_all, found.c.fits)
    if shape.after:
        page = page.where(behind(shape, page.selected_columns.page_key, found.c.id))
    return shown_of(shape, found, page.add_columns(sa.true().label("fits")).subquery("fitting"))


def _order_of(found: sa.CTE, shape: Shape, kind: str) -> LateralFromClause:
    """Return the order of a hit, if it fits: an offset has it looked up, one by one."""
    same = orders.c.enterprise == found.c.enterprise, orders.c.id == found.c.id
    fitting = fits(Road(shape, kind, FOUND), frozenset(_LIMITS))
    key = KEYS[shape.order_by.field].label("page_key")
    return sa.select(key).where(*same, *KINDS[kind], fitting).offset(0).lateral("theirs")
