"""The driver under a connection, as SQLAlchemy uses it: who listens hears what is asked, and what
goes wrong is raised as SQLAlchemy would raise it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from shared.prepared import Parameters, Prepared

T = TypeVar("T")
READY = "millrun.ready"
"""Under which a connection keeps the names of the statements PostgreSQL keeps for it."""


def driver_of(connection: sa.Connection) -> psycopg.Connection[Any]:
    """Return the driver's own connection."""
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


@contextmanager
def said(
    connection: sa.Connection, *told: tuple[str, Parameters]
) -> Iterator[psycopg.Connection[Any]]:
    """Tell who listens what is asked, and raise what SQLAlchemy would raise."""
    driver = driver_of(connection)
    try:
        for listen in connection.dispatch.before_cursor_execute:
            for statement, parameters in told:
                listen(connection, None, statement, parameters, None, False)
        yield driver
    except psycopg.Error as error:
        asked = "; ".join(statement for statement, _ in told)
        meant = _meant(error, told)
        raise meant or _translated(connection, driver, asked, error) from error


def kept_cursor(info: dict[Any, Any], what: object, make: Callable[[], T]) -> T:
    """Return what a connection keeps in its `info`: to make a cursor costs a third of a statement.

    There is one for each way to see rows: one that is to see others looks at its last ones again.
    """
    found: T | None = info.get(what)
    if found is None:
        found = info[what] = make()
    return found


def prepare_anew(connection: sa.Connection) -> None:
    """Forget what PostgreSQL keeps: with a rollback the driver may have it let go of everything."""
    if not connection.invalidated:
        connection.info.pop(READY, None)


def _meant(error: psycopg.Error, told: Sequence[tuple[str, Parameters]]) -> Exception | None:
    """Return what a violated constraint means to the statement that violated it, if it says so."""
    name = error.diag.constraint_name or ""
    for statement, _ in told:
        if isinstance(statement, Prepared) and name in statement.violating:
            return statement.violating[name]()
    return None


def _translated(
    connection: sa.Connection,
    driver: psycopg.Connection[Any],
    statement: str,
    error: psycopg.Error,
) -> BaseException:
    """Return `error` as SQLAlchemy would raise it; a connection that broke is not used again."""
    lost = driver.closed
    if isinstance(error, psycopg.errors.SerializationFailure):
        return StaleDataError(str(error))
    if lost:
        connection.invalidate(error)
    elif isinstance(error, psycopg.errors.InvalidSqlStatementName):
        prepare_anew(connection)
    return sa.exc.DBAPIError.instance(
        statement,
        None,
        error,
        psycopg.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
