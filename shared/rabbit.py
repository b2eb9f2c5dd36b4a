"""The bus between processes: RabbitMQ.

A batch is written whole on a bare channel, then its confirms are awaited (performance 4). Whatever
goes wrong, the socket is dropped and the whole batch counts as not carried: an inbox knows what it
has seen. Works in threads and in green threads alike.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

import kombu
from amqp import Channel, Message, spec
from amqp.exceptions import AMQPError

from shared.bus import NotCarried, Unheard
from shared.events import Envelope
from shared.letters import Letter, pack
from shared.topology import declare, declare_exchange

PATIENCE = 5.0
"""Seconds the broker may take to connect, or to confirm a window."""

WINDOW = 100
"""Letters on their way without a confirm; more would only fill buffers on both sides."""

MANDATORY = True
"""The broker returns what no queue wants instead of dropping it."""

_LOST = (AMQPError, OSError, AttributeError)  # py-amqp meets a lost socket with any of the three


class Post:
    """One connection that hands letters to the broker and waits until it has them all."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._url = url
        self._patience = patience
        self._lock = threading.Lock()
        self._channel: Channel | None = None
        self._sent = 0
        self._unconfirmed: set[int] = set()
        self._refused = ""

    def send(self, letters: Sequence[Letter]) -> None:
        """Return once all `letters` are confirmed; raises NotCarried if any may be lost."""
        with self._lock:
            try:
                for start in range(0, len(letters), WINDOW):
                    self._send(letters[start : start + WINDOW])
            except NotCarried:
                self._drop()
                raise
            except _LOST as error:
                self._drop()
                broker = kombu.Connection(self._url).as_uri()  # without its password
                raise NotCarried(f"{broker} does not answer: {error!r}") from error

    def close(self) -> None:
        """Close the connection; the next letter opens a new one."""
        with self._lock, suppress(*_LOST):
            if self._channel is not None:
                self._channel.connection.close()
            self._channel = None

    def _send(self, letters: Sequence[Letter]) -> None:
        channel = self._channel or self._open()
        for exchange, key, message in letters:
            self._sent += 1
            self._unconfirmed.add(self._sent)
            # basic_publish would poll the socket before every single message.
            arguments = (0, exchange, key, MANDATORY, False)
            channel.send_method(spec.Basic.Publish, "Bssbb", arguments, message)
        until = monotonic() + self._patience
        while self._unconfirmed and not self._refused:
            channel.connection.drain_events(timeout=max(0.001, until - monotonic()))
        if self._refused:
            raise Unheard(self._refused)

    def _open(self) -> Channel:
        channel = connect(self._url, patience=self._patience).channel()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._confirmed)
        channel.events["basic_nack"].add(self._not_taken)
        channel.events["basic_return"].add(self._returned)
        declare_exchange(channel)
        self._channel, self._sent, self._unconfirmed, self._refused = channel, 0, set(), ""
        return channel

    def _confirmed(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._unconfirmed = {each for each in self._unconfirmed if each > tag}
        else:
            self._unconfirmed.discard(tag)

    def _not_taken(self, *_: object) -> None:
        raise NotCarried(
            "the broker refused it: a queue is full, as whoever reads it stands still, or has no"
            " majority (rabbitmqctl list_queues name messages)"
        )

    def _returned(self, error: Exception, _exchange: str, key: str, _message: Message) -> None:
        self._refused = f"no queue hears {key}"

    def _drop(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            with suppress(*_LOST):
                channel.connection.collect()


class RabbitBus:
    """Publishes events to RabbitMQ; they are in a majority of a queue's replicas on return."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._post = Post(url, patience=patience)

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Hand `envelopes` over in order; raises NotCarried, or Unheard if no queue wants one."""
        self._post.send(pack(envelopes))

    def close(self) -> None:
        """Close the connection; the next batch opens a new one."""
        self._post.close()


def prepare(url: str, consumer: str, sources: Iterable[str]) -> None:
    """Let `consumer` hear `sources` from now on, before anything it must not miss is published."""
    connection = connect(url)
    try:
        declare(connection.channel(), consumer, sources)
    finally:
        connection.close()


def connect(url: str, *, patience: float = PATIENCE) -> Any:
    """Open a bare connection to the broker at `url`; raises what the network raises."""
    limits = {"read_timeout": patience, "write_timeout": patience}
    # No heartbeat: nobody tends this connection while it idles; a dead one shows at the next use.
    target = kombu.Connection(url, connect_timeout=patience, heartbeat=0, transport_options=limits)
    return target.transport.establish_connection()
