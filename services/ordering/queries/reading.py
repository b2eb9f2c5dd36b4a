"""The statements that read a page at the end of a road."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import LateralFromClause

from services.ordering.queries.finding import (
    KEPT,
    KEYS,
    KINDS,
    LIMITS,
    LINE_LIMITS,
    LINES_OF_KIND,
    Shape,
    behind,
    by_keys,
    says,
)
from services.ordering.queries.roads import (
    ALONG,
    COVERING,
    CUTS,
    IMPLIED,
    LATE,
    Road,
)
from services.ordering.store import order_lines, orders

Rows = Sequence[sa.Row[Any]]

ANEW = {"plan_anew": True}
"""Two lists of one shape may be of 10 orders and of a million: no plan serves both."""

EVERY = 2**31 - 1
"""More entries than there are."""

_o = orders.c
_MOST, _REACH, _LIKELY = (
    sa.bindparam(name, type_=sa.Integer) for name in ("most", "reach", "likely")
)


def read(tx: Session, statement: sa.Select[Any], told: Mapping[str, Any]) -> Rows:
    """Return what a statement finds, planned for what it is told."""
    told = {"likely": EVERY, **told}
    return list(tx.execute(statement, told, execution_options=ANEW).all())


@lru_cache(maxsize=KEPT)
def statement_on(road: Road) -> sa.Select[Any]:
    """Return the statement of the page at the end of a road.

    Along the list's own order `reach` entries are read at most, and a page that is full is the
    right one. If it is not, each row says how many were read and how many of them were `fitting`,
    and if there is none, one says so that has no `page_id`. By what it is cut by all are read:
    `counting` says before how many those are.
    """
    return _sorted(road) if road.is_sorted else _cut(road)


@lru_cache(maxsize=KEPT)
def counting(roads: tuple[Road, ...]) -> sa.Select[Any]:
    """Return the statement that counts the entries of roads: of each up to its `reach_0` …, and
    not further than makes it longer than one before it."""
    counted: list[LateralFromClause] = []
    for at, road in enumerate(roads):
        shares = (each.c.count / _reach(n) for n, each in enumerate(counted))
        most = sa.func.least(_reach(at), *(_reach(at) * share for share in shares)) + 1
        some = _of_lines(road) if road.along in LINE_LIMITS else _of_orders(road)
        few = some.with_only_columns(sa.literal(1).label("one")).limit(most).subquery()
        count = sa.select(sa.func.count().label("count")).select_from(few)
        counted.append(count.lateral(f"counted_{at}"))
    return sa.select(*(each.c.count for each in counted))


@lru_cache(maxsize=KEPT)
def statement_through(road: Road) -> sa.Select[Any]:
    """Return the statement of the page by what a road is cut by, if it has less than `reach`
    entries.

    They are read once, to be counted and to have the page. Each row says how many were read and
    how many of them were `fitting`, and if there is no page one says so that has no `page_id`.
    """
    shape, key = road.shape, KEYS[road.shape.order_by.field]
    read_once = _read_once(road)
    each = (
        sa.func.unnest(read_once.c.ids, read_once.c.page_keys)
        .table_valued(sa.column("id", _o.id.type), sa.column("page_key", key.type))
        .render_derived("each")
    )
    fitting = (
        sa.select(each.c.id, each.c.page_key)
        .select_from(read_once.join(each, read_once.c.entries_read < _REACH))
        .order_by(*by_keys(shape, each.c.page_key, each.c.id))
        .limit(_LIKELY)
        .subquery("fitting")
    )
    page = sa.select(fitting).where(*says(shape, fitting.c))
    page = page.order_by(*by_keys(shape, fitting.c.page_key, fitting.c.id)).limit(_MOST)
    about = sa.select(read_once.c.entries_read, read_once.c.fitting).subquery("about")
    return shown_of(shape, about, page.subquery("page"))


def _read_once(road: Road) -> sa.CTE:
    """Return in one row how many entries a road has, and the ids and keys of those that fit."""
    shape, key = road.shape, KEYS[road.shape.order_by.field]
    asked = fits(road, _within(road))
    if shape.after:
        asked = sa.and_(asked, behind(shape, key, _o.id))
    entries = (
        _of_orders(road)
        .with_only_columns(_o.id, key.label("page_key"), asked.label("fits"))
        .limit(_REACH)
        .subquery("entries")
    )
    return (
        sa.select(
            sa.func.count().label("entries_read"),
            sa.func.count().filter(entries.c.fits).label("fitting"),
            sa.func.array_agg(entries.c.id).filter(entries.c.fits).label("ids"),
            sa.func.array_agg(entries.c.page_key).filter(entries.c.fits).label("page_keys"),
        )
        .select_from(entries)
        .cte("read_once")
    )


def _reach(at: int) -> sa.ColumnElement[Any]:
    return sa.cast(sa.bindparam(f"reach_{at}", type_=sa.Integer), sa.Numeric)


def _sorted(road: Road) -> sa.Select[Any]:
    shape, key = road.shape, KEYS[road.shape.order_by.field]
    within = ALONG[shape.order_by.field] & shape.told | CUTS.get(road.cut, frozenset())
    limits = [*_kind(road), *(LIMITS[name] for name in within)]
    if shape.after:
        limits.append(behind(shape, key, _o.id))
    entries = (
        sa.select(_o.id, key.label("page_key"), fits(road, within).label("fits"))
        .where(*limits)
        .order_by(*by_keys(shape, key, _o.id))
        .limit(_REACH)
        .subquery("entries")
    )
    saying = _saying(shape, entries) if shape.words else entries
    page = sa.select(page_of(shape, saying)).cte("page")
    # They are read again, and put nowhere, to be counted; not so if there is a page.
    number = sa.func.count()
    is_short = sa.select(number).select_from(page).scalar_subquery() < _MOST
    about = (
        sa.select(number.label("entries_read"), number.filter(entries.c.fits).label("fitting"))
        .select_from(entries)
        .where(is_short)
    )
    return shown_of(shape, about.subquery("about"), page)


def _cut(road: Road) -> sa.Select[Any]:
    shape, key = road.shape, KEYS[road.shape.order_by.field]
    fitting = fits(road, _within(road))
    if shape.after:
        fitting = sa.and_(fitting, behind(shape, key, _o.id))
    if by_line := road.along in LINE_LIMITS:
        lines = _of_lines(road).offset(0).subquery("lines")
        theirs = sa.and_(_o.enterprise == lines.c.enterprise, _o.id == lines.c.order_id)
        entries = sa.select(_o.id, _o.enterprise).join_from(lines, orders, theirs)
    else:
        entries = _of_orders(road)
    # An offset, be it none, has the entries read as is said here, whatever is asked of them then.
    read = entries.add_columns(key.label("page_key"), fitting.label("fits")).offset(0)
    entry = read.subquery("entries")
    if shape.words:
        entry = _saying(shape, entry, once=by_line)
    return _shown(shape, page_of(shape, entry, once=by_line))


def _of_orders(road: Road) -> sa.Select[Any]:
    limits = (LIMITS[name] for name in sorted(_within(road) & road.shape.told))
    return sa.select(_o.id, _o.enterprise).where(*_kind(road), *limits)


def _within(road: Road) -> frozenset[str]:
    """Return which limits say where a road begins and ends: what is cut by comes as it was made."""
    if road.along in COVERING:
        return CUTS[road.along] | ALONG["create_time"]
    return _BESIDES.get(road.along) or CUTS[road.along]


_BESIDES: Mapping[str, frozenset[str]] = {
    LATE: ALONG["submit_time"] | {"submitted", "late", "late_from"},
}
"""Roads that are not gone for what somebody asks for."""


def _of_lines(road: Road) -> sa.Select[Any]:
    limits = (LINE_LIMITS[road.along], *LINES_OF_KIND[road.kind])
    return sa.select(order_lines.c.enterprise, order_lines.c.order_id).where(*limits)


def _shown(shape: Shape, page: sa.Subquery) -> sa.Select[Any]:
    return (
        sa.select(*shape.columns, page.c.page_key, page.c.id.label("page_id"))
        .join_from(page, orders, _o.id == page.c.id)
        .order_by(*by_keys(shape, page.c.page_key, page.c.id))
    )


def shown_of(shape: Shape, about: sa.FromClause, page: sa.FromClause) -> sa.Select[Any]:
    """Return what is shown of a page, each row with what there is `about` it, and if it is empty a
    row that says just this."""
    return (
        sa.select(*shape.columns, page.c.page_key, page.c.id.label("page_id"), *about.c)
        .select_from(about.outerjoin(page.join(orders, _o.id == page.c.id), sa.true()))
        .order_by(*by_keys(shape, page.c.page_key, page.c.id))
    )


def _saying(shape: Shape, entries: sa.FromClause, *, once: bool = False) -> sa.Subquery:
    """Choose those that say the words: they are sorted before, so as to look at no more of them
    than it takes to fill the page, and no more are sorted than are `likely` to fill it."""
    fitting = sa.select(entries).where(entries.c.fits)
    if once:
        fitting = fitting.distinct()
    by = by_keys(shape, entries.c.page_key, entries.c.id)
    entry = fitting.order_by(*by).limit(_LIKELY).subquery("fitting")
    return sa.select(entry).where(*says(shape, entry.c)).subquery("saying")


def page_of(shape: Shape, entries: sa.FromClause, *, once: bool = False) -> sa.Subquery:
    """Choose those of the page; `once` where an order may have several entries."""
    page = sa.select(entries.c.id, entries.c.page_key).where(entries.c.fits)
    if once:
        page = page.distinct()
    by = by_keys(shape, entries.c.page_key, entries.c.id)
    return page.order_by(*by).limit(_MOST).subquery("page")


def _kind(road: Road) -> Sequence[sa.ColumnElement[bool]]:
    """Return whose orders are read; of an owner's own the owner is a limit like any other."""
    return KINDS[road.kind][:1]


def fits(road: Road, within: frozenset[str]) -> sa.ColumnElement[bool]:
    """Return what else is asked of an order, beside what is certain `within` a road."""
    told = road.shape.told - within - IMPLIED
    limits = [limit for name, limit in LIMITS.items() if name in told]
    if lines := [limit for name, limit in LINE_LIMITS.items() if name in told]:
        line = sa.and_(order_lines.c.enterprise == _o.enterprise, order_lines.c.order_id == _o.id)
        limits.append(sa.exists().where(line, *lines))
    return sa.and_(sa.true(), *limits)
