"""A page of the orders that say something, in any order.

They are looked up in the index of words, a week after the other, and sorted as they are found:
those of the first weeks where a list comes as orders were made, else all of them. If they are too
many, it is known at least in which weeks, and the page is found as that of any other list, with a
look at the words of each order on the way. What is expected of words says only which of this is
tried first.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.ordering.domain.listing import OrderBy
from services.ordering.queries.ends import apart, comes_before, in_order, submitted_late
from services.ordering.queries.finding import Shape
from services.ordering.queries.hits import Found, all_hits_of, hits_of, is_known
from services.ordering.queries.looking import begin_of, week_of
from services.ordering.queries.reading import EVERY, Rows
from services.ordering.queries.roads import roads_by_cut, straight_road
from services.ordering.queries.searches import Search
from services.ordering.queries.travelling import Midway, travel

FIRST, FEW, MANY = 300, 2_500, 16_000
"""How many orders that say what is looked for are sorted: at first and then, of the first weeks of
a list that comes as orders were made, and of all weeks."""

COMMON = 1 / 4
"""What share of the orders says so little that one looks at the words of those that fit instead."""


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
    looking = looking.beginning(shape, told)
    rows = None
    if told["most"] > FEW or _is_sorted_at_once(looking, shape, told):
        rows = _all_of_them(tx, looking, shape, told)
    elif looking.share < COMMON and _comes_as_made(shape, told):
        rows, looking = _of_first_weeks(tx, shape, told, looking)
    if rows is not None:
        return rows
    looking = looking.between(tx)
    if not looking.expected:
        return []
    shape, told = _within(looking, shape, told)
    told["enough"] = _enough(looking, told["most"])
    midway = Midway(partial(_all_of_them, tx, looking), _looks(looking, shape), looking.share)
    return travel(tx, shape, told, midway)


def _of_first_weeks(
    tx: Session, shape: Shape, told: Mapping[str, Any], looking: Search
) -> tuple[Rows | None, Search]:
    """Return the page if nothing comes before it but what was made in the weeks looked through, and
    where to look for it else."""
    descending = shape.order_by.is_descending
    # Where so many are of one week it is not known from the first of them where the next are.
    most = FIRST if looking.a_week < FIRST else FEW
    while True:
        found = hits_of(tx, shape, {**told, **looking.told(most + 1, descending=descending)})
        if found.hits <= most:
            return found.rows, looking
        rows, edge = found.rows, found.edge
        if len(rows) == told["most"] and edge and comes_before(shape.order_by, rows[-1], edge):
            return _with_late(tx, shape, told, rows, edge), looking
        looking = looking.behind(found.week, descending=descending)
        # What was submitted last is known but for what was made in the last days of what is known.
        weeks = 3 if shape.order_by is OrderBy.LATEST_SUBMITTED else 1
        needed = _needed(found, told["most"], weeks * looking.a_week)
        if most == FEW or needed > FEW:
            return None, looking
        most = min(3 * max(needed, most), FEW)


def _needed(found: Found, most: int, to_know: int) -> int:
    """Return how many of those that are found first are likely to have a page: if they are all of
    one week nothing is known yet, and it takes those of whole weeks `to_know` anything."""
    if not found.known or len(found.rows) == most:
        return max(FEW // 2, to_know)
    return most * found.known // max(1, len(found.rows))


def _with_late(tx: Session, shape: Shape, told: Mapping[str, Any], rows: Rows, edge: UUID) -> Rows:
    """Add those made before `edge` that were submitted late, where these come first."""
    if shape.order_by is not OrderBy.LATEST_SUBMITTED:
        return rows
    beyond = {"late_from": rows[-1].page_key, "late_before": edge}
    return in_order(shape, [*rows, *submitted_late(tx, shape, told, **beyond)], told["most"])


def _comes_as_made(shape: Shape, told: Mapping[str, Any]) -> bool:
    """Whether a list begins with the first or the last orders that were made, of all there are."""
    straight = straight_road(shape, shape.kinds[0], told, roads_by_cut(shape, shape.kinds[0], told))
    return shape.order_by.field != "total" and not straight.cut


def _is_sorted_at_once(looking: Search, shape: Shape, told: Mapping[str, Any]) -> bool:
    """Whether a list by total is cut by nothing but its words, and to sort all that say them is
    less than to look for a page of them among all orders."""
    by_words = shape.order_by.field == "total" and is_known(shape)
    return by_words and _looks(looking, shape) < _enough(looking, told["most"])


def _enough(looking: Search, most: int) -> int:
    """Return at the words of how many orders one looks at most until a page of them says them."""
    return int(1.5 * most / looking.share) if looking.share else EVERY


def _within(looking: Search, shape: Shape, told: Mapping[str, Any]) -> tuple[Shape, dict[str, Any]]:
    """Limit a list to what was made in the weeks that are looked through."""
    begin, end = begin_of(looking.first_week), begin_of(looking.last_week + 1)
    ends = {
        "id_from": max(begin, told.get("id_from", begin)),
        "id_to": min(end, told.get("id_to", end)),
    }
    return replace(shape, told=shape.told.union(ends)), {**told, **ends}


def _all_of_them(
    tx: Session, looking: Search, shape: Shape, told: Mapping[str, Any]
) -> Rows | None:
    """Return the page of all that say it, None if they are too many to be sorted at once."""
    many = max(MANY, 4 * told["most"])  # A file is worth more than a page.
    if looking.expected > many:
        return None
    told = {**told, **looking.told(many + 1, descending=True)}
    return all_hits_of(tx, shape, told)


def _looks(looking: Search, shape: Shape) -> int:
    """Return at the words of how many orders may be looked while all that say it are found, for
    each kind anew: five in the time of two, where nothing else is asked of them."""
    if looking.expected > MANY:
        return EVERY
    found = looking.expected * len(shape.kinds)
    return 2 * found // 5 if is_known(shape) else found
