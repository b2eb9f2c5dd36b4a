"""Keeps the servers below the services running: PostgreSQL, and the broker where there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from deploy.local.pids import alive
from deploy.local.progress import Progress
from deploy.local.state import State

EVERY = 0.2
"""Seconds between two looks."""

LONGEST_PAUSE = 10.0


class Keeper:
    """Starts one server again when it died, unless it is held; stops it at the end.

    `start` returns its process id and must work on what a crash left; `stop` ends it.
    """

    def __init__(
        self,
        name: str,
        state: State,
        progress: Progress,
        *,
        start: Callable[[], int],
        stop: Callable[[], None],
    ) -> None:
        self.name = name
        self._state = state
        self._progress = progress
        self._start, self._stop = start, stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)

    def __enter__(self) -> Keeper:
        self._state.hold_file(self.name).unlink(missing_ok=True)
        self._note(self._start())
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        try:
            self._stop()
        except Exception as failed:  # what went wrong first is what helps
            if error is None:
                raise
            self._progress.say(f"{self.name} does not stop: {failed}")
        self._state.pid_file(self.name).unlink(missing_ok=True)

    def _keep(self) -> None:
        while not self._over.wait(EVERY):
            if alive(self._pid) or self._state.hold_file(self.name).exists():
                continue
            self._progress.say(f"{self.name} ended; starting it again")
            self._start_again()

    def _start_again(self) -> None:
        pause = EVERY
        while not self._over.is_set():
            try:
                pid = self._start()
                if alive(pid):
                    self._note(pid)
                    return
                # What died was not collected yet, and was taken for one that runs.
                self._over.wait(EVERY)
            except Exception as error:  # whatever it is, without this server nothing else works
                self._progress.say(f"{self.name} does not start, trying again: {error}")
                self._over.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    def _note(self, pid: int) -> None:
        self._pid = pid
        self._state.note_pid(self.name, pid)
