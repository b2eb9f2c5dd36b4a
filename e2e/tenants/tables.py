"""Every table of a service's database, with a row of two enterprises in it, and what one sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, cast
from uuid import uuid4

import psycopg
from psycopg import sql

MINE, THEIRS = "one", "another"


@dataclass(frozen=True)
class Column:
    """A column a row has to fill."""

    name: str
    kind: str
    """As PostgreSQL calls it: `int4`, `_text` …"""


@dataclass(frozen=True)
class Table:
    """A table, and whether its rows are somebody's."""

    service: str
    name: str
    columns: tuple[Column, ...]
    rights: frozenset[str]
    """What the application's role may do with it: `SELECT` …"""

    is_guarded: bool
    """Whether row-level security is forced on it."""

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"

    @property
    def key(self) -> str:
        """The column that says whose a row is: an enterprise's, or an account's; empty for none."""
        names = {column.name for column in self.columns}
        return next((key for key in ("enterprise", "account") if key in names), "")


def tables_of(connection: psycopg.Connection[Any], service: str) -> Iterator[Table]:
    """Yield the tables of a database."""
    rows = connection.execute(_TABLES, {"app": f"{service}_app"}).fetchall()
    for name, is_guarded, rights, columns in rows:
        kinds = tuple(Column(*each) for each in columns)
        yield Table(service, name, kinds, frozenset(rights), is_guarded)


@contextmanager
def filled(connection: psycopg.Connection[Any], table: Table) -> Iterator[None]:
    """Have a row of one enterprise and one of another in `table`, for a block, as superuser.

    What it holds besides is anything: neither foreign keys nor checks are what is tried here.
    """
    with connection.transaction(force_rollback=True):
        connection.execute("set local session_replication_role = replica")
        for (check,) in connection.execute(_CHECKS, {"table": table.name}).fetchall():
            _run(connection, "ALTER TABLE {} DROP CONSTRAINT {}", table.name, check)
        for (made,) in connection.execute(_MADE, {"table": table.name}).fetchall():
            _run(connection, "ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", table.name, made)
        for whose in (MINE, THEIRS):
            insert(connection, table, whose)
        yield


def insert(connection: psycopg.Connection[Any], table: Table, whose: str) -> None:
    """Put a row of `whose` into `table`."""
    values = [whose if c.name == table.key else _any(c) for c in table.columns]
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
            sql.SQL(", ").join(sql.Placeholder() for _ in values),
        ),
        values,
    )


def leaks(connection: psycopg.Connection[Any], table: Table) -> list[str]:
    """Return what the application's role can do to another's rows, or without saying for whom.

    Every statement is one whose condition on the enterprise was forgotten.
    """
    return [
        what
        for what, whose, attempt in _attempts(connection, table)
        if _succeeds(connection, table, whose, attempt)
    ]


def _attempts(
    connection: psycopg.Connection[Any], table: Table
) -> Iterator[tuple[str, str, Callable[[], bool]]]:
    def touched(statement: LiteralString) -> Callable[[], bool]:
        def attempt() -> bool:
            found = _run(connection, statement, table.name, table.key).fetchall()
            return (THEIRS,) in found

        return attempt

    def adds() -> bool:
        insert(connection, table, THEIRS)
        return True

    def gives_away() -> bool:
        done = _run(connection, "UPDATE {} SET {} = 'another'", table.name, table.key)
        return done.rowcount > 0

    yield "reads", MINE, touched("SELECT {1} FROM {0}")
    yield "reads as nobody", "", touched("SELECT {1} FROM {0}")
    yield "changes", MINE, touched("UPDATE {0} SET {1} = {1} RETURNING {1}")
    yield "deletes", MINE, touched("DELETE FROM {0} RETURNING {1}")
    yield "adds", MINE, adds
    yield "gives away", MINE, gives_away


def _succeeds(
    connection: psycopg.Connection[Any], table: Table, whose: str, attempt: Callable[[], bool]
) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("select set_config('app.enterprise', %s, true)", (whose,))
            _run(connection, "SET LOCAL ROLE {}", f"{table.service}_app")
            return attempt()
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.errors.IntegrityError:
        return True  # Nothing but a key it happened to share stood in its way.


def unguard(connection: psycopg.Connection[Any], table: Table) -> None:
    """Take row-level security off a table."""
    _run(connection, "ALTER TABLE {} DISABLE ROW LEVEL SECURITY", table.name)


def _run(
    connection: psycopg.Connection[Any], statement: LiteralString, *names: str
) -> psycopg.Cursor[Any]:
    return connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _any(column: Column) -> Any:
    if column.kind.startswith("_"):
        return []
    return cast("Callable[[], Any]", _VALUES[column.kind])()


_VALUES: dict[str, Callable[[], object]] = {
    "text": lambda: str(uuid4()),
    "varchar": lambda: uuid4().hex[:4],
    "bpchar": lambda: "X",
    "uuid": uuid4,
    "bool": lambda: False,
    "int2": lambda: 1,
    "int4": lambda: 1,
    "int8": lambda: uuid4().int % 2**40,
    "numeric": lambda: 1,
    "date": lambda: "2026-01-31",
    "timestamptz": lambda: "2026-01-31T00:00:00Z",
    "bytea": lambda: uuid4().bytes,
    "json": lambda: "{}",
    "jsonb": lambda: "{}",
}
"""A value of each kind, unlike any before where it can be."""

_TABLES = """
    select c.relname, c.relrowsecurity and c.relforcerowsecurity,
        array(select r from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as r
            where has_table_privilege(%(app)s, c.oid, r)),
        (select json_agg(json_build_array(a.attname, t.typname) order by a.attnum)
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and a.attgenerated = '' and a.attidentity = '')
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname <> 'alembic_version'
    order by c.relname
"""

_CHECKS = """
    select conname from pg_constraint where contype = 'c' and conrelid = %(table)s::regclass
"""

_MADE = """
    select attname from pg_attribute
    where attrelid = %(table)s::regclass and attgenerated <> '' and attnotnull
"""
"""Columns PostgreSQL fills itself, from others that hold anything here."""
