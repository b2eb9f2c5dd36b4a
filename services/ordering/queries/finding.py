"""The statements that find orders: each reads no more than a page or two of an index.

How a statement is read is decided here as far as it can be, and not left to estimates: what an
enterprise placed and what is for its products are windows of their own, and so is each state or
purpose, for PostgreSQL reads one range of an index in order, and sorts several.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from services.ordering.domain.listing import OrderBy
from services.ordering.store import is_late, order_lines, orders, words_seen

MOST_WINDOWS = 6
"""How many states or purposes are worth a window each; more of them are common together."""

KEPT = 500
"""Of how many kinds of lists the statements are kept: there are more than anybody asks for."""

PLACED, OWNED, ALL = "placed", "owned", "all"
OWN, FOR_OWNER = "own", "for_owner"

_ENTERPRISE = sa.bindparam("enterprise", type_=sa.Text)
_OWNER = sa.bindparam("owner", type_=sa.Text)
_MOST = sa.bindparam("most", type_=sa.Integer)

KINDS: Mapping[str, Sequence[sa.ColumnElement[bool]]] = {
    PLACED: (orders.c.enterprise == _ENTERPRISE,),
    OWNED: (orders.c.other_owner == _ENTERPRISE,),
    ALL: (),
    OWN: (orders.c.enterprise == _OWNER, orders.c.owner == _OWNER),
    FOR_OWNER: (orders.c.other_owner == _OWNER,),
}
"""What an enterprise placed, what others placed for its products, everybody's orders; and of these,
for the products of one owner, what that owner placed and what others did."""

KEYS: Mapping[str, sa.ColumnElement[Any]] = {
    "create_time": orders.c.id,
    "submit_time": orders.c.placed_at,
    "total": orders.c.total_key,
    "order_no": orders.c.order_no,
}
"""What a list is sorted by; `id` tells apart what is alike, and comes as orders were made."""


def _told(name: str, column: sa.ColumnElement[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=column.type)


_o = orders.c
LIMITS: Mapping[str, sa.ColumnElement[bool]] = {
    "states": _o.state.in_(sa.bindparam("states", expanding=True)),
    "purposes": _o.purpose.in_(sa.bindparam("purposes", expanding=True)),
    "family": _o.family == _told("family", _o.family),
    "owner": _o.owner == _told("owner", _o.owner),
    "order_no": _o.order_no == _told("order_no", _o.order_no),
    "po_key": _o.po_key == _told("po_key", _o.po_key),
    "batch_key": _o.batch_key == _told("batch_key", _o.batch_key),
    "contract_no": _o.contract_no == _told("contract_no", _o.contract_no),
    "business_manager": _o.business_manager == _told("business_manager", _o.business_manager),
    "waiting_on": _o.waiting_on == _told("waiting_on", _o.waiting_on),
    "submitted": _o.submitted_at.is_not(None),
    "submitted_from": _o.placed_at >= _told("submitted_from", _o.placed_at),
    "submitted_to": _o.placed_at < _told("submitted_to", _o.placed_at),
    "placed_to": _o.placed_at < _told("placed_to", _o.placed_at),
    "placed_from": _o.placed_at >= _told("placed_from", _o.placed_at),
    "late": is_late,
    "late_from": _o.placed_at >= _told("late_from", _o.placed_at),
    "late_before": _o.id < _told("late_before", _o.id),
    "no_from": _o.order_no >= _told("no_from", _o.order_no),
    "no_to": _o.order_no <= _told("no_to", _o.order_no),
    "created_from": _o.created_at >= _told("created_from", _o.created_at),
    "created_to": _o.created_at < _told("created_to", _o.created_at),
    "id_from": _o.id >= _told("id_from", _o.id),
    "id_to": _o.id < _told("id_to", _o.id),
    "total_from": _o.total_key >= _told("total_from", _o.total_key),
    "total_to": _o.total_key <= _told("total_to", _o.total_key),
}
"""What a list can be limited to, by the name of what is told to it."""

LINE_LIMITS = {
    "product": order_lines.c.product == sa.bindparam("product", type_=sa.Text),
    "pid": order_lines.c.pid == sa.bindparam("pid", type_=sa.Text),
}
LINES_OF_KIND: Mapping[str, Sequence[sa.ColumnElement[bool]]] = {
    PLACED: (order_lines.c.enterprise == _ENTERPRISE,),
    OWNED: (order_lines.c.owner == _ENTERPRISE, order_lines.c.owner != order_lines.c.enterprise),
    ALL: (),
    OWN: (order_lines.c.enterprise == _OWNER, order_lines.c.owner == _OWNER),
    FOR_OWNER: (order_lines.c.owner == _OWNER, order_lines.c.owner != order_lines.c.enterprise),
}
_another = order_lines.alias("another")
_FIRST_OF_ITS_PRODUCT = ~sa.exists().where(
    _another.c.enterprise == order_lines.c.enterprise,
    _another.c.order_id == order_lines.c.order_id,
    _another.c.line_no < order_lines.c.line_no,
    _another.c.pid == order_lines.c.pid,
)
"""Codes of several types for one product are several lines of an order, which is listed once."""


@dataclass(frozen=True)
class Shape:
    """What a statement depends on; all else are parameters, and to make one is dearer than to run
    it."""

    columns: tuple[sa.ColumnElement[Any], ...]
    order_by: OrderBy
    kinds: tuple[str, ...]
    told: frozenset[str]
    windows: int = 0
    """How many states, or else purposes, are told as `window_0`, `window_1` …"""

    window: str = "state"
    words: int = 0
    """How many words are told as `word_0` …"""

    after: bool = False
    """Whether it goes on behind the order told as `after_key` and `after_id`."""

    def of(self, kind: str) -> "Shape":
        """Return the same of the orders of one kind."""
        return replace(self, kinds=(kind,))


@lru_cache(maxsize=KEPT)
def statement_of(shape: Shape) -> sa.Select[Any]:
    """Return the statement of a page: its columns, and what it is sorted by as `page_key`."""
    key = KEYS[shape.order_by.field]
    selects = [
        select.add_columns(*shape.columns, key.label("page_key"), _o.id.label("page_id")).limit(
            _MOST
        )
        for select in (_window(shape, *one) for one in _each(shape))
    ]
    if len(selects) == 1:
        return selects[0]
    listed = sa.union_all(*(sa.select(each.subquery()) for each in selects)).subquery("listed")
    return (
        sa.select(listed)
        .order_by(*by_keys(shape, listed.c.page_key, listed.c.page_id))
        .limit(_MOST)
    )


def _each(shape: Shape) -> Iterable[tuple[str, int]]:
    return [(kind, at) for kind in shape.kinds for at in range(max(1, shape.windows))]


def _window(shape: Shape, kind: str, at: int) -> sa.Select[Any]:
    limits = [*KINDS[kind], *_limits(shape)]
    if shape.windows:
        column = _o[shape.window]
        limits.append(column == _told(f"window_{at}", column))
    limits += says(shape)
    key, number = KEYS[shape.order_by.field], _o.id
    select = sa.select()
    if said := [limit for name, limit in LINE_LIMITS.items() if name in shape.told]:
        lines = order_lines.c
        joined = sa.and_(lines.enterprise == _o.enterprise, lines.order_id == _o.id)
        select = select.select_from(order_lines.join(orders, joined))
        limits += [*said, *LINES_OF_KIND[kind], _FIRST_OF_ITS_PRODUCT]
        number = lines.order_id
    if shape.order_by.field == "create_time":
        key = number
    if shape.after:
        limits.append(behind(shape, key, number))
    return select.where(*limits).order_by(*by_keys(shape, key, number))


def _limits(shape: Shape) -> list[sa.ColumnElement[bool]]:
    return [condition for name, condition in LIMITS.items() if name in shape.told]


def behind(
    shape: Shape, key: sa.ColumnElement[Any], number: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """Return what is true of orders behind the one told as `after_key` and `after_id`."""
    last = sa.bindparam("after_id", type_=_o.id.type)
    if shape.order_by.field == "create_time":
        return number < last if shape.order_by.is_descending else number > last
    here = sa.tuple_(key, number)
    there = sa.tuple_(sa.bindparam("after_key", type_=key.type), last)
    return here < there if shape.order_by.is_descending else here > there


def by_keys(shape: Shape, *keys: sa.ColumnElement[Any]) -> Sequence[sa.ColumnElement[Any]]:
    """Return what a list is sorted by, given its key and the order's id."""
    by = keys[1:] if shape.order_by.field == "create_time" else keys
    return [key.desc() if shape.order_by.is_descending else key.asc() for key in by]


def says(shape: Shape, order: Any = _o) -> list[sa.ColumnElement[bool]]:
    """Return that an order says each of the words, none if there are none.

    As a join they would be read before it is known which orders are asked about: what may be seen
    of them is estimated as a two-hundredth. They are looked up by the order's id alone, which an
    index has that is read without the orders.
    """
    if not shape.words:
        return []
    said = (
        sa.func.strpos(words_seen.c.words, sa.bindparam(f"word_{at}", type_=sa.Text)) > 0
        for at in range(shape.words)
    )
    words = sa.select(sa.and_(*said)).where(words_seen.c.order_id == order.id).scalar_subquery()
    return [sa.func.coalesce(words, sa.false())]
