"""The page of what is found by its words, sorted where it is found: no order is fetched to be
sorted, and none but those shown if nothing else is asked of them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import LateralFromClause

from services.ordering.queries.finding import (
    ALL,
    FOR_OWNER,
    KEPT,
    KEYS,
    OWN,
    OWNED,
    PLACED,
    Shape,
    behind,
)
from services.ordering.queries.reading import Rows, fits, page_of, read, shown_of
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
        sa.column("week", sa.Integer),
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

_HITS = sa.bindparam("hits", type_=sa.Integer)
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
    "placed_to": _hit.c.placed_at < sa.bindparam("placed_to", type_=orders.c.placed_at.type),
}
"""What is known to fit without the order itself."""


class Found(NamedTuple):
    """What was found in the weeks that were looked through."""

    rows: Rows
    """The page of it: of all, or of all but the last week, as more of that may not be found yet."""

    hits: int
    known: int
    """How many there are, and without those of the last week."""

    edge: UUID | None
    """Which of these the list comes to last, if it comes as orders were made."""

    week: int
    """The first week there are any of, if there are more than were looked for."""


def hits_of(tx: Session, shape: Shape, told: Mapping[str, Any]) -> Found:
    """Return what is found first with what is told."""
    rows = read(tx, _statement(shape, in_part=True), told)
    page = [row for row in rows if row.page_id is not None]
    return Found(page, rows[0].entries_read, rows[0].known, rows[0].edge, rows[0].first_week)


def all_hits_of(tx: Session, shape: Shape, told: Mapping[str, Any]) -> Rows | None:
    """Return the page of all that is found with what is told, None if that is too much."""
    rows = read(tx, _statement(shape, in_part=False), told)
    if rows[0].entries_read == told["hits"]:
        return None
    return [row for row in rows if row.page_id is not None]


def is_known(shape: Shape) -> bool:
    """Whether all that is asked of an order is known where it is found."""
    return shape.order_by.field in _KEYS and not shape.told - IMPLIED - _LIMITS.keys()


@lru_cache(maxsize=KEPT)
def _statement(shape: Shape, *, in_part: bool) -> sa.Select[Any]:
    field, descending = shape.order_by.field, shape.order_by.is_descending
    known = [limit for name, limit in _LIMITS.items() if name in shape.told]
    theirs = sa.or_(*(_KINDS[kind] for kind in shape.kinds))
    found = sa.select(
        _hit.c.week,
        _hit.c.enterprise,
        _hit.c.order_id.label("id"),
        _KEYS.get(field, sa.null()).label("page_key"),
        sa.and_(theirs, *known).label("fits"),
    ).cte("found")
    page: sa.Select[Any] = sa.select(found.c.id, found.c.page_key)
    if not is_known(shape):
        order = _order_of(found, shape)
        page = sa.select(found.c.id, order.c.page_key).join_from(found, order, sa.true())
    page = page.where(found.c.fits)
    about = _about_first(found, descending=descending) if in_part else _about_all(found)
    whole: sa.ColumnElement[bool] = sa.select(about.c.is_all).scalar_subquery()
    if in_part:
        last_week = sa.select(about.c.last_week).scalar_subquery()
        whole = sa.or_(whole, found.c.week != last_week)
    page = page.where(whole)
    if shape.after:
        page = page.where(behind(shape, page.selected_columns.page_key, found.c.id))
    fitting = page.add_columns(sa.true().label("fits")).subquery("fitting")
    return shown_of(shape, about, page_of(shape, fitting))


def _about_all(found: sa.CTE) -> sa.CTE:
    """Return how many were found, and whether that is all."""
    return (
        sa.select(
            sa.func.count().label("entries_read"),
            (sa.func.count() < _HITS).label("is_all"),
        )
        .select_from(found)
        .cte("about")
    )


def _about_first(found: sa.CTE, *, descending: bool) -> sa.CTE:
    """Return how many were found, and how far the list is known from them."""
    ends = (sa.func.max, sa.func.min) if descending else (sa.func.min, sa.func.max)
    first, last = (end(found.c.week) for end in ends)
    of = (
        sa.select(
            sa.func.count().label("count"),
            first.label("first_week"),
            last.label("week"),
            (sa.func.count() < _HITS).label("is_all"),
        )
        .select_from(found)
        .cte("last")
    )
    before = sa.or_(of.c.is_all, found.c.week != of.c.week)
    edge = sa.select(found.c.id).where(before)
    edge = edge.order_by(found.c.id if descending else found.c.id.desc()).limit(1)
    known = sa.select(sa.func.count()).select_from(found).where(before)
    return sa.select(
        of.c.count.label("entries_read"),
        of.c.first_week,
        of.c.week.label("last_week"),
        of.c.is_all,
        known.scalar_subquery().label("known"),
        edge.scalar_subquery().label("edge"),
    ).cte("about")


def _order_of(found: sa.CTE, shape: Shape) -> LateralFromClause:
    """Return the order of a hit, if it fits: an offset has it looked up, one by one, in whichever
    index has what is asked of it."""
    same = orders.c.enterprise == found.c.enterprise, orders.c.id == found.c.id
    fitting = fits(Road(shape, shape.kinds[0], FOUND), frozenset(_LIMITS))
    key = KEYS[shape.order_by.field].label("page_key")
    return sa.select(key).where(*same, fitting).offset(0).lateral("theirs")
