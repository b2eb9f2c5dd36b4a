"""Statements as the driver takes them, in the transaction of a session.

What every command and every batch of events runs is not compiled, and its rows are not dressed up:
SQLAlchemy's share of a small statement is three times that of the driver and the database. Errors
are SQLAlchemy's all the same, and whoever counts statements sees these.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg.pq import Escaping, ExecStatus
from psycopg.rows import RowFactory, namedtuple_row, tuple_row
from sqlalchemy.orm import Session

Parameters = Sequence[Any] | Mapping[str, Any]


def begin(tx: Session, mode: str, settings: Mapping[str, str]) -> None:
    """Begin the transaction with what holds until its end, all in one message.

    `mode` is SQL such as `read only`; `settings` are parameters of PostgreSQL and their values.
    """
    pgconn = _driver(tx.connection()).pgconn
    quoted = Escaping(pgconn).escape_literal

    def said(name: str, value: str) -> bytes:
        return b"set_config(%s, %s, true)" % (quoted(name.encode()), quoted(value.encode()))

    told = b", ".join(said(*each) for each in settings.items())
    start = f"begin {mode}".rstrip().encode()
    _execute(tx, b"%s; select %s" % (start, told), None)


def run(
    tx: Session | sa.Connection, statement: str, parameters: Parameters = ()
) -> list[tuple[Any, ...]]:
    """Run `statement` and return its rows, none if it has none; raises what SQLAlchemy raises."""
    cursor = _execute(tx, statement.encode(), parameters)
    return cursor.fetchall() if _has_rows(cursor) else []


def named(tx: Session, statement: str, parameters: Parameters = ()) -> list[Any]:
    """Run `statement` and return its rows, whose values go by the names of their columns."""
    return _execute(tx, statement.encode(), parameters, rows=namedtuple_row).fetchall()


def changed(tx: Session, statement: str, parameters: Parameters = ()) -> int:
    """Run `statement` and return how many rows it changed."""
    return _execute(tx, statement.encode(), parameters).rowcount


def _execute(
    tx: Session | sa.Connection,
    statement: bytes,
    parameters: Parameters | None,
    *,
    rows: RowFactory[Any] = tuple_row,
) -> psycopg.Cursor[Any]:
    connection = tx if isinstance(tx, sa.Connection) else tx.connection()
    driver = _driver(connection)
    try:
        for listen in connection.dispatch.before_cursor_execute:
            listen(connection, None, statement.decode(), parameters, None, False)
        cursor: psycopg.Cursor[Any] | None = connection.info.get(_CURSOR)
        if cursor is None:
            cursor = connection.info[_CURSOR] = driver.cursor()
        cursor.row_factory = rows
        # Without parameters several statements may go at once; those cannot be prepared.
        return cursor.execute(statement, parameters, prepare=False if parameters is None else None)
    except psycopg.Error as error:
        raise _translated(connection, driver, statement.decode(), error) from error


_CURSOR = "millrun.cursor"
"""Where a connection keeps the one cursor it has: to make one costs a third of a statement."""


def _driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


def _has_rows(cursor: psycopg.Cursor[Any]) -> bool:
    return cursor.pgresult is not None and cursor.pgresult.status == ExecStatus.TUPLES_OK


def _translated(
    connection: sa.Connection,
    driver: psycopg.Connection[Any],
    statement: str,
    error: psycopg.Error,
) -> BaseException:
    """Return `error` as SQLAlchemy would raise it; a connection that broke is not used again."""
    lost = driver.closed
    if lost:
        connection.invalidate(error)
    return sa.exc.DBAPIError.instance(
        statement,
        None,
        error,
        psycopg.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
