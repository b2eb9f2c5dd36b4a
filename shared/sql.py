"""Statements as the driver takes them, in the transaction of a session.

What every command and every batch of events runs is not compiled, and its rows are not dressed up:
SQLAlchemy's share of a small statement is three times that of the driver and the database. Errors
are SQLAlchemy's all the same, and whoever counts statements sees these.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, Self, TypeVar, cast

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus
from psycopg.rows import RowFactory, namedtuple_row, tuple_row
from sqlalchemy.orm import Session

Parameters = Sequence[Any] | Mapping[str, Any]
T = TypeVar("T")


class Prepared(str):
    """A statement PostgreSQL keeps ready, whose parameters have the `types` it names.

    If it is the first of a transaction, it goes in the message that begins that; and if it needs
    no other, in the one that ends it too. Every message less is two processes that need not wake.
    """

    types: tuple[str, ...]
    names: tuple[str, ...]
    name: bytes
    """Under which PostgreSQL keeps it."""

    preparation: str
    """What has PostgreSQL keep it."""

    def __new__(cls, text: str, *types: str, **by_name: str) -> Self:
        """The types are PostgreSQL's; KeyError if a parameter with a name has none."""
        made = super().__new__(cls, text)
        made.names = tuple(dict.fromkeys(_NAMED.findall(text)))
        made.types = types or tuple(by_name[name] for name in made.names)
        made.name = b"kept_" + hashlib.sha256(text.encode()).hexdigest()[:16].encode()
        count = iter(range(1, len(made.types) + 1))
        numbered = {each: f"${next(count)}" for each in made.names}
        plain = _PLACE.sub(lambda found: numbered.get(found[1]) or f"${next(count)}", text)
        made.preparation = f"prepare {made.name.decode()} ({', '.join(made.types)}) as {plain}"
        return made

    def given(self, parameters: Parameters) -> tuple[Any, ...]:
        """Return `parameters` in their order."""
        if isinstance(parameters, Mapping):
            return tuple(parameters[name] for name in self.names)
        return tuple(parameters)


_NAMED = re.compile(r"%\((\w+)\)s")
_PLACE = re.compile(r"%(?:\((\w+)\))?s")


class Opening(NamedTuple):
    """How a transaction begins: said with its first statement, or not at all."""

    text: bytes
    values: tuple[str, ...]
    alone: bool
    """Whether each statement may be a transaction of its own."""


def begin(connection: sa.Connection, mode: str, enterprise: str, role: str, plans: str) -> None:
    """Have the first statement on `connection` begin a transaction, with what holds until its end.

    In one that is `read only` and plans no statement anew, each that is Prepared is a transaction
    of its own: two statements of one see no more of the same moment than two transactions do.
    """
    alone = mode == "read only" and plans != "auto"
    connection.info[_OPENING] = Opening(_OPENINGS[mode], (enterprise, role, plans), alone)


def ended(connection: sa.Connection) -> None:
    """Forget how a transaction would have begun in which nothing was asked."""
    if not connection.invalidated:
        connection.info.pop(_OPENING, None)


def open_now(connection: sa.Connection, *_: Any) -> None:
    """Begin what has not begun yet; SQLAlchemy calls it before each statement of its own."""
    opening: Opening | None = connection.info.pop(_OPENING, None)
    if opening:
        _send(connection, opening.text, opening.values)


def prepare_anew(connection: sa.Connection) -> None:
    """Forget what PostgreSQL keeps: with a rollback the driver may have it let go of everything."""
    if not connection.invalidated:
        connection.info.pop(_READY, None)


_OPENING = "millrun.opening"
_SETTINGS = b"; ".join(
    b"set local %s = %%s" % name for name in (b"app.enterprise", b"role", b"plan_cache_mode")
)
_OPENINGS = {mode: b"begin %s; %s" % (mode.encode(), _SETTINGS) for mode in ("", "read only")}


def run(
    tx: Session | sa.Connection, statement: str, parameters: Parameters = ()
) -> list[tuple[Any, ...]]:
    """Run `statement` and return its rows, none if it has none; raises what SQLAlchemy raises."""
    cursor = _execute(tx, statement, parameters)
    return cursor.fetchall() if _has_rows(cursor) else []


def named(tx: Session, statement: str, parameters: Parameters = ()) -> list[Any]:
    """Run `statement` and return its rows, whose values go by the names of their columns."""
    return _execute(tx, statement, parameters, rows=namedtuple_row).fetchall()


def changed(tx: Session, statement: str, parameters: Parameters = ()) -> int:
    """Run `statement` and return how many rows it changed."""
    return _execute(tx, statement, parameters).rowcount


def _execute(
    tx: Session | sa.Connection,
    statement: str,
    parameters: Parameters,
    *,
    rows: RowFactory[Any] = tuple_row,
) -> psycopg.Cursor[Any]:
    connection = tx if isinstance(tx, sa.Connection) else cast(sa.Connection, tx.bind)
    opening: Opening | None = connection.info.get(_OPENING)
    if opening and isinstance(statement, Prepared):
        return _at_once(connection, opening, statement, parameters, rows)
    open_now(connection)
    with _said(connection, statement, parameters) as driver:
        cursor: psycopg.Cursor[Any] = _kept(connection, _CURSOR, driver.cursor)
        cursor.row_factory = rows
        return cursor.execute(statement.encode(), parameters)


def _at_once(
    connection: sa.Connection,
    opening: Opening,
    statement: Prepared,
    parameters: Parameters,
    rows: RowFactory[Any],
) -> psycopg.Cursor[Any]:
    """Begin and run `statement` in one message; end in it too what that may be alone in."""
    ended(connection)
    name = _prepared(connection, statement)
    call = b"execute %s(%s)" % (name, b", ".join([b"%s"] * len(statement.types)))
    parts = [opening.text, call, *([b"commit"] if opening.alone else [])]
    values = (*opening.values, *statement.given(parameters))
    cursor = _send(connection, b"; ".join(parts), values, said=statement, rows=rows)
    if opening.alone:
        connection.info[_OPENING] = opening
    return cursor.set_result(-2 if opening.alone else -1)


def _prepared(connection: sa.Connection, statement: Prepared) -> bytes:
    """Return the name of `statement`, which PostgreSQL keeps on this connection from now on."""
    ready: set[str] = _kept(connection, _READY, set)
    if statement not in ready:
        with _said(connection, statement.preparation, ()) as driver, suppress(_THERE):
            driver.execute(statement.preparation.encode(), prepare=False)
        ready.add(statement)
    return statement.name


_THERE = psycopg.errors.DuplicatePreparedStatement  # a name says what it stands for


def _send(
    connection: sa.Connection,
    message: bytes,
    values: Sequence[Any],
    *,
    said: str = "",
    rows: RowFactory[Any] = tuple_row,
) -> psycopg.Cursor[Any]:
    """Send several statements, with their values in them, as one message."""
    with _said(connection, said or message.decode(), values) as driver:

        def make() -> psycopg.Cursor[Any]:
            return psycopg.ClientCursor(driver)

        cursor: psycopg.Cursor[Any] = _kept(connection, _MESSENGER, make)
        cursor.row_factory = rows
        return cursor.execute(message, values)


@contextmanager
def _said(
    connection: sa.Connection, statement: str, parameters: Parameters
) -> Iterator[psycopg.Connection[Any]]:
    """Tell who listens what is asked, and raise what SQLAlchemy would raise."""
    driver = _driver(connection)
    try:
        for listen in connection.dispatch.before_cursor_execute:
            listen(connection, None, statement, parameters, None, False)
        yield driver
    except psycopg.Error as error:
        raise _translated(connection, driver, statement, error) from error


def _kept(connection: sa.Connection, what: str, make: Callable[[], T]) -> T:
    """Return what a connection keeps: to make a cursor costs a third of a statement."""
    info = connection.info
    found: T | None = info.get(what)
    if found is None:
        found = info[what] = make()
    return found


_CURSOR, _MESSENGER, _READY = "millrun.cursor", "millrun.messenger", "millrun.ready"


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
