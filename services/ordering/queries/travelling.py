"""A page of orders by whichever road is short: each is gone a little way, then further.

So a page costs a few times what it costs by the shorter road, and nothing else depends on what is
expected of a search. Where all are long, which takes a set of many thousands at the far end of its
list, the statement of the list is left to the planner.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from services.ordering.queries import reaches
from services.ordering.queries.along import Along
from services.ordering.queries.ends import apart, ends_of, in_order, submitted_late
from services.ordering.queries.finding import Shape, statement_of
from services.ordering.queries.reaches import reach_of
from services.ordering.queries.reading import (
    EVERY,
    Rows,
    counting,
    read,
    statement_on,
    statement_through,
)
from services.ordering.queries.roads import (
    ALONG,
    CUTS,
    TELLING,
    Road,
    roads_by_cut,
    straight_road,
)

BESIDE = frozenset({"submitted", "created_from", "created_to"})
"""What only says more exactly what another limit says, too."""


def has_one_road(shape: Shape) -> bool:
    """Whether an index has the orders of a list as they are asked for, and nothing else."""
    beyond = shape.told - BESIDE - ALONG[shape.order_by.field]
    if "created_to" not in shape.told and "submitted_to" in ALONG[shape.order_by.field]:
        beyond -= {"id_to"}  # It follows from when they were submitted.
    if shape.order_by.field == "create_time":
        return len(beyond) + bool(shape.windows) <= 1 and not beyond & _SORTED_OTHERWISE
    return not beyond and not shape.windows


_SORTED_OTHERWISE = CUTS["submitted"] | CUTS["total"] | {"po_key", "batch_key"}


class Midway(NamedTuple):
    """What else may have the page of the orders of one kind, to be tried before the long roads."""

    page: Callable[[Shape, Mapping[str, Any]], Rows | None]
    looks: int
    """At the words of how many orders may be looked while it is found."""

    share: float
    """Which share of the orders may be among these."""


def travel(
    tx: Session, shape: Shape, told: Mapping[str, Any], midway: Midway | None = None
) -> Rows:
    """Return the page of a list that is told its states and purposes as limits."""
    rows = [row for kind in shape.kinds for row in _of_kind(tx, shape.of(kind), told, midway)]
    return in_order(shape, rows, told["most"]) if len(shape.kinds) > 1 else rows


def _of_kind(tx: Session, shape: Shape, told: Mapping[str, Any], midway: Midway | None) -> Rows:
    """Return the page; in two parts if those that were submitted soon are in one place."""
    soon, late = apart(shape, told)
    if not soon:
        return _by_roads(tx, shape, told, midway)
    theirs = replace(shape, told=shape.told.union(soon))
    rows = [*_by_roads(tx, theirs, {**told, **soon}, midway)]
    rows += submitted_late(tx, shape, told, **late)
    return in_order(shape, rows, told["most"])


def _by_roads(tx: Session, shape: Shape, told: Mapping[str, Any], midway: Midway | None) -> Rows:
    (kind,) = shape.kinds
    cuts = tuple(roads_by_cut(shape, kind, told))
    if ends := ends_of(tx, shape, kind, told):
        told, shape = {**told, **ends}, replace(shape, told=shape.told.union(ends))
    for go in _tries(tx, straight_road(shape, kind, told, cuts), cuts, told, midway):
        if (rows := go()) is not None:
            return rows
    return read(tx, statement_of(shape), told)


def _tries(
    tx: Session,
    straight: Road,
    cuts: tuple[Road, ...],
    told: Mapping[str, Any],
    midway: Midway | None,
) -> Iterator[Callable[[], Rows | None]]:
    """Yield what to try, one after the other: each has the page, or None if it is too far."""
    along = Along(tx, straight, told, midway.share if midway else 0.0)
    near, far, furthest = (partial(_by_cut, tx, cuts, told, at=at) for at in range(3))
    telling = bool(cuts) and cuts[0].along in TELLING
    yield from (near, along.near) if telling else (along.near, near)
    # To count a time's orders far costs more than to read the list a little further.
    by_time = not any(road.is_covered for road in cuts)
    beyond = (along.further, far) if by_time else (far, along.further)
    if not midway:
        yield from (along.where_it_should_be, *beyond)
    else:
        among = partial(midway.page, straight.shape, told)
        other = along.looks if by_time else reaches.WORDED_LAST[0]
        if midway.looks < other:
            yield from (among, along.where_it_should_be, *beyond)
        else:
            yield from (along.where_it_should_be, *beyond, among)
    yield from (along.far, furthest)


def _by_cut(
    tx: Session, cuts: tuple[Road, ...], told: Mapping[str, Any], *, at: int
) -> Rows | None:
    """Return the page if few orders have one of the things in common, None if all many have."""
    reach = {road: most for road in cuts for most in reach_of(road)[at : at + 1]}
    at_once = {road: most for road, most in reach.items() if at and road.is_sieve}
    if (rows := _through(tx, at_once, told)) is not None:
        return rows
    reach = {road: most for road, most in reach.items() if road not in at_once}
    if not reach:
        return None
    limits = {f"reach_{number}": most for number, most in enumerate(reach.values())}
    (counts,) = read(tx, counting(tuple(reach)), {**told, **limits})
    shares = [count / most for count, most in zip(counts, reach.values(), strict=True)]
    least = min(shares)
    if least > 1:
        return None
    road, count = [*reach][shares.index(least)], counts[shares.index(least)]
    if told.get("enough", count) < count:
        rows = read(tx, statement_on(road), {**told, "likely": told["enough"]})
        if len(rows) == told["most"]:
            return rows
    return read(tx, statement_on(road), told)


def _through(tx: Session, reach: Mapping[Road, int], told: Mapping[str, Any]) -> Rows | None:
    """Return the page of the first road that is not longer than it may be gone: what is most
    telling comes first, and to read an index is little dearer than to count its entries."""
    for road, most in reach.items():
        limits = {**told, "reach": most + 1, "likely": told.get("enough", EVERY)}
        found = read(tx, statement_through(road), limits)
        if found[0].entries_read > most:
            continue
        rows = [row for row in found if row.page_id is not None]
        if len(rows) < told["most"] and found[0].fitting > limits["likely"]:
            found = read(tx, statement_through(road), {**limits, "likely": EVERY})
            rows = [row for row in found if row.page_id is not None]
        return rows
    return None
