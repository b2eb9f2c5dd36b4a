"""Roads to a page of orders, none of which is gone further than it is told.

A list that is cut by one thing and sorted by another can be read from two ends: as it is sorted,
until a page fits, or as it is cut, to be sorted then. Which of them is short nobody can estimate:
open orders are all young, so those first submitted are at the far end of all there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.ordering.domain.words import Family, Purpose
from services.ordering.queries.finding import (
    ALL,
    FOR_OWNER,
    KEYS,
    KINDS,
    LIMITS,
    LINE_LIMITS,
    LINES_OF_KIND,
    OWN,
    OWNED,
    PLACED,
    Shape,
    behind,
    by_keys,
    says,
)
from services.ordering.store import order_lines, orders

_o = orders.c
_MOST, _REACH = (sa.bindparam(name, type_=sa.Integer) for name in ("most", "reach"))

SORTED, LATE, FOUND = "sorted", "late", "found"
"""The road along the list's own order, those to orders that were submitted long after they were
made or found by what they say; all others are called after what they are cut by."""

ALONG: Mapping[str, frozenset[str]] = {
    "create_time": frozenset({"id_from", "id_to"}),
    "submit_time": frozenset({"submitted_from", "submitted_to", "placed_from", "placed_to"}),
    "total": frozenset({"total_from", "total_to"}),
    "order_no": frozenset({"order_no", "no_from", "no_to"}),
}
"""Which limits say where along its own order a list begins and ends."""

IMPLIED = frozenset({"placed_from", "no_from", "no_to"})
"""Limits that follow from others: they say where to look, and nothing is cut by them."""

CUTS: Mapping[str, frozenset[str]] = {
    "order_no": frozenset({"order_no"}),
    **{name: frozenset({name}) for name in (
        "contract_no", "po_key", "batch_key", "product", "pid", "states", "waiting_on", "purposes",
        "family", "owner", "business_manager",
    )},
    "made": ALONG["create_time"],
    "submitted": ALONG["submit_time"] - IMPLIED,
    "total": ALONG["total"],
}  # fmt: skip
"""What an index begins with, and which limits say how: what is most telling comes first."""

TELLING = ("order_no", "contract_no", "po_key", "batch_key", "product", "pid")
"""What few orders have in common: nothing else is worth a look before."""

_NO_INDEX: Mapping[str, frozenset[str]] = {
    PLACED: frozenset({"business_manager"}),
    OWNED: frozenset({"business_manager", "owner"}),
    ALL: frozenset({"owner"}),
    OWN: frozenset({"business_manager"}),
    FOR_OWNER: frozenset({"business_manager", "owner"}),
}
"""What no index of a kind of lists begins with."""

COVERING = ("po_key", "states", "waiting_on", "purposes", "family", "owner", "business_manager")
COVERED = frozenset(
    {"states", "waiting_on", "purposes", "family", "owner", "submitted", "submitted_from",
     "submitted_to", "placed_to", "created_from", "created_to", "id_from", "id_to", "total_from",
     "total_to"}
)  # fmt: skip
"""What the indexes that begin with one of these hold besides: they are read without the orders."""


@dataclass(frozen=True)
class Road:
    """One way to read the orders of one kind."""

    shape: Shape
    kind: str
    along: str

    @property
    def is_sorted(self) -> bool:
        return self.along == SORTED

    @property
    def is_covered(self) -> bool:
        """Whether an index alone is read, and of orders no more than is shown."""
        beside = self.shape.told - CUTS.get(self.along, frozenset()) - IMPLIED
        return self.along in COVERING and beside <= COVERED

    @property
    def is_scattered(self) -> bool:
        """Whether what is read one after the other lies far apart: not so what is of one time."""
        by_time = {SORTED: self.shape.order_by.field != "total", "made": True, "submitted": True}
        return not by_time.get(self.along, False)


def roads_by_cut(shape: Shape, kind: str, told: Mapping[str, Any]) -> Sequence[Road]:
    """Return the roads to the orders of a kind by what the list is cut by."""
    cuts = [
        along
        for along, names in CUTS.items()
        if names & shape.told and not names <= ALONG[shape.order_by.field]
        if along not in _NO_INDEX[kind] and _is_indexed(along, kind, told)
    ]
    telling = [along for along in cuts if along in TELLING]
    return [Road(shape, kind, along) for along in telling[:1] or cuts]


def _is_indexed(along: str, kind: str, told: Mapping[str, Any]) -> bool:
    """Whether an index has what is asked for: what most orders are is in few of them."""
    if kind in (OWNED, FOR_OWNER):
        return True
    if along == "purposes":
        return Purpose.MASS_PRODUCTION not in told["purposes"]
    return along != "family" or told["family"] is not Family.HARDWARE_MODULE


@cache
def statement_on(road: Road) -> sa.Select[Any]:
    """Return the statement of the page at the end of a road.

    Along the list's own order `reach` entries are read at most, and a page that is full is the
    right one; each row says how many were read, and if there is none, one says so that has no
    `page_id`. By what it is cut by all are read: `counting` says before how many those are.
    """
    return _sorted(road) if road.is_sorted else _cut(road)


@cache
def counting(roads: tuple[Road, ...]) -> sa.Select[Any]:
    """Return the statement that counts the entries of roads: of each up to its `reach_0` …"""
    counts = []
    for at, road in enumerate(roads):
        most = sa.bindparam(f"reach_{at}", type_=sa.Integer) + 1
        some = _of_lines(road) if road.along in LINE_LIMITS else _of_orders(road)
        few = some.with_only_columns(sa.literal(1).label("one")).limit(most).subquery()
        counts.append(sa.select(sa.func.count()).select_from(few).scalar_subquery())
    return sa.select(*counts)


@cache
def numbers_about(kind: str) -> sa.Select[Any]:
    """Return the statement of the last number before `begin` and the first behind `end`.

    Where there is none, it is the number of the first or the last order there is.
    """
    begin, end = (sa.bindparam(name, type_=_o.id.type) for name in ("begin", "end"))
    number = sa.select(_o.order_no).where(*KINDS[kind][:1]).limit(1)
    first, last = number.order_by(_o.id), number.order_by(_o.id.desc())
    before = last.where(_o.id < begin).scalar_subquery()
    behind_it = first.where(_o.id > end).scalar_subquery()
    return sa.select(
        sa.func.coalesce(before, first.scalar_subquery()),
        sa.func.coalesce(behind_it, last.scalar_subquery()),
    )


def _sorted(road: Road) -> sa.Select[Any]:
    shape, key = road.shape, KEYS[road.shape.order_by.field]
    within = ALONG[shape.order_by.field] & shape.told
    limits = [*_kind(road), *(LIMITS[name] for name in within)]
    if shape.after:
        limits.append(behind(shape, key, _o.id))
    fits = _fits(road, within), *says(shape)
    entries = (
        sa.select(_o.id, key.label("page_key"), sa.and_(*fits).label("fits"))
        .where(*limits)
        .order_by(*by_keys(shape, key, _o.id))
        .limit(_REACH)
        .cte("entries")
    )
    read = sa.select(sa.func.count().label("entries_read")).select_from(entries).subquery("read")
    page = _page(shape, entries)
    return (
        sa.select(*shape.columns, page.c.page_key, page.c.id.label("page_id"), read.c.entries_read)
        .select_from(read.outerjoin(page.join(orders, _o.id == page.c.id), sa.true()))
        .order_by(*by_keys(shape, page.c.page_key, page.c.id))
    )


def _cut(road: Road) -> sa.Select[Any]:
    shape, key = road.shape, KEYS[road.shape.order_by.field]
    fits = _fits(road, _within(road))
    if shape.after:
        fits = sa.and_(fits, behind(shape, key, _o.id))
    if by_line := road.along in LINE_LIMITS:
        lines = _of_lines(road).offset(0).subquery("lines")
        theirs = sa.and_(_o.enterprise == lines.c.enterprise, _o.id == lines.c.order_id)
        entries = sa.select(_o.id, _o.enterprise).join_from(lines, orders, theirs)
    else:
        entries = _of_orders(road)
    # An offset, be it none, has the entries read as is said here, whatever is asked of them then.
    read = entries.add_columns(key.label("page_key"), fits.label("fits")).offset(0)
    entry = read.subquery("entries")
    if shape.words:
        entry = _saying(shape, entry, once=by_line)
    return _shown(shape, _page(shape, entry, once=by_line))


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
    FOUND: frozenset({"found"}),
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


def _saying(shape: Shape, entries: sa.Subquery, *, once: bool) -> sa.Subquery:
    """Choose those that say the words: they are sorted before, so as to look at no more of them
    than it takes to fill the page."""
    fitting = sa.select(entries).where(entries.c.fits)
    if once:
        fitting = fitting.distinct()
    by = by_keys(shape, entries.c.page_key, entries.c.id)
    entry = fitting.order_by(*by).offset(0).subquery("fitting")
    return sa.select(entry).where(*says(shape, entry.c)).subquery("saying")


def _page(shape: Shape, entries: sa.FromClause, *, once: bool = False) -> sa.Subquery:
    """Choose those of the page; `once` where an order may have several entries."""
    page = sa.select(entries.c.id, entries.c.page_key).where(entries.c.fits)
    if once:
        page = page.distinct()
    by = by_keys(shape, entries.c.page_key, entries.c.id)
    return page.order_by(*by).limit(_MOST).subquery("page")


def _kind(road: Road) -> Sequence[sa.ColumnElement[bool]]:
    """Return whose orders are read; of an owner's own the owner is a limit like any other."""
    return KINDS[road.kind][:1]


def _fits(road: Road, within: frozenset[str]) -> sa.ColumnElement[bool]:
    """Return what else is asked of an order, beside what the road is cut by."""
    told = road.shape.told - within - IMPLIED
    limits = [limit for name, limit in LIMITS.items() if name in told]
    if lines := [limit for name, limit in LINE_LIMITS.items() if name in told]:
        line = sa.and_(order_lines.c.enterprise == _o.enterprise, order_lines.c.order_id == _o.id)
        limits.append(sa.exists().where(line, *lines))
    return sa.and_(sa.true(), *limits)
