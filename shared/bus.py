"""What carries events from one service's outbox to the inboxes of the others.

There are two buses, and one conformance suite that both pass: `shared.local` within a process,
`shared.rabbit` between processes.
"""

from collections.abc import Sequence
from typing import Protocol

from shared.events import Envelope


class NotCarried(Exception):
    """The bus did not take the events; they stay in the outbox and are offered again."""


class Unheard(NotCarried):
    """Nobody hears events of this kind yet; losing them silently would be worse than waiting."""


class Bus(Protocol):
    """Carries events at least once, and those of one aggregate in the order they are offered."""

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Hand over `envelopes`, in order; return once the bus is responsible for all of them.

        Raises NotCarried when any of them may be lost; offering all of them again is safe.
        """

    def close(self) -> None:
        """Let go of what the bus holds; it may be used again and then connects anew."""
