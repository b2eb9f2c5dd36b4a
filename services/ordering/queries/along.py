"""The road to a page along the list's own order, as far as what was found on it promises."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.ordering.queries import reaches
from services.ordering.queries.reading import EVERY, Rows, read, statement_on
from services.ordering.queries.roads import Road


class Along:
    """The road along the list's own order, which is gone further if something was found on it."""

    def __init__(self, tx: Session, road: Road, told: Mapping[str, Any], share: float) -> None:
        self._tx, self._road, self._told = tx, road, told
        self._near, self._far = (max(reach, told["most"]) for reach in reaches.reach_of(road)[:2])
        self._gone, self._found = self._near, 0.0
        self._fitting: int = 0
        self._share = share

    @property
    def needed(self) -> int:
        """How many entries are likely to have a page, and half as many to be sure."""
        if not self._found:
            return EVERY
        return min(EVERY, int(1.5 * self._gone * self._told["most"] / self._found))

    @property
    def looks(self) -> int:
        """At the words of how many orders may be looked until there is a page."""
        if not self._found:
            return EVERY
        fitting: int = self.needed * self._fitting // self._gone
        by_index = self._road.is_covered or not self._road.asks_more
        return fitting + self.needed // (reaches.PER_LOOK if by_index else 1)

    def near(self) -> Rows | None:
        """Return the page if it is near the end the list begins at."""
        if not self._share:
            return self._go(self._near)
        if self._road.asks_more:
            return self._go(self._near, reaches.WORDED[0])
        # Everything fits, so it is known without a look how much of it says the words.
        self._gone = self._fitting = self._near
        self._found = self._near * self._share
        return self._go(self._near) if self._found >= self._told["most"] else None

    def where_it_should_be(self) -> Rows | None:
        """Return the page if the rest of it is as far apart as what was found, or nearly."""
        for _ in range(2):
            if not self._found or self.needed >= self._far:
                return None
            if (rows := self._go(self.needed)) is not None:
                return rows
        return None

    def further(self) -> Rows | None:
        """Return the page if it is a few times as far, where nothing was found so far."""
        return None if self._found else self._go(4 * self._near)

    def far(self) -> Rows | None:
        """Return the page if it is not very far away."""
        if self._found and self.needed > 2 * self._far:
            return None
        return self._go(self._far)

    def _go(self, reach: int, likely: int = EVERY) -> Rows | None:
        told = {**self._told, "reach": reach, "likely": likely}
        found = read(self._tx, statement_on(self._road), told)
        rows = [row for row in found if row.page_id is not None]
        if len(rows) == self._told["most"]:
            return rows
        about = found[0]
        if about.entries_read < reach and about.fitting <= likely:
            return rows
        self._gone, self._fitting = reach, about.fitting
        self._found = self._expected(len(rows), looked_at=min(likely, about.fitting))
        return None

    def _expected(self, found: int, *, looked_at: int) -> float:
        """Return how many of what fits may be found, where no more words than that were looked at:
        what is said of all orders counts as much as four that were found."""
        if not self._share:
            return found * self._fitting / max(1, looked_at)
        return self._fitting * (found + 4) / (looked_at + 4 / self._share)
