"""Connections to PostgreSQL: how they are opened, kept healthy and known to be lost."""

import time
import traceback
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm.exc import StaleDataError

from shared.driver import prepare_anew
from shared.sql import open_now

IDLE_BEFORE_CHECK = 1.0
"""Seconds a connection may rest before it is asked whether it still lives: a busy one never is."""

LIFETIME = 300
"""Seconds a connection lives: a plan made while a table was empty must not outlive its growth."""

CONNECT_LIMIT = 5
"""Seconds PostgreSQL may take to accept a connection."""

STATEMENT_LIMIT, IDLE_LIMIT = 15_000, 30_000
"""Milliseconds a statement may run, and a transaction may wait for its own process."""


def engine_of(url: str, name: str, pool_size: int) -> sa.Engine:
    """Return a pool of connections to `url`; `name` is what operators see in pg_stat_activity."""
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=LIFETIME,
        pool_use_lifo=True,
        # The driver begins nothing by itself: `shared.storage` begins with what it has to say then.
        isolation_level="AUTOCOMMIT",
        # An error that is logged must not show what was stored.
        hide_parameters=True,
        connect_args={
            "application_name": f"millrun-{name}",
            "connect_timeout": CONNECT_LIMIT,
            "options": " ".join(
                [
                    "-c timezone=UTC",
                    f"-c statement_timeout={STATEMENT_LIMIT}",
                    f"-c idle_in_transaction_session_timeout={IDLE_LIMIT}",
                ]
            ),
        },
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _note_birth)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _check_after_rest)
    event.listen(engine, "do_execute", _plan_anew)
    event.listen(engine, "before_cursor_execute", open_now)
    event.listen(engine, "rollback", prepare_anew)
    return engine


def is_away(error: BaseException | None) -> bool:
    """Whether `error` says that the database cannot be reached, not that it refused something.

    One without room on its disk, or without memory (class 53), is as good as away: it comes back.
    """
    if isinstance(error, sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
    return state[:2] in {"08", "53"} or state in _CUT_OFF


_CUT_OFF = {"57P01", "57P02", "57P03", "57P05", "25P03"}
"""It shuts down or starts, or waited too long for us: it, or all of this machine, stood still."""


def is_conflict(error: BaseException | None) -> bool:
    """Whether `error` says that two changes met, and that doing this one again may well succeed."""
    if isinstance(error, StaleDataError):
        return True
    state = getattr(error.orig, "sqlstate", "") if isinstance(error, sa.exc.DBAPIError) else ""
    return state in {"40001", "40P01", "23505"}


def to_pool(connection: sa.Connection, since: float) -> None:
    """Give back to its pool a connection that has been resting `since` a monotonic moment."""
    connection.info[_RESTING] = since
    connection.close()


def is_old(connection: sa.Connection) -> bool:
    """Whether a connection should be replaced; its pool does so when it is next asked for it."""
    return bool(time.monotonic() - connection.info[_BORN] >= LIFETIME)


def _connect(dialect: sa.Dialect, _: Any, arguments: Any, settings: Any) -> Any:
    """Connect; what was not accepted in time is closed now, not when somebody looks for cycles.

    The driver leaves that to the last reference, which its own traceback holds. A database that
    hangs and goes on would find a connection of each attempt then, and have no room for others.
    """
    try:
        return dialect.connect(*arguments, **settings)
    except psycopg.Error as error:
        traceback.clear_frames(error.__traceback__)
        raise


_BORN, _RESTING = "millrun.born", "millrun.resting_since"


def _note_birth(_: Any, record: Any) -> None:
    record.info[_BORN] = time.monotonic()


def _note_rest(_: Any, record: Any) -> None:
    record.info.setdefault(_RESTING, time.monotonic())


def _plan_anew(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Run what asks for it (`plan_anew`) with a plan of its own, for what it is told this time."""
    if not context.execution_options.get("plan_anew"):
        return False
    cursor.execute(statement, parameters, prepare=False)
    return True


def _check_after_rest(connection: Any, record: Any, _: Any) -> None:
    """Find a connection dead before somebody's change does; all others are suspect then too."""
    moment = time.monotonic()
    if moment - record.info.pop(_RESTING, moment) < IDLE_BEFORE_CHECK:
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except psycopg.Error as error:
        raise sa.exc.InvalidatePoolError from error
