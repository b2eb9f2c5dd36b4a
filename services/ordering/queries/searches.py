"""What words are looked for, and where: which parts of them tell, and what is expected of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from services.ordering.queries.finding import Shape
from services.ordering.queries.hits import LOOKED_UP
from services.ordering.queries.looking import parts_of, pattern_of, week_of
from shared.sql import run


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

    expected: int
    """How many orders of `space` may say it, whenever they were made."""

    share: float
    """Which share of the orders of `space` may say it."""

    weeks: int
    """In how many weeks these may have been made."""

    @property
    def a_week(self) -> int:
        """How many orders of `space` that were made in one week may say it."""
        return self.expected // max(1, self.weeks)

    def between(self, tx: Session) -> "Search":
        """Return the same in the weeks between the first and the last order that says it, expecting
        at least one; none if there is none."""
        told = (*self.told(1, descending=False).values(), *self.told(1, descending=True).values())
        ((first, last),) = run(tx, _ENDS, told)
        if first is None:
            return replace(self, expected=0)
        expected = max(1, self.expected)
        return replace(self, first_week=first, last_week=last, expected=expected)

    def behind(self, week: int, *, descending: bool) -> "Search":
        """Return the same from the first week on, or back, that has any order that says it."""
        if descending:
            first, last, passed = self.first_week, week, self.last_week - week
        else:
            first, last, passed = week, self.last_week, week - self.first_week
        return replace(self, first_week=first, last_week=last, weeks=self.weeks - passed)

    def told(self, most: int, *, descending: bool) -> dict[str, Any]:
        """Return what the database is told to look up that many."""
        weeks = (self.first_week, self.last_week)
        first, last = weeks[::-1] if descending else weeks
        patterns = [pattern_of(word) for word in self.words]
        said = (first, last, list(self.parts), patterns, self.space, most)
        return dict(zip(LOOKED_UP, said, strict=True))

    def beginning(self, shape: Shape, told: Mapping[str, Any]) -> "Search":
        """Return where what comes after the last page was made."""
        if not shape.after or shape.order_by.field != "create_time":
            return self
        week = week_of(told["after_id"])
        if shape.order_by.is_descending:
            return replace(self, last_week=min(week, self.last_week))
        return replace(self, first_week=max(week, self.first_week))


_ENDS = """
    select
        (select week from looked_up(%s, %s, %s, %s, %s, %s)),
        (select week from looked_up(%s, %s, %s, %s, %s, %s))
"""


def searched(tx: Session, words: Sequence[str], space: str, first: int, last: int) -> Search:
    """Return a search for words in orders of `space`, which all were made in these weeks.

    The database looks at some 1,900 orders to tell which parts of the words few of them say.
    """
    told = (parts_of(words), [pattern_of(word) for word in words], space)
    ((parts, expected, share),) = run(tx, _TELLING, told)
    return Search(words, parts, space, first, last, expected, share, weeks=last - first)


_TELLING = "select parts, expected, share from telling_of(%s, %s, %s)"
