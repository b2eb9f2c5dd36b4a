"""A page of the orders that say something, in any order.

They are looked up in the index of words, a week after the other. If they are few, these are read
and sorted; so are those of the first weeks, where a list comes as orders are made. If they are
many, it is known at least in which weeks, and the page is found as that of any other list, with a
look at the words of each order on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.listing import OrderBy
from services.ordering.queries.finding import Shape, statement_of
from services.ordering.queries.looking import begin_of, earliest_of, parts_of, pattern_of, week_of
from services.ordering.queries.travelling import ANEW, SLACK, Rows, moved, numbers_compare, travel
from shared.sql import run

FEW, MANY = 2_000, 10_000
"""How many orders that say what is looked for are read at once, and if no other way is short."""


_UNLIKE_MADE = (OrderBy.LARGEST, OrderBy.SMALLEST, OrderBy.LATEST_SUBMITTED)
"""What says nothing of when orders were made; a draft may be submitted at any time."""


@dataclass(frozen=True)
class Search:
    """What is looked for, and where: in these weeks, in orders of `space` or for its products."""

    words: Sequence[str]
    space: str
    """An enterprise; empty for all."""

    first_week: int
    last_week: int

    def look_up(self, tx: Session, most: int, *, descending: bool) -> list[tuple[int, UUID]]:
        """Return the week and id of each order that says it, or of the `most` first or last."""
        weeks = (self.first_week, self.last_week)
        parts, patterns = parts_of(self.words), [pattern_of(word) for word in self.words]
        told = (*(weeks[::-1] if descending else weeks), parts, patterns, self.space, most)
        return [(week, order_id) for week, order_id in run(tx, _LOOKED_UP, told)]

    def beginning(self, shape: Shape, told: Mapping[str, Any]) -> "Search":
        """Return where what comes after the last page was made."""
        if not shape.after or shape.order_by.field != "create_time":
            return self
        week = week_of(told["after_id"])
        if shape.order_by.is_descending:
            return replace(self, last_week=min(week, self.last_week))
        return replace(self, first_week=max(week, self.first_week))


_LOOKED_UP = "select week, order_id from looked_up(%s, %s, %s, %s, %s, %s)"


def search(tx: Session, shape: Shape, told: Mapping[str, Any], looking: Search) -> Rows:
    """Return the page of a list that is told its states and purposes as limits."""
    looking = looking.beginning(shape, told)
    descending = shape.order_by.is_descending
    found = looking.look_up(tx, FEW + 1, descending=descending)
    if len(found) <= FEW:
        return _among(tx, shape, told, [id for _, id in found])
    comes_as_made = shape.order_by not in _UNLIKE_MADE
    if comes_as_made and (rows := _of_first_weeks(tx, shape, told, found)) is not None:
        return rows
    others = looking.look_up(tx, 1, descending=not descending)
    weeks = sorted((found[0][0], others[0][0]))
    looking = replace(looking, first_week=weeks[0], last_week=weeks[1])
    shape, told = _within(weeks[0], weeks[1], shape, told)
    return travel(tx, shape, told, or_else=_Rest(tx, looking).read)


def _among(tx: Session, shape: Shape, told: Mapping[str, Any], found: Sequence[UUID]) -> Rows:
    among = {**told, "found": list(found)}
    statement = statement_of(replace(shape, among=True))
    return list(tx.execute(statement, among, execution_options=ANEW).all()) if found else []


def _of_first_weeks(
    tx: Session, shape: Shape, told: Mapping[str, Any], found: Sequence[tuple[int, UUID]]
) -> Rows | None:
    """Return the page if nothing comes before it but what was made in the weeks looked through."""
    last_week, most = found[-1][0], told["most"]
    descending = shape.order_by.is_descending
    known = sorted((id for week, id in found if week != last_week), reverse=descending)
    if shape.order_by.field == "create_time" and shape.after:
        known = [id for id in known if (id < told["after_id"]) == descending]
    for some in (known[: 2 * most], known):
        rows = _among(tx, shape, told, some)
        if len(rows) == most and _comes_before(tx, shape, told, rows[-1], some[-1]):
            return rows
    return None


def _comes_before(
    tx: Session, shape: Shape, told: Mapping[str, Any], row: sa.Row[Any], edge: UUID
) -> bool:
    """Whether an order comes before all that were made beyond `edge`, as the list goes."""
    match shape.order_by:
        case OrderBy.NEWEST | OrderBy.OLDEST:
            return True
        case OrderBy.FIRST_SUBMITTED:
            return bool(row.page_key < earliest_of(edge))
        case OrderBy.LAST_NUMBER:
            return row.page_id > moved(edge, SLACK) and numbers_compare(tx, shape, told)
        case OrderBy.FIRST_NUMBER:
            return row.page_id < moved(edge, -SLACK) and numbers_compare(tx, shape, told)
    return False


def _within(
    first: int, last: int, shape: Shape, told: Mapping[str, Any]
) -> tuple[Shape, dict[str, Any]]:
    """Limit a list to what was made in some weeks."""
    begin, end = begin_of(first), begin_of(last + 1)
    ends = {
        "id_from": max(begin, told.get("id_from", begin)),
        "id_to": min(end, told.get("id_to", end)),
    }
    return replace(shape, told=shape.told.union(ends)), {**told, **ends}


@dataclass(frozen=True)
class _Rest:
    """The way to go where none is short."""

    tx: Session
    looking: Search

    def read(self, shape: Shape, told: Mapping[str, Any]) -> Rows:
        """Read all that say it; if they are too many, go along the list until its page is full."""
        if len(self._found) <= MANY:
            return _among(self.tx, shape, told, self._found)
        statement = statement_of(shape)
        return list(self.tx.execute(statement, told, execution_options=ANEW).all())

    @cached_property
    def _found(self) -> list[UUID]:
        return [id for _, id in self.looking.look_up(self.tx, MANY + 1, descending=True)]
