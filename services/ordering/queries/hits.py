"""Orders that were found by what they say, sorted and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.listing import OrderBy
from services.ordering.queries import finding
from services.ordering.queries.ends import (
    SLACK,
    SOON,
    in_order,
    moved,
    numbers_compare,
    submitted_late,
)
from services.ordering.queries.finding import Shape
from services.ordering.queries.looking import earliest_of, latest_of
from services.ordering.queries.reading import Rows, read, statement_on
from services.ordering.queries.roads import FOUND, Road


class Hit(NamedTuple):
    """An order that says what is looked for."""

    week: int
    enterprise: str
    order_id: UUID


def among(tx: Session, shape: Shape, told: Mapping[str, Any], found: Sequence[Hit]) -> Rows:
    """Return the page of what was found, which is not asked for its words again."""
    shape = replace(shape, told=shape.told.union(["found"]), words=0)
    rows: list[sa.Row[Any]] = []
    for kind in shape.kinds:
        theirs = [hit.order_id for hit in found if _is_of(kind, hit.enterprise, told)]
        if theirs:
            told = {**told, "found": theirs}
            statement = statement_on(Road(shape, kind, FOUND))
            rows += read(tx, statement, told)
    return in_order(shape, rows, told["most"])


def _is_of(kind: str, enterprise: str, told: Mapping[str, Any]) -> bool:
    """Whether orders of an enterprise may be of a kind of lists."""
    match kind:
        case finding.PLACED | finding.OWNED:
            return (enterprise == str(told["enterprise"])) == (kind == finding.PLACED)
        case finding.OWN | finding.FOR_OWNER:
            return (enterprise == str(told["owner"])) == (kind == finding.OWN)
    return True


def of_first_weeks(
    tx: Session, shape: Shape, told: Mapping[str, Any], found: Sequence[Hit]
) -> tuple[Rows | None, float]:
    """Return the page if nothing comes before it but what was made in the weeks looked through.

    And which share of these orders is what is asked for beside the words.
    """
    if shape.order_by.field == "total":
        return None, 1
    most, descending = told["most"], shape.order_by.is_descending
    known = [hit for hit in found if hit.week != found[-1].week]
    if shape.order_by.field == "create_time" and shape.after:
        known = [hit for hit in known if (hit.order_id < told["after_id"]) == descending]
    known.sort(key=attrgetter("order_id"), reverse=descending)
    share = 1.0
    for some in (known[: 2 * most], known):
        rows = among(tx, shape, told, some)
        share = len(rows) / len(some) if some and len(rows) < most else 1.0
        if len(rows) < most or not _comes_before(tx, shape, told, rows[-1], some[-1].order_id):
            continue
        if shape.order_by is OrderBy.LATEST_SUBMITTED:
            beyond = {"late_from": rows[-1].page_key, "late_before": some[-1].order_id}
            rows = in_order(shape, [*rows, *submitted_late(tx, shape, told, **beyond)], most)
        return rows, share
    return None, share


def _comes_before(
    tx: Session, shape: Shape, told: Mapping[str, Any], row: sa.Row[Any], edge: UUID
) -> bool:
    """Whether an order comes before all that were made beyond `edge`, as the list goes.

    Of what was submitted last that holds but for orders that were submitted late.
    """
    match shape.order_by:
        case OrderBy.NEWEST | OrderBy.OLDEST:
            return True
        case OrderBy.FIRST_SUBMITTED:
            return bool(row.page_key < earliest_of(edge))
        case OrderBy.LATEST_SUBMITTED:
            return bool(row.page_key > latest_of(edge) + SOON)
        case OrderBy.LAST_NUMBER:
            return row.page_id > moved(edge, SLACK) and numbers_compare(tx, shape, told)
        case OrderBy.FIRST_NUMBER:
            return row.page_id < moved(edge, -SLACK) and numbers_compare(tx, shape, told)
    return False
