"""From the outbox to the bus: in order, nothing lost, whoever fails.

Plain threads in the serve process. Of all processes of a service one leads, and only it carries.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from shared.bell import Bell
from shared.bus import NotCarried
from shared.connections import is_away
from shared.driver import driver_of
from shared.events import Envelope
from shared.sql import run
from shared.storage import CHANNEL, EVERYTHING, Database, event_log, outbox

if TYPE_CHECKING:
    from shared.bus import Bus

log = structlog.get_logger()

LEADER = 0x6F757462
"""The advisory lock of the one relay that carries; each service has a database of its own."""

BATCH = 200
"""Events published before their confirmation is awaited."""

POLL = 1.0
"""Seconds until it looks by itself; whoever commits wakes it, here or in another process."""

GATHER = 0.03
"""Seconds it rests after a batch, for what is committed meanwhile to go in one: under load most of
what an event costs, here and wherever it is heard, is paid once a batch. A lone event never waits.
"""

SUCCESSION = 0.5
"""Seconds between two attempts to become the leader."""

_OLDEST = "select position, body from outbox order by position limit %s"
_MOVE = """
    with gone as (delete from outbox where position = any(%s) returning *)
    insert into event_log (event_id, enterprise, aggregate, sequence, type, body, created_at)
    select event_id, enterprise, aggregate, sequence, type, body, created_at
    from gone order by gone.position
"""


class Relay:
    """Carries the oldest events of the outbox to the bus and keeps them in the event log.

    An event is deleted only after the bus took it over, in the transaction that logs it; a crash
    between the two sends it again, and inboxes know it. There is no cursor: an event committed
    late, below others already sent, is simply the oldest then.
    """

    def __init__(
        self, database: Database, bus: Bus, *, poll: float = POLL, gather: float = GATHER
    ) -> None:
        self._database, self._bus, self._poll, self._gather = database, bus, poll, gather
        self._bell, self._over = Bell(), threading.Event()
        self.leads = False
        self._thread = threading.Thread(
            target=self._run, name=f"{database.name}-relay", daemon=True
        )
        database.carried_by(self)

    def start(self) -> None:
        """Begin to carry, as soon as no other process does."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way and leave the rest to whoever leads next."""
        self._over.set()
        self.wake()
        self._thread.join()
        self._bell.close()

    def wake(self) -> None:
        """Look at once: something was committed."""
        self._bell.ring()

    def _run(self) -> None:
        failures = 0
        while not self._over.is_set():
            try:
                with self._leading() as connection:
                    while not self._over.is_set():
                        self._carry(connection)
                        failures = 0
            except Exception as error:
                # Whatever it was, the events are still there; begin again, on new connections.
                self._say(error)
                self._over.wait(pause(failures))
                failures = min(failures + 1, 10)

    def _say(self, error: Exception) -> None:
        """Write down why it is interrupted: in a line if that passes by itself, else all of it."""
        away = is_away(error) or isinstance(error, NotCarried)
        cause = f"{type(error).__name__}: {error}".partition("\n")[0]
        log.warning(
            "relay interrupted", service=self._database.name, cause=cause, exc_info=not away
        )

    @contextmanager
    def _leading(self) -> Iterator[sa.Connection]:
        """Yield a connection that leads: its end, however it comes, is the end of the lead."""
        with self._database.connections.lend() as lent, closing(lent) as connection:
            connection.detach()
            become = "select set_config('role', %s, false)"
            connection.exec_driver_sql(become, (f"{self._database.name}_staff",))
            claim = sa.select(sa.func.pg_try_advisory_lock(LEADER))
            while not connection.scalar(claim):
                if self._over.wait(SUCCESSION):
                    break
            run(connection, f"listen {CHANNEL}")
            self.leads = True
            try:
                yield connection
            finally:
                self.leads = False

    def _carry(self, connection: sa.Connection) -> None:
        self._bell.silence()
        rows = run(connection, _OLDEST, (BATCH,))
        if rows:
            self._bus.publish([Envelope.from_dict(body) for _, body in rows])
            run(connection, _MOVE, ([position for position, _ in rows],))
        if 0 < len(rows) < BATCH:
            self._over.wait(self._gather)
        if len(rows) < BATCH and not _notified(connection):
            self._bell.wait(self._poll, beside=driver_of(connection).fileno())
            _notified(connection)


def _notified(connection: sa.Connection) -> bool:
    """Whether another process has committed something since this was last asked."""
    return bool(list(driver_of(connection).notifies(timeout=0)))


def pause(failures: int) -> float:
    """Return how many seconds to wait after so many failures: longer each time, never in step."""
    return min(5, 0.1 * 2.0**failures) * random.uniform(0.5, 1)  # noqa: S311 (no secret)


@dataclass(frozen=True)
class Backlog:
    """What the bus has not taken over yet."""

    events: int
    seconds: float
    """How long the oldest has waited."""


def backlog(database: Database) -> Backlog:
    """Return what waits in the outbox of `database`."""
    age = sa.func.extract("epoch", sa.func.now() - sa.func.min(outbox.c.created_at))
    with database.transaction(EVERYTHING, read_only=True) as tx:
        events, seconds = tx.execute(sa.select(sa.func.count(), sa.func.coalesce(age, 0))).one()
    return Backlog(events, float(seconds))


def replay(database: Database, bus: Bus, *, after: int = 0, enterprise: str = "") -> int:
    """Publish again what was told after position `after` of the event log; return how much.

    For a consumer that joined late or lost its queue: those that know an event ignore it.
    """
    count = 0
    oldest = sa.select(event_log.c.position, event_log.c.body).order_by(event_log.c.position)
    if enterprise:
        oldest = oldest.where(event_log.c.enterprise == enterprise)
    while True:
        with database.transaction(EVERYTHING, read_only=True) as tx:
            rows = tx.execute(oldest.where(event_log.c.position > after).limit(BATCH)).all()
        if not rows:
            return count
        bus.publish([Envelope.from_dict(row.body) for row in rows])
        after, count = rows[-1].position, count + len(rows)
