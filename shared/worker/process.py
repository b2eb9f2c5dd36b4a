"""The worker process of a service: its manifest run by nameko, until it is told to stop."""

import os
import signal
import sys

import eventlet
import structlog
from nameko.runners import ServiceRunner
from nameko.timer import timer

from shared import garbage, logging, metrics
from shared.connections import is_away
from shared.events import Envelope
from shared.health import Health
from shared.inbox import Inbox
from shared.service import Service
from shared.settings import ServiceSettings
from shared.storage import Database
from shared.worker.arrivals import GRACE, Arrivals, arrivals

MAX_WORKERS = 8
"""Green threads at work at once: one per source, and the retries."""

RETRY_EVERY = 1.0

SETTLED = 5.0
"""Seconds after which it is connected, if it can be."""

log = structlog.get_logger()


def run(service: Service, settings: ServiceSettings) -> None:
    """React to what `service` hears until SIGTERM or SIGINT; then finish what is in hand.

    Without a broker or a database it waits for them: `/healthz` says so then, and `/livez` that
    there is no need to start it again.
    """
    if "grpc" in sys.modules:
        raise ImportError("a worker must not import grpc: it hangs among green threads")
    logging.configure(service.name, level=settings.log_level, format=settings.log_format)
    database = Database(
        settings.database_url,
        name=service.name,
        verb="work",
        events=service.events,
        settings=settings,
        pool_size=MAX_WORKERS + 1,  # one says whether the database is there
    )
    with database:
        runner = ServiceRunner({"max_workers": MAX_WORKERS})
        runner.add_service(_reactor(service, settings, database))
        _stop_on_signal(runner)
        health = _health(runner, database)
        with metrics.exposed(settings.metrics_address, health):
            runner.start()
            # Says in the log what is away, should nobody ask; at once it would be the broker.
            eventlet.spawn_after(SETTLED, health.away)
            garbage.settle()
            log.info("worker consumes", sources=sorted(service.reactions.sources))
            runner.wait()
    log.info("worker stopped")


def _reactor(service: Service, settings: ServiceSettings, database: Database) -> type:
    """Return the nameko service class of `service`."""
    inbox = Inbox(database, service.reactions, service.name)

    class Reactor:
        name = service.name

        @arrivals(settings.amqp_url, service.name, service.reactions)
        def react(self, envelopes: list[Envelope]) -> Exception | None:
            """Answer rather than raise: nameko would log a trace for each try of each batch."""
            try:
                inbox.receive(envelopes)
            except Exception as error:
                return error
            return None

        @timer(interval=RETRY_EVERY)
        def retry(self) -> None:
            try:
                inbox.retry_due()
            except Exception as error:
                if not is_away(error):
                    raise

    return Reactor


def _stop_on_signal(runner: ServiceRunner) -> None:
    def stop(*_: object) -> None:
        # A stop that hangs must not keep the process: all it holds can be delivered again.
        eventlet.spawn_after(GRACE + 4, os._exit, 1)
        eventlet.spawn_n(runner.stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _health(runner: ServiceRunner, database: Database) -> Health:
    def arrivals() -> list[Arrivals]:
        found = [each for container in runner.containers for each in container.entrypoints]
        return [each for each in found if isinstance(each, Arrivals)]

    def goes_on() -> bool:
        return not any(each.is_stuck for each in arrivals())

    needs = {
        "database": database.answers,
        "broker": lambda: all(each.is_consuming for each in arrivals()),
        "inbox": goes_on,
    }
    return Health(needs, alive=goes_on)
