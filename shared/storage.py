"""One database per service, and the transaction around every change.

A SQLAlchemy session already is a unit of work, so that is what a command gets. Whatever the
aggregates in it recorded is written to the outbox in the same transaction: either both are
stored or neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol, Self, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from shared.announcing import (
    CHANNEL,
    flush,
    forget,
    hear_recorded_events,
    keep,
    kept,
    notify,
    tell,
    write_told,
)
from shared.caller import Caller
from shared.connections import engine_of
from shared.lending import Lending
from shared.prepared import Prepared
from shared.settings import ServiceSettings
from shared.sql import abandon, begin, conclude, ended, later
from shared.tables import (
    documents,
    event_log,
    inbox,
    inbox_cursors,
    inbox_waiting,
    metadata,
    outbox,
    requests,
)

__all__ = [
    "CHANNEL",
    "EVERYTHING",
    "NOTHING",
    "Database",
    "Scope",
    "aggregate_columns",
    "documents",
    "enterprise_column",
    "event_log",
    "flush",
    "forget",
    "inbox",
    "inbox_cursors",
    "inbox_waiting",
    "is_begun_again",
    "is_tried",
    "keep",
    "kept",
    "metadata",
    "outbox",
    "requests",
    "see",
    "settings_of",
    "tell",
]


@dataclass(frozen=True)
class Scope:
    """What row-level security lets a transaction see: nothing, one enterprise or everything."""

    enterprise: str = ""
    everything: bool = False

    @classmethod
    def of(cls, caller: Caller) -> Scope:
        """Return what `caller` may see: the vendor's people everything, others their enterprise."""
        return EVERYTHING if caller.is_staff else cls(enterprise=caller.enterprise)


NOTHING, EVERYTHING = Scope(), Scope(everything=True)


class _Session(Session):
    """A session in a transaction that is not its own: what needs no objects costs nothing here."""

    def connection(self, *_: Any, **__: Any) -> sa.Connection:
        """Return the connection the transaction is on."""
        return cast(sa.Connection, self.bind)

    def let_go(self) -> None:
        """Have whoever still holds it find nothing any more: the connection is another's soon."""
        if self.in_transaction():
            self.close()
        self.bind = None
        # What it kept knows it: as a circle all of it would stay until the collector finds it.
        self.info["kept"].clear()


event.listen(_Session, "before_flush", hear_recorded_events)


class Carrier(Protocol):
    """Carries to the bus what is told, if it leads."""

    leads: bool

    def wake(self) -> None:
        """Look at once: something was committed."""


class Database:
    """A service's own PostgreSQL database, as the role of the application."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        events: ModuleType,
        settings: ServiceSettings,
        pool_size: int = 16,
        verb: str = "",
    ) -> None:
        """`name` is the service's; `verb`, as `serve`, tells its processes apart in PostgreSQL."""
        self.name = name
        self.engine = engine_of(url, f"{name}-{verb}" if verb else name, pool_size)
        self._carriers: list[Carrier] = []
        self.connections = Lending(self.engine)
        self._info = {"name": name, "events": events, "settings": settings}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(
        self,
        scope: Scope,
        *,
        actor: str = "",
        trace: str = "",
        read_only: bool = False,
        planned_once: bool | None = None,
    ) -> Iterator[Session]:
        """Commit what the block did and announce it, or nothing of it.

        `actor` and `trace` say in the events told who caused them and in which request.
        `planned_once` has PostgreSQL plan a statement once for all parameters, which it does for
        changes: to plan one anew costs it more than to run it. Lists are planned for what is asked.
        """
        connection = self.connections.borrow()
        try:
            tx = _Session(bind=connection, info=self._info, expire_on_commit=False)
            tx.info |= {"told": [], "kept": {}, "actor": actor, "trace": trace, "scope": scope}
            tx.info["again"] = False
            once = not read_only if planned_once is None else planned_once
            plans = "force_generic_plan" if once else "auto"
            begin(connection, "read only" if read_only else "", *_seeing(tx, scope), plans)
            try:
                yield tx
                told = write_told(tx)
                if told and not any(each.leads for each in self._carriers):
                    notify(tx)
                conclude(connection)
            except BaseException:
                abandon(connection)
                raise
            finally:
                ended(connection)
                tx.let_go()
        finally:
            self.connections.give_back(connection)
        if told:
            for each in self._carriers:
                each.wake()

    def carried_by(self, carrier: Carrier) -> None:
        """Wake `carrier` after each commit that told an event.

        As long as it does not lead, nor any other here, whoever leads in another process is
        notified.
        """
        self._carriers.append(carrier)

    def ping(self) -> bool:
        """Whether the database answers."""
        try:
            return self.answers()
        except sa.exc.SQLAlchemyError:
            return False

    def answers(self) -> bool:
        """Return True once the database answered; raises what says why it does not."""
        with self.connections.lend() as connection:
            connection.exec_driver_sql("select 1")
        return True

    def close(self) -> None:
        """Close all connections."""
        self.connections.close()


def see(tx: Session, scope: Scope) -> None:
    """From now on let `tx` see `scope`: said with the next statement, if it does not already."""
    if tx.info["scope"] != scope:
        flush(tx)
        later(tx, _SEE, _seeing(tx, scope))
        tx.info["scope"] = scope


_SEE = Prepared(
    "select set_config('app.enterprise', %s, true), set_config('role', %s, true)", "text", "text"
)


def _seeing(tx: Session, scope: Scope) -> tuple[str, str]:
    """Return the enterprise and the role under which PostgreSQL shows `scope`."""
    # To leave the role of the staff is a change of role as well, so the role is always named.
    return scope.enterprise, f"{tx.info['name']}_staff" if scope.everything else "none"


def settings_of(tx: Session) -> ServiceSettings:
    """Return what the service was launched with."""
    return cast(ServiceSettings, tx.info["settings"])


def is_begun_again(tx: Session) -> bool:
    """Whether the same was tried just now, and failed of what it met at the database.

    So what seldom fails can be left to the database, in the message that commits; who begins again
    looks for itself, and can say what is wrong.
    """
    return cast(bool, tx.info["again"])


def is_tried(tx: Session) -> bool:
    """Whether nothing of it stays: it is only tried, and takes none of what a rollback gives back
    to nobody, such as the next number of a sequence.
    """
    return cast(bool, tx.info.get("tried", False))


def enterprise_column() -> sa.Column[str]:
    """Return the column that says whose a row is; empty for what belongs to the vendor."""
    return sa.Column("enterprise", sa.Text, nullable=False)


def aggregate_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns every aggregate has: whose it is, its changes and its events counted."""
    return (
        enterprise_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False, default=0),
    )
