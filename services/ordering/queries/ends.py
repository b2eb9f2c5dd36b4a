"""Where along its own order a list begins and ends, by what is known of when its orders were made.

Nobody submits an order before it is made, nearly all are submitted within days, and numbers are
given as orders are made.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.listing import OrderBy
from services.ordering.queries.finding import KINDS, Shape
from services.ordering.queries.looking import SLACK as A_MINUTE
from services.ordering.queries.looking import earliest_of, id_at, latest_of
from services.ordering.queries.reading import Rows, read, statement_on
from services.ordering.queries.roads import ALONG, LATE, Road
from services.ordering.store import orders
from shared.clock import now

SLACK = timedelta(minutes=5)
"""By how much numbers may differ from when orders were made: a transaction lives for seconds."""

SOON = timedelta(days=3)
"""How long after it was made nearly every order is submitted; of all others there is an index."""


def apart(shape: Shape, told: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return which more limits those keep to that were submitted soon, and which the others do.

    When an order was made says nearly when it was submitted, but for those few.
    """
    field = shape.order_by.field
    if field == "submit_time" and "id_to" in shape.told and "submitted_to" not in shape.told:
        end = latest_of(told["id_to"]) + SOON
        if end < now():
            return {"placed_to": end}, {"late_from": end}
    if field in ("create_time", "order_no") and "submitted_from" in shape.told:
        begin = id_at(told["submitted_from"], -SOON - A_MINUTE)
        if begin > told.get("id_from", _FIRST):
            return {"id_from": begin}, {"late_before": begin}
    return {}, {}


def submitted_late(tx: Session, shape: Shape, told: Mapping[str, Any], **limits: Any) -> Rows:
    """Return the page of those among the orders of a list that were submitted late."""
    shape = replace(shape, told=shape.told.union(limits, ["late"]))
    rows: list[sa.Row[Any]] = []
    for kind in shape.kinds:
        rows += read(tx, statement_on(Road(shape, kind, LATE)), {**told, **limits})
    return rows


def in_order(shape: Shape, rows: Rows, most: int) -> Rows:
    """Return the page of what was found on several roads."""
    return sorted(rows, key=_place, reverse=shape.order_by.is_descending)[:most]


def ends_of(tx: Session, shape: Shape, kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return where along its own order a list is, if it is cut by when orders were made.

    Nobody submits an order before it is made, and numbers are given as orders are made.
    """
    field = shape.order_by.field
    if field == "submit_time" and "id_from" in shape.told:
        return {"placed_from": told.get("created_from") or earliest_of(told["id_from"])}
    if field == "order_no" and shape.told & ALONG["create_time"]:
        first, last = _numbers(tx, kind, told)
        if first and last:
            return {"no_from": first, "no_to": last}
    return {}


def comes_before(order_by: OrderBy, row: sa.Row[Any], edge: UUID) -> bool:
    """Whether an order comes before all that were made beyond `edge`, as the list goes.

    Of what was submitted last that holds but for orders that were submitted late.
    """
    match order_by:
        case OrderBy.NEWEST | OrderBy.OLDEST:
            return True
        case OrderBy.FIRST_SUBMITTED:
            return bool(row.page_key < earliest_of(edge))
        case OrderBy.LATEST_SUBMITTED:
            return bool(row.page_key > latest_of(edge) + SOON)
        case OrderBy.LAST_NUMBER:
            return bool(row.page_id > moved(edge, SLACK))
        case OrderBy.FIRST_NUMBER:
            return bool(row.page_id < moved(edge, -SLACK))
    return False


def _numbers(tx: Session, kind: str, told: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return numbers below and above those of the orders of a kind that are asked for."""
    begin, end = told.get("id_from", _FIRST), told.get("id_to", _LAST)
    moments = {"begin": moved(begin, -SLACK), "end": moved(end, SLACK)}
    ((first, last),) = read(tx, _numbers_about(kind), {**told, **moments})
    return first, last


@cache
def _numbers_about(kind: str) -> sa.Select[Any]:
    """Return the statement of the last number before `begin` and the first behind `end`.

    Where there is none, it is the number of the first or the last order there is.
    """
    begin, end = (sa.bindparam(name, type_=orders.c.id.type) for name in ("begin", "end"))
    number = sa.select(orders.c.order_no).where(*KINDS[kind][:1]).limit(1)
    first, last = number.order_by(orders.c.id), number.order_by(orders.c.id.desc())
    before = last.where(orders.c.id < begin).scalar_subquery()
    behind_it = first.where(orders.c.id > end).scalar_subquery()
    return sa.select(
        sa.func.coalesce(before, first.scalar_subquery()),
        sa.func.coalesce(behind_it, last.scalar_subquery()),
    )


_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)


def moved(order_id: UUID, by: timedelta) -> UUID:
    """Return the id of an order made so much later."""
    milliseconds = int(by / timedelta(milliseconds=1))
    return UUID(int=max(_FIRST.int, min(_LAST.int, order_id.int + (milliseconds << 80))))


def _place(row: sa.Row[Any]) -> tuple[Any, ...]:
    return row.page_key, row.page_id
