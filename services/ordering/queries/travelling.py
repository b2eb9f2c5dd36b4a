"""A page of orders by whichever road is short: each is gone a little way, then further.

So a page costs a few times what it costs by the shorter road, and nothing depends on what somebody
estimates. Where all are long, which takes a set of many thousands at the far end of its list, the
statement of the list is left to the planner.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.queries.finding import Shape, statement_of
from services.ordering.queries.roads import ALONG, CUTS, Road, roads_of, statement_on

ANEW = {"plan_anew": True}
"""Two lists of one shape may be of 10 orders and of a million: no plan serves both."""

COVERED, NEAR, SCATTERED = (4_000, 40_000), (600, 6_000), (300, 2_000)
"""How many entries are read at first and then: of an index alone, of orders that lie together, and
of orders anywhere. Each first is a millisecond's worth, and each second one ten milliseconds'."""

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


def travel(tx: Session, shape: Shape, told: Mapping[str, Any]) -> list[sa.Row[Any]]:
    """Return the page of a list that is told its states and purposes as limits."""
    rows = [row for kind in shape.kinds for row in _of_kind(tx, shape, kind, told)]
    if len(shape.kinds) > 1:
        rows.sort(key=_place, reverse=shape.order_by.is_descending)
    return rows[: told["most"]]


def _of_kind(tx: Session, shape: Shape, kind: str, told: Mapping[str, Any]) -> list[sa.Row[Any]]:
    for road, reach in _tries(roads_of(shape, kind, told)):
        if (rows := _go(tx, road, told, reach)) is not None:
            return rows
    alone = statement_of(shape.of(kind))
    return list(tx.execute(alone, told, execution_options=ANEW).all())


def _tries(roads: Sequence[Road]) -> Iterator[tuple[Road, int]]:
    """Yield the roads with how far to go: all a little way, then further, the smooth ones first."""
    for road in roads:
        yield road, _reach(road)[0]
    for road in sorted(roads, key=lambda road: not road.is_covered):
        yield road, _reach(road)[1]


def _go(tx: Session, road: Road, told: Mapping[str, Any], reach: int) -> list[sa.Row[Any]] | None:
    """Return the page if it is within reach, None if nobody knows."""
    there = {**told, "reach": max(reach, told["most"])}
    rows = tx.execute(statement_on(road), there, execution_options=ANEW).all()
    if road.is_sorted:
        return list(rows) if len(rows) == told["most"] else None
    if rows[0].read > there["reach"]:
        return None
    return [row for row in rows if row.page_id]


def _reach(road: Road) -> tuple[int, int]:
    if road.is_covered:
        return COVERED
    return SCATTERED if road.is_scattered else NEAR


def _place(row: sa.Row[Any]) -> tuple[Any, ...]:
    return row.page_key, row.page_id
