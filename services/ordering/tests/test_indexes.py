"""What the indexes of orders cost whoever submits one: each is written again with every change."""

import re
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from millrun.ordering.v1 import order_pb2 as pb

from services.ordering.store import rows
from services.ordering.tests.desk import Desk
from services.ordering.tests.test_duplicates import COPIES
from shared import sql
from shared.names import parse
from shared.sql import run
from shared.storage import EVERYTHING, Scope
from shared.testing.databases import Databases

MOST = 19
"""The row, the indexes of an order of the usual kind, and the one of orders that may expire."""
AN_HOUR = 3600.0
"""Longer than any connection has lived when a test begins, in seconds."""


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


@pytest.fixture
def owner(databases: Databases) -> Iterator[sa.Connection]:
    """A connection of the owner of orders, of whose rows PostgreSQL makes no statistics itself."""
    url = databases.access("ordering").owner_url
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("alter table orders set (autovacuum_enabled = off)")
        yield connection
        connection.exec_driver_sql("alter table orders reset (autovacuum_enabled)")


def test_an_order_is_read_by_its_key_soon_also_where_that_was_planned_before_there_were_any(
    desk: Desk, owner: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To read all of a new table is quicker; and a connection keeps its plan as the table grows."""
    order_id, moment = uuid4(), time.monotonic() + AN_HOUR
    monkeypatch.setattr(sql, "time", SimpleNamespace(monotonic=lambda: moment))
    # As PostgreSQL finds it when it looks early, whatever was in it.
    owner.exec_driver_sql("truncate orders cascade")
    owner.exec_driver_sql("vacuum analyze orders")

    def planned() -> str:
        with desk.database.transaction(Scope("acme"), read_only=True, planned_once=True) as tx:
            assert run(tx, rows.WHOLE, ("acme", order_id)) == []
            kept = f"explain execute {rows.WHOLE.name.decode()}('acme', '{order_id}')"
            return str(run(tx, kept)[0][0])

    assert planned().startswith("Seq Scan on orders")
    desk.submitted()
    with desk.database.transaction(EVERYTHING) as tx:
        for copy in COPIES:
            tx.execute(sa.text(copy))
    assert planned().startswith("Seq Scan on orders")
    moment += 2 * AN_HOUR  # Plans are kept as long as their connection has lived.
    assert planned().startswith(("Index Scan using orders_pkey", "Index Scan using orders_by_id"))


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
