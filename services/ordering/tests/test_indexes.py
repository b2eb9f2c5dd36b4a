"""What the indexes of orders cost whoever submits one: each is written again with every change."""

import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from millrun.ordering.v1 import order_pb2 as pb

from services.ordering.tests.desk import Desk
from shared.names import parse
from shared.storage import Scope

MOST = 19
"""The row, the indexes of an order of the usual kind, and the one of orders that may expire."""


def test_a_submitted_order_is_written_to_no_more_indexes_than_lists_need(desk: Desk) -> None:
    one, *others = (desk.create() for _ in range(4))
    statement, (changed, enterprise, _, version) = submission(desk, one)
    explained = f"explain (analyze, wal, costs off, timing off, buffers off) {statement}"
    plans = []
    for another in others:
        _, order_id = parse("enterprises/*/orders/*", another.name)
        said = (changed, enterprise, UUID(order_id), version)
        with desk.database.transaction(Scope("acme")) as tx:
            plans.append("\n".join(tx.connection().exec_driver_sql(explained, said).scalars()))

    # One may meet what an earlier test left, and write down that it cleaned a page.
    written = [int(re.findall(r"WAL: records=(\d+)", plan)[0]) for plan in plans]
    assert min(written) <= MOST, plans


def submission(desk: Desk, order: pb.Order) -> tuple[str, Any]:
    """Submit an order and return what its row is changed with."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("with changed as (update orders"):
            said.append((statement, parameters))

    sa.event.listen(desk.database.engine, "before_cursor_execute", note)
    desk.submit(order)
    sa.event.remove(desk.database.engine, "before_cursor_execute", note)
    [one] = said
    return one
