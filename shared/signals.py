"""How a process waits to be told to stop.

Python runs a signal's handler in the main thread only, and only between two of its steps. A main
thread that is about to block, on a lock or a queue, is not woken by a signal that came a moment
before, nor by one the kernel gave to another thread: it would wait for ever. What does arrive is
the byte Python writes from inside the signal itself, so that is what is waited for.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def _nothing(number: int, frame: FrameType | None) -> None:
    """Whoever waits is told all the same."""


@contextmanager
def hearing(
    *numbers: signal.Signals, then: Callable[[int, FrameType | None], None] = _nothing
) -> Iterator[Callable[[], signal.Signals]]:
    """Lend a function that waits until one of `numbers` came, at any time since the block began.

    `then` is what Python's handler of them does. For the main thread only, as all of signals is.
    """
    ear, mouth = socket.socketpair()
    with ear, mouth:
        mouth.setblocking(False)

        def told() -> signal.Signals:
            while (number := ear.recv(1)[0]) not in numbers:
                pass
            return signal.Signals(number)

        fd = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, then) for number in numbers}
        try:
            yield told
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(fd)
