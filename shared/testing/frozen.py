"""A process that stands still, as one does that swaps, or hangs: alive, and answering nobody."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

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


@contextmanager
def standing_still(superuser: psycopg.Connection) -> Iterator[None]:
    """Have PostgreSQL stand still for a block: whoever is connected to `superuser`'s database hears
    nothing, and nobody new is let in.
    """
    with ExitStack() as stack:
        for (pid,) in superuser.execute(_PROCESSES).fetchall():
            stack.enter_context(frozen(pid))
        yield


_PROCESSES = """
    select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int
    union all
    select pid from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid()
"""


def _states(pid: int) -> set[str]:
    """Return in which states its threads are."""
    # The name before it, in brackets, may hold anything.
    said = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/stat")]
    return {each.rpartition(")")[2].split()[0] for each in said}
