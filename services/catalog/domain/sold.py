"""What everything in the catalogue has in common: it is sold until it is retired."""

from __future__ import annotations

import re
from enum import Enum

from services.catalog.domain.errors import sold as errors
from shared.domain import Aggregate

ITEM_ID = re.compile(r"[a-z0-9-]{2,40}")
MOST = 10_000_000
"""The largest number a quantity or a number of days can be."""


class State(Enum):
    """Whether something new may be begun with it."""

    ACTIVE = "active"
    RETIRED = "retired"


BECOMES = {State.ACTIVE: {State.RETIRED}, State.RETIRED: set[State]()}
"""The state chart: what is retired stays in the books and is not sold again."""


class Sold(Aggregate):
    """Something the vendor sells; it belongs to the vendor, so everybody may read it."""

    enterprise = ""
    state: State

    def retire(self) -> None:
        """Sell it no more; ItemRetired if that is so already."""
        if State.RETIRED not in BECOMES[self.state]:
            raise errors.ItemRetired(item=self.name)
        self.state = State.RETIRED

    def insist_sold(self) -> None:
        """Refuse with ItemRetired to begin something new with what is retired."""
        if self.state is State.RETIRED:
            raise errors.ItemRetired(item=self.name)

    def expect(self, etag: str) -> None:
        """Insist that it is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.ItemChanged(item=self.name)


def item_id(given: str, field: str) -> str:
    """Return what is to become the last part of a name; ItemIdMalformed if it cannot be."""
    if not ITEM_ID.fullmatch(given):
        raise errors.ItemIdMalformed(field=field, given=given[:80])
    return given


def number(given: int, field: str, *, least: int = 0) -> int:
    """Return a quantity or a number of days; NumberOutOfRange below 0 or beyond all sense.

    `least` stands for one that is left out.
    """
    if not 0 <= given <= MOST:
        raise errors.NumberOutOfRange(field=field, number=given, most=MOST)
    return max(given, least)
