"""How much a service still has to tell and to hear, read from its database when it is scraped."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared import dead_letters, outbox
from shared.metrics import registry
from shared.storage import EVERYTHING, Database


class _Backlog(Collector):
    """One collector for all services of the process, so that each metric appears once."""

    def __init__(self) -> None:
        self.watched: dict[str, Database] = {}
        self._lock = threading.Lock()

    def describe(self) -> list[Metric]:
        """Say nothing in advance: no database is asked before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = _gauge("millrun_database_up", "Whether the database answers.")
        size = _gauge("millrun_outbox_size", "Events told but not yet taken over by the bus.")
        age = _gauge("millrun_outbox_age_seconds", "How long the oldest of them has waited.")
        waiting = _gauge("millrun_inbox_waiting", "Events heard that wait for their turn.")
        dead = _gauge("millrun_inbox_dead", "Events heard that somebody has to look at.")
        with self._lock:
            for service, database in self.watched.items():
                counted = _count(database)
                up.add_metric([service], counted is not None)
                if counted is not None:
                    for gauge, value in zip((size, age, waiting, dead), counted, strict=True):
                        gauge.add_metric([service], value)
        yield from (up, size, age, waiting, dead)


_backlog = _Backlog()
registry.register(_backlog)


@contextmanager
def watched(service: str, database: Database) -> Iterator[None]:
    """Show the backlog of `service` on this process's metrics page for a block."""
    _backlog.watched[service] = database
    try:
        yield
    finally:
        _backlog.watched.pop(service, None)


def _gauge(name: str, documentation: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, labels=["service"])


def _count(database: Database) -> tuple[float, float, float, float] | None:
    """Return the size and age of the outbox, and how much heard waits and is dead."""
    try:
        told = outbox.backlog(database)
        with database.transaction(EVERYTHING, read_only=True) as tx:
            heard = dead_letters.counts(tx)
        return told.events, told.seconds, heard["PARKED"] + heard["FAILED"], heard["DEAD"]
    except sa.exc.SQLAlchemyError:
        return None
