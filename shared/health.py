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
        """`needs` say by name whether each is there; `alive` must not wait for anything."""
        self.alive = alive
        self._needs = {name: Asking(ask, f"health.{name}") for name, ask in needs.items()}
        self._lock = threading.Lock()
        self._missed: list[str] = []

    def away(self) -> list[str]:
        """Return what does not answer now, or not within PATIENCE; empty if it can work."""
        until = time.monotonic() + PATIENCE
        asked = {name: need.begin() for name, need in self._needs.items()}
        away = [name for name, future in asked.items() if not _is_there(future, until)]
        self._note(away)
        return away

    def _note(self, away: list[str]) -> None:
        with self._lock:
            before, self._missed = self._missed, away
        if away and away != before:
            log.warning("not ready", away=away)
        elif before and not away:
            log.info("ready again")


def _is_there(asked: "Future[bool]", until: float) -> bool:
    try:
        there = answer_of(asked, until)
        return bool(there)
    except Exception:
        log.exception("health not found out")
        return False
