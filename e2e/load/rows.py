"""What a submitted order leaves in the database, and how fast it can be written at all.

The limit is measured with the rows of a real order, in a database beside ordering's on the same
server: one transaction with one statement a table.
"""

import itertools
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from deploy.local.world import World
from e2e.load.clients import apart, in_threads
from e2e.load.timing import Timing
from services.ordering.store.rows import COLUMNS
from shared import postgres
from shared.migrations import migrate, prepare
from shared.names import parse
from shared.rows import names_of

BESIDE = "ordering_bare"
"""The database the limit is measured in."""

_WRITTEN = {
    "orders": f"select {names_of(COLUMNS)} from orders where id = %s",
    "order_lines": "select * from order_lines where order_id = %s",
    "order_snapshots": "select * from order_snapshots where order_id = %s",
    "outbox": """
        select event_id, enterprise, aggregate, sequence, type, body, created_at from event_log
        where split_part(aggregate, '/', 4) = %s and type like '%%.OrderSubmitted'
    """,
    "requests": """
        select * from requests where request_id <> %s order by length(response) desc limit 1
    """,
}
"""The tables a submission writes to, and where the rows of an order are found."""

Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Bare:
    """The rows of an order, and a database with ordering's tables and nobody else in it."""

    url: str
    rows: Rows

    @classmethod
    def of(cls, world: World, order: str) -> "Bare":
        """Read what `order` left behind, once it is submitted and announced."""
        superuser = superuser_of(world)
        access = prepare(superuser, "ordering", database=BESIDE)
        migrate("ordering", access.owner_url)
        _, order_id = parse("enterprises/*/orders/*", order)
        with psycopg.connect(conninfo(superuser, "ordering"), row_factory=dict_row) as connection:
            rows = {
                table: connection.execute(select, [order_id]).fetchall()
                for table, select in _WRITTEN.items()
            }
        assert all(rows.values()), {table: len(found) for table, found in rows.items()}
        return cls(conninfo(superuser, BESIDE), rows)

    def timing(self, count: int, clients: int) -> Timing:
        """Time transactions that insert these rows again, for new orders."""
        return apart(in_threads, partial(_writer, self.url, self.rows), count, clients)


def superuser_of(world: World) -> str:
    """Return where the superuser of a world's PostgreSQL connects."""
    return postgres.start(world.state.postgres).superuser_url


def conninfo(superuser_url: str, database: str) -> str:
    """Return how psycopg connects to `database` as the superuser."""
    url = sa.make_url(superuser_url).set(drivername="postgresql", database=database)
    return url.render_as_string(hide_password=False)


def _writer(url: str, rows: Rows, stack: ExitStack) -> Callable[[], None]:
    connection = stack.enter_context(psycopg.connect(url))
    connection.prepare_threshold = 0
    statements = {table: _insert(table, found) for table, found in rows.items()}
    numbers = itertools.count()
    mine = uuid.uuid4().hex[:12]

    def write() -> None:
        order_id, number = uuid.uuid4(), next(numbers)
        fresh = {"id": order_id, "order_id": order_id, "order_no": f"{mine}-{number}"}
        fresh |= {"event_id": order_id, "request_id": str(order_id)}
        with connection.transaction():
            for table, found in rows.items():
                values = [
                    _plain(fresh.get(name, value)) for row in found for name, value in row.items()
                ]
                connection.execute(statements[table], values)

    return write


def _insert(table: str, rows: list[dict[str, Any]]) -> sql.Composed:
    """Return one statement that inserts all `rows`."""
    columns = list(rows[0])
    one = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(columns)))
    return sql.SQL("insert into {} ({}) values {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([one] * len(rows)),
    )


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, (dict, list)) else value
