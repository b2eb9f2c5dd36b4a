"""The bus within one process: what the relay publishes goes straight into the inboxes.

It keeps nothing. An event is carried once every inbox that hears it has stored what came of it;
until then it stays in the outbox, exactly as with a broker that does not confirm.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from shared.bus import NotCarried, Unheard
from shared.events import Envelope

THREADS = 16
"""Inboxes that can be handed something at once; each source's relay waits for its own."""


class Receiver(Protocol):
    """The side of an inbox that a bus sees."""

    def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Return once each envelope is applied, parked or recorded as failed; else raise."""


class LocalBus:
    """Hands events to the inboxes of this process, to all of them at the same time."""

    def __init__(self) -> None:
        self._inboxes: list[tuple[Receiver, frozenset[str]]] = []
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="local-bus")

    def subscribe(self, inbox: Receiver, sources: frozenset[str]) -> None:
        """Let `inbox` hear every event of the services named in `sources`."""
        self._inboxes.append((inbox, sources))

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Hand `envelopes` over in order; raises NotCarried if an inbox could not store them."""
        unheard = {each.source for each in envelopes} - self._heard
        if unheard:
            raise Unheard(f"nobody hears events of {', '.join(sorted(unheard))}")
        under_way = [
            self._threads.submit(inbox.receive, heard)
            for inbox, sources in self._inboxes
            if (heard := [each for each in envelopes if each.source in sources])
        ]
        _wait_for(under_way)

    def close(self) -> None:
        """Wait for what is being handed over and stop the threads; nothing can follow."""
        self._threads.shutdown()

    @property
    def _heard(self) -> frozenset[str]:
        return frozenset().union(*(sources for _, sources in self._inboxes))


def _wait_for(handed: list[Future[None]]) -> None:
    """Wait for all, even if one fails: nothing may be offered again beside what is under way."""
    failures = [error for each in handed if (error := each.exception())]
    if failures:
        raise NotCarried(f"an inbox could not store them: {failures[0]}") from failures[0]
