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

from sqlalchemy.orm import Session

from services.ordering.queries.ends import apart, in_order, submitted_late
from services.ordering.queries.finding import Shape
from services.ordering.queries.hits import Hit, among, of_first_weeks
from services.ordering.queries.looking import begin_of, parts_of, pattern_of, week_of
from services.ordering.queries.reading import Rows
from services.ordering.queries.travelling import travel
from shared.sql import run

FIRST, FEW, MANY = 300, 2_000, 8_000
"""How many orders that say what is looked for are read at first where a list comes as orders were
made, then in any order, and if no other way is near."""


@dataclass(frozen=True)
class Search:
    """What is looked for, and where: in these weeks, in orders of `space` or for its products."""

    words: Sequence[str]
    parts: Sequence[str]
    """Parts of the words that few orders say."""

    space: str
    """An enterprise; empty for all."""

    first_week: int
    last_week: int

    def look_up(self, tx: Session, most: int, *, descending: bool) -> list[Hit]:
        """Return each order that says it, or the `most` of the first or the last weeks."""
        weeks = (self.first_week, self.last_week)
        patterns = [pattern_of(word) for word in self.words]
        told = (*(weeks[::-1] if descending else weeks), self.parts, patterns, self.space, most)
        return [Hit(*row) for row in run(tx, _LOOKED_UP, told)]

    def beginning(self, shape: Shape, told: Mapping[str, Any]) -> "Search":
        """Return where what comes after the last page was made."""
        if not shape.after or shape.order_by.field != "create_time":
            return self
        week = week_of(told["after_id"])
        if shape.order_by.is_descending:
            return replace(self, last_week=min(week, self.last_week))
        return replace(self, first_week=max(week, self.first_week))


_LOOKED_UP = "select week, enterprise, order_id from looked_up(%s, %s, %s, %s, %s, %s)"


def telling_of(tx: Session, words: Sequence[str]) -> Sequence[str]:
    """Return those parts of the words that few orders say."""
    ((parts,),) = run(tx, "select telling_of(%s)", (parts_of(words),))
    return list(parts)


def search(tx: Session, shape: Shape, told: Mapping[str, Any], looking: Search) -> Rows:
    """Return the page of a list that is told its states and purposes as limits."""
    soon, late = apart(shape, told)
    if "id_from" not in soon:
        return _search(tx, shape, told, looking)
    begin = max(looking.first_week, week_of(soon["id_from"]))
    theirs = replace(shape, told=shape.told.union(soon))
    rows = [*_search(tx, theirs, {**told, **soon}, replace(looking, first_week=begin))]
    return in_order(shape, [*rows, *submitted_late(tx, shape, told, **late)], told["most"])


def _search(tx: Session, shape: Shape, told: Mapping[str, Any], looking: Search) -> Rows:
    looking, descending = looking.beginning(shape, told), shape.order_by.is_descending
    found: list[Hit] = []
    for most in (FIRST, FEW) if shape.order_by.field != "total" else (FEW,):
        found = looking.look_up(tx, most + 1, descending=descending)
        if len(found) <= most:
            return among(tx, shape, told, found)
        rows, share = of_first_weeks(tx, shape, told, found)
        if rows is not None:
            return rows
        if 2 * share * FEW < told["most"] and "submitted" not in shape.told:
            break  # More of the first weeks are not enough, either.
    others = looking.look_up(tx, 1, descending=not descending)
    weeks = sorted((found[0].week, others[0].week))
    looking = replace(looking, first_week=weeks[0], last_week=weeks[1])
    shape, told = _within(weeks[0], weeks[1], shape, told)
    return travel(tx, shape, told, _Rest(tx, looking, _guess(found, weeks)).read)


def _guess(found: Sequence[Hit], weeks: Sequence[int]) -> int:
    """Return how many there may be, if they are as many in all weeks as in those looked through."""
    looked_through, all_weeks = abs(found[0].week - found[-1].week), weeks[-1] - weeks[0]
    if not all_weeks:
        return len(found)
    return len(found) * all_weeks // looked_through if looked_through else 10 * MANY


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
    """The others that say it, read at once if they are not too many."""

    tx: Session
    looking: Search
    guess: int

    def read(self, shape: Shape, told: Mapping[str, Any]) -> Rows | None:
        """Return the page of them, None if they are too many."""
        if self.guess > 1.2 * MANY or len(self._found) > MANY:
            return None
        return among(self.tx, shape, told, self._found)

    @cached_property
    def _found(self) -> list[Hit]:
        return self.looking.look_up(self.tx, MANY + 1, descending=True)
