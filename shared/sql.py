"""Statements as the driver takes them, in the transaction of a session.

What every command and every batch of events runs is not compiled, and its rows are not dressed up:
SQLAlchemy's share of a small statement is three times that of the driver and the database. Errors
are SQLAlchemy's all the same, and whoever counts statements sees these.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self, TypeVar, cast

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus
from psycopg.rows import RowFactory, namedtuple_row, tuple_row
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

Parameters = Sequence[Any] | Mapping[str, Any]
Heard = Callable[[list[tuple[Any, ...]]], None]
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

    call: bytes
    """What runs it, with a place for each value."""

    preparation: str
    """What has PostgreSQL keep it."""

    violating: Mapping[str, type[Exception]]
    """What it means that it violates a constraint, by the constraint's name."""

    def __new__(cls, text: str, *types: str, **by_name: str) -> Self:
        """The types are PostgreSQL's; KeyError if a parameter with a name has none."""
        made = super().__new__(cls, text)
        made.names = tuple(dict.fromkeys(_NAMED.findall(text)))
        made.types = types or tuple(by_name[name] for name in made.names)
        made.name = b"kept_" + hashlib.sha256(text.encode()).hexdigest()[:16].encode()
        count = iter(range(1, len(made.types) + 1))
        numbered = {each: f"${next(count)}" for each in made.names}
        plain = _PLACE.sub(lambda found: numbered.get(found[1]) or f"${next(count)}", text)
        values = b", ".join([b"%s"] * len(made.types))
        made.call = b"execute %s(%s)" % (made.name, values) if values else b"execute " + made.name
        typed = f" ({', '.join(made.types)})" if made.types else ""
        made.preparation = f"prepare {made.name.decode()}{typed} as {plain}"
        made.violating = {}
        return made

    def meaning(self, **violating: type[Exception]) -> Self:
        """Have it raise what is named when it violates a constraint of that name."""
        self.violating = violating
        return self

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


def conclude(connection: sa.Connection) -> None:
    """Commit in one message with what is still to be said; leave it to SQLAlchemy if nothing is."""
    later: Sequence[_Call] = connection.info.get(_LATER, ())
    if any(each.heard for each in later):
        # Whoever is told may not want it committed.
        open_now(connection)
    elif later:
        message = _due(connection)
        message.parts.append(_COMMIT)
        _send(connection, message)


def ended(connection: sa.Connection) -> None:
    """Forget how a transaction would have begun in which nothing was asked, and what it put off."""
    if not connection.invalidated:
        connection.info.pop(_OPENING, None)
        connection.info.pop(_LATER, None)


def open_now(connection: sa.Connection, *_: Any) -> None:
    """Begin what has not begun yet and say what was put off.

    SQLAlchemy calls it before each statement of its own.
    """
    if (message := _due(connection)).parts:
        _send(connection, message)


def prepare_anew(connection: sa.Connection) -> None:
    """Forget what PostgreSQL keeps: with a rollback the driver may have it let go of everything."""
    if not connection.invalidated:
        connection.info.pop(_READY, None)


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


def _due(connection: sa.Connection) -> _Message:
    """Return a message with how the transaction begins, if it has not, and with what it put off."""
    message = _Message()
    opening: Opening | None = connection.info.pop(_OPENING, None)
    if opening:
        message.parts.append(opening.text)
        message.values += opening.values
    later: Sequence[_Call] = connection.info.pop(_LATER, ())
    for each in later:
        message.add(each)
    return message


_COMMIT = b"commit"
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
    call = _call(connection, statement, parameters)
    connection.info.setdefault(_LATER, []).append(call._replace(heard=heard))


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
    if isinstance(statement, Prepared) and (
        _OPENING in connection.info or _LATER in connection.info
    ):
        return _at_once(connection, statement, parameters, rows, ahead)
    open_now(connection)
    with _said(connection, (statement, parameters)) as driver:
        cursor = _kept(connection, rows, lambda: driver.cursor(row_factory=rows))
        return cursor.execute(statement.encode(), parameters)


def _connection_of(tx: Session | sa.Connection) -> sa.Connection:
    return tx if isinstance(tx, sa.Connection) else cast(sa.Connection, tx.bind)


def _at_once(
    connection: sa.Connection,
    statement: Prepared,
    parameters: Parameters,
    rows: RowFactory[Any],
    ahead: bool,
) -> psycopg.Cursor[Any]:
    """Run `statement` in the message that says what is due; end in it too what it is alone in."""
    call = _call(connection, statement, parameters)
    opening: Opening | None = connection.info.get(_OPENING)
    alone = opening and (opening.alone or (ahead and _LATER not in connection.info))
    message = _due(connection)
    message.add(call)
    if alone:
        message.parts.append(_COMMIT)
    cursor = _send(connection, message).set_result(-2 if alone else -1)
    # Not before: what else was said may have two columns of one name.
    cursor.row_factory = rows
    if alone:
        connection.info[_OPENING] = opening
    return cursor


def _call(connection: sa.Connection, statement: Prepared, parameters: Parameters) -> _Call:
    """Return how `statement` is run, which PostgreSQL keeps on this connection from now on."""
    ready = _ready(connection)
    if statement.name not in ready:
        _prepare(connection, statement.preparation)
        ready.add(statement.name)
    return _Call(statement.call, statement.given(parameters), (statement, parameters))


def _ready(connection: sa.Connection) -> set[bytes]:
    """Return the names of what PostgreSQL keeps on this connection."""
    found: set[bytes] | None = connection.info.get(_READY)
    if found is None:
        names = _prepare(connection, "select name from pg_prepared_statements").fetchall()
        found = connection.info[_READY] = {name.encode() for (name,) in names}
    return found


def _prepare(connection: sa.Connection, what: str) -> psycopg.Cursor[Any]:
    with _put_aside(connection), _said(connection, (what, ())) as driver:
        return driver.execute(what.encode(), prepare=False)


@contextmanager
def _put_aside(connection: sa.Connection) -> Iterator[None]:
    """Have nothing be due while the block runs."""
    due = {name: connection.info.pop(name) for name in _DUE if name in connection.info}
    yield
    connection.info.update(due)


def _send(connection: sa.Connection, message: _Message) -> psycopg.Cursor[Any]:
    with _said(connection, *message.told) as driver:
        cursor = _kept(connection, _MESSENGER, lambda: psycopg.ClientCursor(driver))
        cursor.row_factory = tuple_row
        cursor.execute(b"; ".join(message.parts), message.values)
    for place, heard in message.heard:
        heard(cursor.set_result(place - len(message.parts)).fetchall())
    return cursor


@contextmanager
def _said(
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


def _kept(connection: sa.Connection, what: object, make: Callable[[], T]) -> T:
    """Return what a connection keeps: to make a cursor costs a third of a statement.

    There is one for each way to see rows: one that is to see others looks at its last ones again.
    """
    info = connection.info
    found: T | None = info.get(what)
    if found is None:
        found = info[what] = make()
    return found


_MESSENGER, _READY = "millrun.messenger", "millrun.ready"


def driver_of(connection: sa.Connection) -> psycopg.Connection[Any]:
    """Return the driver's own connection."""
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


def _has_rows(cursor: psycopg.Cursor[Any]) -> bool:
    return cursor.pgresult is not None and cursor.pgresult.status == ExecStatus.TUPLES_OK


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
