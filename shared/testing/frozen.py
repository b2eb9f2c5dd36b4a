"""A process that stands still, as one does that swaps, or hangs: alive, and answering nobody."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.testing.waits import eventually

STOPPED = "T"
"""How /proc calls a thread that was stopped."""


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Have a process stand still for a block.

    It begins once each of its threads does: the signal alone is only on its way, and a thread on
    another core may still answer.
    """
    os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: _states(pid) == {STOPPED})
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _states(pid: int) -> set[str]:
    """Return in which states its threads are."""
    # The name before it, in brackets, may hold anything.
    said = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/stat")]
    return {each.rpartition(")")[2].split()[0] for each in said}
