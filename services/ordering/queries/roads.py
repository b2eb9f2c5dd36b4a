"""Roads to a page of orders, none of which is gone further than it is told.

A list that is cut by one thing and sorted by another can be read from two ends: as it is sorted,
until a page fits, or as it is cut, to be sorted then. Which of them is short nobody can estimate:
open orders are all young, so those first submitted are at the far end of all there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.ordering.domain.words import Family, Purpose
from services.ordering.queries.finding import (
    ALL,
    FOR_OWNER,
    OWN,
    OWNED,
    PLACED,
    Shape,
)

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
        "contract_no", "po_key", "batch_key", "product", "pid", "purposes", "family", "waiting_on",
        "business_manager", "owner", "states",
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
    cut: str = ""
    """What the list is cut by whose index has it in its own order, if it is gone along that."""

    @property
    def is_sorted(self) -> bool:
        return self.along == SORTED

    @property
    def is_covered(self) -> bool:
        """Whether an index alone is read, and of orders no more than is shown."""
        beside = self.shape.told - IMPLIED
        if self.goes_by_total:
            return beside - CUTS["business_manager"] <= COVERED
        index = self.cut or self.along
        return index in COVERING and beside - CUTS[index] <= COVERED

    @property
    def is_sieve(self) -> bool:
        """Whether an index alone says what fits of what it has in common: not all of it does."""
        within = CUTS.get(self.along, frozenset()) | ALONG["create_time"]
        return self.is_covered and bool(self.shape.told - within - IMPLIED)

    @property
    def goes_by_total(self) -> bool:
        """Whether it is gone along the totals: their index holds what lists are cut by, too."""
        return self.is_sorted and self.shape.order_by.field == "total"

    @property
    def asks_more(self) -> bool:
        """Whether something else is asked of what is read in the list's own order."""
        within = ALONG[self.shape.order_by.field] | CUTS.get(self.cut, frozenset())
        return bool(self.shape.told - within - IMPLIED - ALONG["create_time"])

    @property
    def is_scattered(self) -> bool:
        """Whether what is read one after the other lies far apart: not so what is of one time."""
        by_time = {SORTED: self.shape.order_by.field != "total", "made": True, "submitted": True}
        return not by_time.get(self.along, False)


def straight_road(shape: Shape, kind: str, told: Mapping[str, Any], cuts: Sequence[Road]) -> Road:
    """Return the road along the list's own order.

    What has one thing in common lies in its index as it was made: on this road fewer words are
    looked at. Everybody's orders in one state lie there by their totals, too.
    """
    for road in cuts:
        if _has_the_order(road, shape) and _is_one(road.along, told):
            return Road(shape, kind, SORTED, cut=road.along)
    return Road(shape, kind, SORTED)


def _has_the_order(road: Road, shape: Shape) -> bool:
    """Whether an index that begins with what `road` is cut by goes on as the list is sorted."""
    if shape.order_by.field == "total":
        return road.along == "states" and road.kind == ALL
    by_time = shape.words and shape.order_by.field == "create_time"
    return bool(by_time) and road.along in COVERING and road.along != "po_key"


def _is_one(along: str, told: Mapping[str, Any]) -> bool:
    return along not in ("states", "purposes") or len(told[along]) == 1


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
