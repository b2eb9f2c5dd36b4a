"""Both ways an event gets from a bus into the listener's database, told apart by nothing but this.

`offer` does what the relay does: again, until the bus takes it.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import sqlalchemy as sa

from shared.bus import Bus, NotCarried
from shared.events import Envelope
from shared.inbox import Inbox
from shared.local import LocalBus
from shared.ports import free
from shared.rabbit import RabbitBus, connect, prepare
from shared.storage import Database
from shared.testing.databases import Databases
from shared.testing.listener.service import ListenerSettings, effects, heard, service
from shared.testing.listener.toy import CONSUMER, SOURCE
from shared.testing.waits import LONG, eventually
from shared.topology import dead_queue

ROOT = Path(__file__).parent.parent.parent


class Listener:
    """The listener, its database, and a bus whose events it hears once it is started."""

    bus: Bus

    def __init__(self, database: Database, settings: ListenerSettings) -> None:
        self.database, self.settings = database, settings

    @property
    def heard(self) -> list[tuple[str, int]]:
        """What it wrote down, in the order it did."""
        return heard(self.database)

    def offer(self, envelopes: Sequence[Envelope], within: float = LONG) -> None:
        """Publish `envelopes`, again and again until the bus took them."""
        until = time.monotonic() + within
        while True:
            try:
                return self.bus.publish(envelopes)
            except NotCarried:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def start(self) -> None:
        """Begin to hear."""
        raise NotImplementedError

    def stop(self) -> None:
        """Finish what is in hand and hear nothing more; fail if that does not end well."""
        raise NotImplementedError

    def will_die(self) -> None:
        """Die once, when something is stored and the bus does not know it yet."""
        raise NotImplementedError

    def revive(self) -> None:
        """Wait until it died, and start it again."""
        raise NotImplementedError


class _Died(BaseException):
    """Stands for the end of a process within a process."""


class LocalListener(Listener):
    """Hears through the bus of this process."""

    def __init__(self, database: Database, settings: ListenerSettings) -> None:
        super().__init__(database, settings)
        self.bus = self._local = LocalBus()
        self._inbox = Inbox(database, service.reactions, CONSUMER)
        self._dies = False
        self._over = Flag()
        self._retries = Thread(target=self._retry)

    def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Hand over to the inbox, as whoever the bus knows."""
        self._inbox.receive(envelopes)
        if self._dies:
            self._dies = False
            raise _Died

    def start(self) -> None:
        """Begin to hear."""
        self._local.subscribe(self, service.reactions.sources)
        self._retries.start()

    def stop(self) -> None:
        """Stop the bus, which finishes what is in hand."""
        self._over.set()
        self.bus.close()
        if self._retries.is_alive():
            self._retries.join()

    def will_die(self) -> None:
        """Lose what the inbox answers next."""
        self._dies = True

    def revive(self) -> None:
        """It is dead only as far as the bus can tell."""

    def _retry(self) -> None:
        while not self._over.wait(0.05):
            with suppress(sa.exc.SQLAlchemyError):  # the database is away, for a test
                self._inbox.retry_due()


class RabbitListener(Listener):
    """Hears through RabbitMQ, in a worker process of its own."""

    def __init__(self, database: Database, settings: ListenerSettings, url: str) -> None:
        super().__init__(database, settings)
        self.url = url
        self.bus = RabbitBus(url, patience=10)
        self.log = settings.broken.parent / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._ups_before = 0
        prepare(url, CONSUMER, [SOURCE])

    def start(self) -> None:
        """Start the process; it may take a moment until it hears."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "gen"))),
            "LISTENER_DATABASE_URL": self.settings.database_url,
            "LISTENER_METRICS_ADDRESS": self.settings.metrics_address,
            "LISTENER_DIES_ONCE": str(self.settings.dies_once),
            "LISTENER_BROKEN": str(self.settings.broken),
            "LISTENER_LOG_FORMAT": "json",
            "AMQP_URL": self.url,
        }
        command = [sys.executable, "-m", "shared.testing.listener", "work"]
        self._ups_before = self._ups
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=log, stderr=log
            )

    def stop(self) -> None:
        """Terminate the process, which must end well."""
        self.bus.close()
        if self.process is not None:
            self._is_up()
            self.process.terminate()
            code = self._ended()
            self.process = None
            assert code == 0, f"the worker ended with {code}: {self._last_words}"

    def kill(self) -> None:
        """End the process as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def will_die(self) -> None:
        """Have the process die right after its next commit."""
        self.settings.dies_once.touch()

    def revive(self) -> None:
        """Wait until the process died, and start another."""
        assert self._ended() == 9, self._last_words
        self.start()

    def _is_up(self) -> None:
        """Wait until the process started last hears signals: before, one simply ends it."""
        process = self.process
        assert process is not None
        eventually(lambda: self._ups > self._ups_before or process.poll() is not None)

    @property
    def _ups(self) -> int:
        """How often a process said that it is up; those before the last say no more."""
        return sum(each.get("event") == "worker consumes" for each in self.said)

    def _ended(self) -> int:
        """Wait until the process has ended, and return how."""
        assert self.process is not None
        try:
            return self.process.wait(LONG)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the worker goes on: {self._last_words}") from None

    @property
    def _last_words(self) -> str:
        return self.log.read_text()[-2000:]

    @property
    def said(self) -> list[dict[str, Any]]:
        """What the worker logged."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def ask(self, path: str) -> str:
        """Return what the worker answers on its metrics address."""
        url = f"http://{self.settings.metrics_address}{path}"
        try:
            with urllib.request.urlopen(url, timeout=LONG) as answer:
                text: str = answer.read().decode()
        except urllib.error.HTTPError as unwell:
            text = unwell.read().decode()
        return text

    @property
    def waits_for(self) -> list[str]:
        """What the worker says is away: nothing once it is well."""
        told = json.loads(self.ask("/healthz"))
        assert (told["status"] == "ok") == ("away" not in told)
        return list(told.get("away", []))

    def buried(self) -> list[tuple[bytes, str]]:
        """Take what is in the dead queue: bodies and reasons."""
        connection = connect(self.url)
        channel = connection.channel()
        found = []
        while message := channel.basic_get(dead_queue(CONSUMER), no_ack=True):
            reason = message.application_headers.get("x-millrun-reason", "")
            found.append((bytes(message.body), reason))
        connection.close()
        return found


def grounds(databases: Databases, folder: Path) -> tuple[Database, ListenerSettings]:
    """Return an empty database for the listener, and settings with which it starts."""
    access = databases.access(service.name, effects.metadata)
    (port,) = free(1)
    settings = ListenerSettings(
        database_url=access.app_url,
        metrics_address=f"127.0.0.1:{port}",
        dies_once=folder / "dies-once",
        broken=folder / "broken",
    )
    return databases(service, tables=effects.metadata, settings=settings), settings


def is_away(database: Database) -> bool:
    """Whether `database` cannot be reached from here either."""
    try:
        heard(database)
    except sa.exc.SQLAlchemyError:
        return True
    return False
