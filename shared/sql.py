"""Statements as the driver takes them, in the transaction of a session.

What every command and every batch of events runs is not compiled, and its rows are not dressed up:
SQLAlchemy's share of a small statement is three times that of the driver and the database. Errors
are SQLAlchemy's all the same, and whoever counts statements sees these.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.rows import RowFactory, namedtuple_row, tuple_row
from sqlalchemy.orm import Session

from shared.driver import READY, driver_of, kept_cursor, prepare_anew, said
from shared.prepared import Parameters, Prepared

Heard = Callable[[list[tuple[Any, ...]]], None]


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


def conclude(connection: sa.Connection) -> None:
    """Commit, in one message with what is still to be said."""
    info = connection.info
    later: Sequence[_Call] = info.get(_LATER, ())
    if any(each.heard for each in later):
        # Whoever is told may not want it committed.
        open_now(connection)
    elif later:
        message = _due(info)
        message.parts.append(_COMMIT)
        _send(connection, info, message)
    if connection.in_transaction():
        connection.commit()
    elif driver_of(connection).pgconn.transaction_status != TransactionStatus.IDLE:
        with said(connection) as driver:
            driver.commit()


def abandon(connection: sa.Connection) -> None:
    """Roll back what was begun; a connection that cannot even do that is not used again."""
    if connection.invalidated:
        return
    try:
        if connection.in_transaction():
            connection.rollback()
        elif driver_of(connection).pgconn.transaction_status != TransactionStatus.IDLE:
            driver_of(connection).rollback()
            prepare_anew(connection)
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        connection.invalidate(error)


def ended(connection: sa.Connection) -> None:
    """Forget how a transaction would have begun in which nothing was asked, and what it put off."""
    if not connection.invalidated:
        info = connection.info
        info.pop(_OPENING, None)
        info.pop(_LATER, None)


def open_now(connection: sa.Connection, *_: Any) -> None:
    """Begin what has not begun yet and say what was put off.

    SQLAlchemy calls it before each statement of its own.
    """
    info = connection.info
    if _OPENING in info or _LATER in info:
        _send(connection, info, _due(info))


_Info = dict[Any, Any]
"""What a connection knows as long as it lives, and what is due on it."""


class _Call(NamedTuple):
    """A statement PostgreSQL keeps, as it is run and as whoever listens is told of it."""

    text: bytes
    values: tuple[Any, ...]
    told: tuple[str, Parameters]
    heard: Heard | None = None
    """Who is to be told its rows."""


class _Message:
    """Several statements that travel together, with their values in them."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.heard: list[tuple[int, Heard]] = []
        self.values: list[Any] = []
        self.told: list[tuple[str, Parameters]] = []

    def add(self, call: _Call) -> None:
        """Say this last."""
        if call.heard:
            self.heard.append((len(self.parts), call.heard))
        self.parts.append(call.text)
        self.values += call.values
        self.told.append(call.told)


def _due(info: _Info) -> _Message:
    """Return a message with how the transaction begins, if it has not, and with what it put off."""
    message = _Message()
    opening: Opening | None = info.pop(_OPENING, None)
    if opening:
        if (moment := time.monotonic()) >= info.get(_PLANS_END, 0.0):
            _plan_anew(info, message, moment)
        message.parts.append(opening.text)
        message.values += opening.values
    later: Sequence[_Call] = info.pop(_LATER, ())
    for each in later:
        message.add(each)
    return message


def _plan_anew(info: _Info, message: _Message, moment: float) -> None:
    """Have PostgreSQL forget its plans: soon on a young connection, then ever more seldom.

    One made while a table was new reads all of it, or by whatever index, and stays as it grows.
    """
    age = moment - info.setdefault(_SINCE, moment)
    if age:
        message.parts.append(b"discard plans")
    info[_PLANS_END] = moment + max(PLANS_LAST, age)


PLANS_LAST = 1.0
"""Seconds a connection keeps its first plans; the next as long as it has lived by then."""

_COMMIT = b"commit"
_SINCE, _PLANS_END = "millrun.since", "millrun.plans_end"
_MESSENGER = "millrun.messenger"
_OPENING, _LATER = _DUE = ("millrun.opening", "millrun.later")
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


def named(
    tx: Session, statement: str, parameters: Parameters = (), *, ahead: bool = False
) -> list[Any]:
    """Run `statement` and return its rows, whose values go by the names of their columns.

    What is asked `ahead`, a Prepared question that locks nothing, is a transaction of its own if
    it is the first: the one it is asked in begins with what follows, and if nothing does, never.
    """
    return _execute(tx, statement, parameters, rows=namedtuple_row, ahead=ahead).fetchall()


def later(
    tx: Session | sa.Connection,
    statement: Prepared,
    parameters: Parameters = (),
    *,
    heard: Heard | None = None,
) -> None:
    """Run `statement`, whose rows nobody waits for, with the next one or before the commit.

    What goes wrong with it goes wrong there, and there `heard` is told its rows, which may raise.
    Whatever is asked in between finds it done.
    """
    connection = _connection_of(tx)
    info = connection.info
    call = _call(connection, info, statement, parameters, heard)
    info.setdefault(_LATER, []).append(call)


def say_now(tx: Session) -> None:
    """Run what was put off."""
    if _LATER in _connection_of(tx).info:
        open_now(_connection_of(tx))


def changed(tx: Session, statement: str, parameters: Parameters = ()) -> int:
    """Run `statement` and return how many rows it changed."""
    return _execute(tx, statement, parameters).rowcount


def _execute(
    tx: Session | sa.Connection,
    statement: str,
    parameters: Parameters,
    *,
    rows: RowFactory[Any] = tuple_row,
    ahead: bool = False,
) -> psycopg.Cursor[Any]:
    connection = _connection_of(tx)
    info = connection.info
    if isinstance(statement, Prepared) and (_OPENING in info or _LATER in info):
        return _at_once(connection, info, statement, parameters, rows, ahead)
    open_now(connection)
    with said(connection, (statement, parameters)) as driver:
        cursor = kept_cursor(info, rows, lambda: driver.cursor(row_factory=rows))
        return cursor.execute(statement.encode(), parameters)


def _connection_of(tx: Session | sa.Connection) -> sa.Connection:
    return tx if isinstance(tx, sa.Connection) else cast(sa.Connection, tx.bind)


def _at_once(
    connection: sa.Connection,
    info: _Info,
    statement: Prepared,
    parameters: Parameters,
    rows: RowFactory[Any],
    ahead: bool,
) -> psycopg.Cursor[Any]:
    """Run `statement` in the message that says what is due; end in it too what it is alone in."""
    call = _call(connection, info, statement, parameters)
    opening: Opening | None = info.get(_OPENING)
    alone = opening and (opening.alone or (ahead and _LATER not in info))
    message = _due(info)
    message.add(call)
    if alone:
        message.parts.append(_COMMIT)
    cursor = _send(connection, info, message).set_result(-2 if alone else -1)
    # Not before: what else was said may have two columns of one name.
    cursor.row_factory = rows
    if alone:
        info[_OPENING] = opening
    return cursor


def _call(
    connection: sa.Connection,
    info: _Info,
    statement: Prepared,
    parameters: Parameters,
    heard: Heard | None = None,
) -> _Call:
    """Return how `statement` is run, which PostgreSQL keeps on this connection from now on."""
    ready: set[bytes] | None = info.get(READY)
    if ready is None:
        names = _prepare(connection, "select name from pg_prepared_statements").fetchall()
        ready = info[READY] = {name.encode() for (name,) in names}
    if statement.name not in ready:
        _prepare(connection, statement.preparation)
        ready.add(statement.name)
    return _Call(statement.call, statement.given(parameters), (statement, parameters), heard)


def _prepare(connection: sa.Connection, what: str) -> psycopg.Cursor[Any]:
    with _put_aside(connection), said(connection, (what, ())) as driver:
        return driver.execute(what.encode(), prepare=False)


@contextmanager
def _put_aside(connection: sa.Connection) -> Iterator[None]:
    """Have nothing be due while the block runs."""
    due = {name: connection.info.pop(name) for name in _DUE if name in connection.info}
    yield
    connection.info.update(due)


def _send(connection: sa.Connection, info: _Info, message: _Message) -> psycopg.Cursor[Any]:
    with said(connection, *message.told) as driver:
        cursor = kept_cursor(info, _MESSENGER, lambda: psycopg.ClientCursor(driver))
        cursor.row_factory = tuple_row
        cursor.execute(b"; ".join(message.parts), message.values)
    for place, heard in message.heard:
        heard(cursor.set_result(place - len(message.parts)).fetchall())
    return cursor


def _has_rows(cursor: psycopg.Cursor[Any]) -> bool:
    return cursor.pgresult is not None and cursor.pgresult.status == ExecStatus.TUPLES_OK
