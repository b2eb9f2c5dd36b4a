"""Whether a process can do its work and, if not, what it waits for: said soon whatever hangs.

What it waits for comes back by itself, or somebody brings it back: no restart does. So being ready
and being alive are two things, and only one that is not alive has to be started again.
"""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future

import structlog

from shared.asking import Asking, answer_of

PATIENCE = 1.0
"""Seconds something may take to say that it is there; whoever asks a process waits longer."""

log = structlog.get_logger()


class Health:
    """What a process needs, asked for each time somebody wants to know."""

    def __init__(
        self, needs: Mapping[str, Callable[[], bool]], *, alive: Callable[[], bool] = lambda: True
    ) -> None:
        """`needs` say by name whether each is there, or raise what says why it is not.

        `alive` must not wait for anything.
        """
        self.alive = alive
        self._needs = {name: Asking(ask, f"health.{name}") for name, ask in needs.items()}
        self._lock = threading.Lock()
        self._missed: list[str] = []

    def away(self) -> list[str]:
        """Return what does not answer now, or not within PATIENCE; empty if it can work."""
        until = time.monotonic() + PATIENCE
        asked = {name: need.begin() for name, need in self._needs.items()}
        missed = {name: why for name, future in asked.items() if (why := _missing(future, until))}
        self._note(missed)
        return list(missed)

    def _note(self, missed: dict[str, str]) -> None:
        with self._lock:
            before, self._missed = self._missed, list(missed)
        if missed and list(missed) != before:
            log.warning("not ready", away=list(missed), why="; ".join(missed.values()))
        elif before and not missed:
            log.info("ready again")


def _missing(asked: "Future[bool]", until: float) -> str:
    """Return why something is not there; empty if it is."""
    try:
        there = answer_of(asked, until)
    except Exception as error:
        return str(error).partition("\n")[0] or type(error).__name__
    if there is None:
        return f"no answer in {PATIENCE:g} s"
    return "" if there else "it is not there"
