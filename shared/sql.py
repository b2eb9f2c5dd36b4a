"""Statements as the driver takes them, in the transaction of a session.

What every command and every batch of events runs is not compiled, and its rows are not dressed up:
SQLAlchemy's share of a small statement is three times that of the driver and the database. Errors
are SQLAlchemy's all the same, and whoever counts statements sees these.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus
from psycopg.rows import namedtuple_row, tuple_row
from sqlalchemy.orm import Session

Parameters = Sequence[Any] | Mapping[str, Any]


def run(tx: Session, statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
    """Run `statement` and return its rows, none if it has none; raises what SQLAlchemy raises."""
    cursor = _execute(tx, statement, parameters, named=False)
    return cursor.fetchall() if _has_rows(cursor) else []


def named(tx: Session, statement: str, parameters: Parameters = ()) -> list[Any]:
    """Run `statement` and return its rows, whose values go by the names of their columns."""
    return _execute(tx, statement, parameters, named=True).fetchall()


def changed(tx: Session, statement: str, parameters: Parameters = ()) -> int:
    """Run `statement` and return how many rows it changed."""
    return _execute(tx, statement, parameters, named=False).rowcount


def _execute(
    tx: Session, statement: str, parameters: Parameters, *, named: bool
) -> psycopg.Cursor[Any]:
    connection = tx.connection()
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        cursor = driver.cursor(row_factory=namedtuple_row if named else tuple_row)
        for listen in connection.dispatch.before_cursor_execute:
            listen(connection, cursor, statement, parameters, None, False)
        return cursor.execute(statement.encode(), parameters)
    except psycopg.Error as error:
        raise _translated(connection, driver, statement, error) from error


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
