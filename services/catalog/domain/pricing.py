"""Which price list counts: one rule, and the reason it gives for every list it looked at.

The same rule stands in SQL where ordering asks for many products at once (`queries.pricing`);
a test compares the two.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from services.catalog.domain.price_list import PriceList, State


class Verdict(Enum):
    """Why a list counts, or does not; the names are those of the protos."""

    OWN_LIST_COUNTS = "own list counts"
    GENERAL_LIST_COUNTS = "general list counts"
    BEHIND_OWN_LIST = "behind own list"
    BEHIND_NEWER_LIST = "behind newer list"
    OTHER_CURRENCY = "other currency"
    NOT_YET_VALID = "not yet valid"
    NO_LONGER_VALID = "no longer valid"
    LIST_RETIRED = "retired"


COUNTS = frozenset({Verdict.OWN_LIST_COUNTS, Verdict.GENERAL_LIST_COUNTS})


def consider(
    lists: Iterable[PriceList], *, currency: str, at: datetime
) -> list[tuple[PriceList, Verdict]]:
    """Judge lists that have an item, a customer's own and general ones; the one that counts first.

    Own before general, then the one valid since last, then the one entered last.
    """
    judged = [(each, _against(each, currency, at)) for each in lists]
    valid = sorted(
        (each for each, against in judged if against is None),
        key=lambda each: (bool(each.enterprise), each.start_at, each.id.int),
        reverse=True,
    )
    return [
        *((each, _rank(each, valid[0])) for each in valid),
        *((each, against) for each, against in judged if against is not None),
    ]


def _against(prices: PriceList, currency: str, at: datetime) -> Verdict | None:
    if prices.state is State.RETIRED:
        return Verdict.LIST_RETIRED
    if prices.currency != currency:
        return Verdict.OTHER_CURRENCY
    if at < prices.start_at:
        return Verdict.NOT_YET_VALID
    if prices.end_at is not None and at >= prices.end_at:
        return Verdict.NO_LONGER_VALID
    return None


def _rank(prices: PriceList, first: PriceList) -> Verdict:
    if prices is first:
        return Verdict.OWN_LIST_COUNTS if prices.enterprise else Verdict.GENERAL_LIST_COUNTS
    if first.enterprise and not prices.enterprise:
        return Verdict.BEHIND_OWN_LIST
    return Verdict.BEHIND_NEWER_LIST
