"""How much a service still has to tell and to hear, read from its database when it is scraped."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared import dead_letters, outbox
from shared.asking import Asking, answer_of
from shared.metrics import registry
from shared.storage import EVERYTHING, Database

PATIENCE = 2.0
"""Seconds a database may take to say: one that stands still does not hide all other figures."""

Counted = tuple[float, float, float, float]
"""The size and age of the outbox, and how much heard waits and is dead."""


class _Backlog(Collector):
    """One collector for all services of the process, so that each metric appears once."""

    def __init__(self) -> None:
        self.watched: dict[str, Asking[Counted | None]] = {}

    def describe(self) -> list[Metric]:
        """Say nothing in advance: no database is asked before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = _gauge("millrun_database_up", "Whether the database answers.")
        size = _gauge("millrun_outbox_size", "Events told but not yet taken over by the bus.")
        age = _gauge("millrun_outbox_age_seconds", "How long the oldest of them has waited.")
        waiting = _gauge("millrun_inbox_waiting", "Events heard that wait for their turn.")
        dead = _gauge("millrun_inbox_dead", "Events heard that somebody has to look at.")
        until = time.monotonic() + PATIENCE
        looks = {service: look.begin() for service, look in self.watched.copy().items()}
        for service, look in looks.items():
            counted = answer_of(look, until)
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
    _backlog.watched[service] = Asking(lambda: _count(database), "backlog")
    try:
        yield
    finally:
        _backlog.watched.pop(service, None)


def _gauge(name: str, documentation: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, labels=["service"])


def _count(database: Database) -> Counted | None:
    """Return what a database holds; None if it is away."""
    try:
        told = outbox.backlog(database)
        with database.transaction(EVERYTHING, read_only=True) as tx:
            heard = dead_letters.counts(tx)
        return told.events, told.seconds, heard["PARKED"] + heard["FAILED"], heard["DEAD"]
    except sa.exc.SQLAlchemyError:
        return None
