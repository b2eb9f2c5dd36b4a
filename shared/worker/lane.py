"""The events of one source, in the order they came: taken in batches, acknowledged once stored."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain, repeat
from typing import Any, NamedTuple

import structlog
from amqp.exceptions import AMQPError
from eventlet import sleep
from eventlet.queue import Empty, LightQueue
from prometheus_client import Counter, Gauge, Histogram

from shared import metrics
from shared.bus import NotCarried
from shared.clock import now
from shared.connections import is_away
from shared.events import Envelope, routing_key
from shared.letters import Letter, Opened, buried, label, unpack
from shared.rabbit import Post
from shared.topology import queue

BATCH = 100
"""Events after which no further letter is taken before they are stored, in one transaction."""

REST = 0.25
"""Seconds events that nothing is done about, or nothing urgent, may wait for company.

Most do no more than move a cursor, which costs a transaction a batch: a service hears whole
aggregates, and cares about little of it. One that is urgent ends the wait.
"""

PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between attempts while the database is away; the last one repeats."""

STUCK_AFTER = 60.0
"""Seconds of failing for no known reason after which a restart is worth a try."""

_stored = Histogram(
    "millrun_event_seconds",
    "From an event being told until what came of it is stored.",
    ["service", "source"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
    registry=metrics.registry,
)
_buried = Counter(
    "millrun_events_buried",
    "Messages nobody could read.",
    ["service", "source"],
    registry=metrics.registry,
)
_paused = Gauge(
    "millrun_consumption_paused",
    "Whether a queue waits: the database is away, or the inbox fails.",
    ["service", "source"],
    registry=metrics.registry,
)

log = structlog.get_logger()

Receive = Callable[[list[Envelope]], Exception | None]
"""Hands envelopes to the inbox; answers what kept them from being stored, if anything did."""


class _Arrived(NamedTuple):
    """A letter, to be acknowledged once what was in it is stored, and opened only then.

    Whoever does nothing about what is in it reads many at a time, which costs each of them less.
    """

    message: Any
    has_weight: bool
    """Whether something will be done about any of it at once."""

    events: int


class Lane:
    """What one queue delivers. One batch is worked on at a time, so that order is kept."""

    def __init__(
        self,
        consumer: str,
        source: str,
        post: Post,
        receive: Receive,
        *,
        matters: Iterable[str],
    ) -> None:
        """`matters` are the types of events something is done about at once."""
        self.source = source
        self.queue = queue(consumer, source)
        self.stopping = False
        self._consumer = consumer
        self._post = post
        self._receive = receive
        self._matters = frozenset(map(routing_key, matters))
        self._waiting: LightQueue[_Arrived] = LightQueue()
        self._busy = False
        self._paused = False
        self._failing_since = float("inf")

    @property
    def is_stuck(self) -> bool:
        """Whether it has been failing for a while, and not because something is away."""
        return time.monotonic() - self._failing_since > STUCK_AFTER

    @property
    def is_idle(self) -> bool:
        """Whether everything delivered is stored and acknowledged."""
        return not self._busy and self._waiting.empty()

    def put(self, message: Any) -> None:
        """Take delivery of a letter; called in the thread that reads the connection."""
        outside = label(message)
        self._waiting.put(_Arrived(message, self._has_weight(outside.keys), outside.events))

    def forget(self) -> None:
        """Drop what was delivered over a lost connection: the broker delivers it again."""
        with suppress(Empty):
            while True:
                self._waiting.get_nowait()

    def run(self) -> None:
        """Store and acknowledge batch after batch, until the thread is killed."""
        while True:
            batch = [self._waiting.get()]
            self._busy = True
            self._gather(batch)
            if self._store(batch):
                _acknowledge(batch[-1].message)
            self._busy = False

    def _gather(self, batch: list[_Arrived]) -> None:
        """Add what has arrived too; as long as nothing of it matters, what arrives soon."""
        until = time.monotonic() + REST
        idle, count = not batch[0].has_weight, batch[0].events
        with suppress(Empty):
            while count < BATCH:
                rest = until - time.monotonic() if idle and not self.stopping else 0
                batch.append(self._waiting.get(rest > 0, max(rest, 0)))
                idle = idle and not batch[-1].has_weight
                count += batch[-1].events

    def _has_weight(self, keys: frozenset[str]) -> bool:
        """Whether something is done at once about what goes by `keys`, or they are none of ours."""
        ours = all(key.startswith(f"{self.source}.") for key in keys)
        return not ours or not keys.isdisjoint(self._matters)

    def _store(self, batch: Sequence[_Arrived]) -> bool:
        """Try until the batch is stored; False if the worker stops before it could be."""
        letters = [unpack(each.message.body, source=self.source) for each in batch]
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            error = self._try(letters)
            if error is None:
                self._resume()
                return True
            if self.stopping:
                break
            self._wait(error, pause)
        return False

    def _try(self, batch: Sequence[Opened]) -> Exception | None:
        """Bury what nobody can read, hand over the rest; answer what went wrong, if anything."""
        envelopes = [envelope for opened in batch for envelope in opened.envelopes]
        letters = [self._letter(*strange) for opened in batch for strange in opened.strange]
        try:
            self._post.send(letters)
        except NotCarried as error:
            return error
        failed = self._receive(envelopes) if envelopes else None
        if failed is None:
            self._count(envelopes, len(letters))
        return failed

    def _letter(self, body: bytes, reason: Exception) -> Letter:
        log.error("message buried", queue=self.queue, reason=str(reason))
        return buried(self._consumer, body, reason=str(reason), queue=self.queue)

    def _count(self, envelopes: Sequence[Envelope], unreadable: int) -> None:
        moment, seen = now(), _stored.labels(self._consumer, self.source)
        for each in envelopes:
            with suppress(ValueError, TypeError):  # a time nobody can read is not worth a failure
                seen.observe((moment - datetime.fromisoformat(each.time)).total_seconds())
        if unreadable:
            _buried.labels(self._consumer, self.source).inc(unreadable)

    def _wait(self, error: Exception, seconds: float) -> None:
        if is_away(error) or isinstance(error, NotCarried):
            self._failing_since = float("inf")
        else:
            self._failing_since = min(self._failing_since, time.monotonic())
            log.error("inbox failed", queue=self.queue, exc_info=error)
        if not self._paused:
            log.warning("consumption paused", queue=self.queue, reason=str(error).split("\n")[0])
        self._pause(True)
        sleep(seconds)

    def _resume(self) -> None:
        self._failing_since = float("inf")
        if self._paused:
            log.info("consumption resumed", queue=self.queue)
            self._pause(False)

    def _pause(self, yes: bool) -> None:
        self._paused = yes
        _paused.labels(self._consumer, self.source).set(yes)


def _acknowledge(last: Any) -> None:
    """Acknowledge everything up to `last`; each queue has a channel, so it speaks for no other.

    On a lost connection there is nothing to say: the broker delivers again, the inbox remembers.
    """
    with suppress(AMQPError, OSError, AttributeError):
        last.channel.basic_ack(last.delivery_tag, multiple=True)
