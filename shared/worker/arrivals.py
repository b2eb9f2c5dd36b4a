"""The entrypoint through which events reach a nameko service.

nameko's own consumer acknowledges what failed and what it cannot read, spins on requeued messages
and closes the connection under running handlers; this one does none of that (reliability §1).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import kombu
import structlog
from eventlet import Timeout, sleep
from eventlet.event import Event
from kombu.mixins import ConsumerMixin
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared.events import Envelope
from shared.rabbit import Post
from shared.reactions import Reactions
from shared.topology import declare
from shared.worker.lane import Lane

PREFETCH = 200
"""Letters of a queue on their way or in hand; two batches if there is an event in each."""

HEARTBEAT = 20
GRACE = 8.0
"""Seconds to finish what is in hand when told to stop; the broker keeps the rest."""

log = structlog.get_logger()
logging.getLogger("kombu.mixins").setLevel(logging.ERROR)  # says the same, with a trace
logging.getLogger("nameko.containers").setLevel(logging.ERROR)  # warns of every stop


class Arrivals(Entrypoint, ConsumerMixin):
    """Consumes every queue of a consumer over one connection, each on a channel of its own."""

    def __init__(self, url: str, consumer: str, reactions: Reactions, **kwargs: Any) -> None:
        """Consume, for `consumer`, what there are `reactions` to."""
        super().__init__(**kwargs)
        self.connection = kombu.Connection(url, heartbeat=HEARTBEAT, connect_timeout=5)
        self._post = Post(url)
        self._consumer = consumer
        self.lanes = [
            Lane(consumer, source, self._post, self._receive, matters=reactions.urgent)
            for source in sorted(reactions.sources)
        ]
        self._consuming: list[kombu.Consumer] = []
        self._leaving = False

    @property
    def is_consuming(self) -> bool:
        """Whether events arrive: its queues are declared, and it is connected to them."""
        return bool(self._consuming) or not self.lanes

    @property
    def is_stuck(self) -> bool:
        """Whether events are not consumed for a reason that will not pass by itself."""
        return any(lane.is_stuck for lane in self.lanes)

    # What nameko calls.

    def start(self) -> None:
        """Consume, and connect again whenever the connection is lost."""
        self._reader = self.container.spawn_managed_thread(self._read)
        for lane in self.lanes:
            self.container.spawn_managed_thread(lane.run)

    def stop(self) -> None:
        """Take nothing new, finish what is in hand, then let go of the connection."""
        self._leaving = True
        for lane in self.lanes:
            lane.stopping = True
        with Timeout(GRACE, False):
            while self._consuming or not all(lane.is_idle for lane in self.lanes):
                sleep(0.01)
        self.kill()
        with Timeout(1, False):
            self._reader.wait()

    def kill(self) -> None:
        """Let go of everything; what is in hand is delivered again."""
        self.should_stop = True
        self._post.close()

    # What kombu calls.

    def get_consumers(self, _: Any, channel: Any) -> list[kombu.Consumer]:
        """Declare the queues and consume them; called after every connection."""
        declare(channel, self._consumer, [lane.source for lane in self.lanes])
        self._consuming = [self._consume(lane, channel.connection) for lane in self.lanes]
        log.info("broker connected", queues=[lane.queue for lane in self.lanes])
        return self._consuming

    def consume(self, *args: Any, **kwargs: Any) -> Iterator[None]:
        """Consume until the connection is lost, and say why: also if the broker lets nobody in."""
        try:
            yield from super().consume(*args, **kwargs)
        except (*self.connection_errors, *self.channel_errors) as error:
            if not self.should_stop:
                log.warning("broker lost", broker=self.connection.as_uri(), error=str(error))
            raise

    def on_iteration(self) -> None:
        """Cancel the consumers when told to stop: only the reading thread may."""
        if self._leaving:
            for consumer in self._consuming:
                consumer.cancel()
            self._consuming = []

    def on_connection_error(self, error: Exception, interval: float) -> None:
        """Say that the broker cannot be reached."""
        broker = self.connection.as_uri()  # without its password
        log.warning("broker away", broker=broker, error=str(error), next_try_in=round(interval, 1))

    @contextmanager
    def establish_connection(self) -> Iterator[kombu.Connection]:
        """Connect, trying again soon: kombu's own intervals grow to half a minute."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.2, interval_step=0.3, interval_max=2
            )
            try:
                yield connection
            finally:
                self._consuming = []

    def _consume(self, lane: Lane, connection: Any) -> kombu.Consumer:
        lane.forget()
        channel = connection.channel()
        channel.basic_qos(0, PREFETCH, False)
        queue = kombu.Queue(lane.queue, channel=channel, no_declare=True)
        return kombu.Consumer(channel, [queue], on_message=lane.put, auto_declare=False)

    def _read(self) -> None:
        self.run(safety_interval=0.25)

    def _receive(self, envelopes: list[Envelope]) -> Exception | None:
        """Run the service's method in a worker of nameko; answer what it answers."""
        done = Event()

        def finished(_: Any, answer: Any, failed: Any) -> tuple[Any, Any]:
            done.send(failed[1] if failed else answer)
            return answer, failed

        try:
            self.container.spawn_worker(self, (envelopes,), {}, handle_result=finished)
        except ContainerBeingKilled as error:
            return cast(Exception, error)
        return cast(Exception | None, done.wait())


arrivals = Arrivals.decorator
