"""Keeps one process running: starts it, writes down what it says, starts it again when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from deploy.local.journal import Screen, opened
from deploy.local.progress import Progress
from deploy.local.state import State
from shared.errors import Unavailable

STEADY = 10.0
"""Seconds after which a process counts as having started well."""

LONGEST_PAUSE = 10.0


class WouldNotStart(Unavailable):
    """{process} does not start. Its last words:

    {words}
    """

    fix = "Read {log}."


@dataclass(frozen=True, kw_only=True)
class Process:
    """What to run, with what in its environment, and where it says that it is ready."""

    name: str
    command: Sequence[str]
    """A module and its arguments."""

    health: str
    """An address that answers 200 once it is ready."""

    environment: Mapping[str, str] = field(default_factory=dict)


class Supervised:
    """One process, kept running by one thread.

    The thread lives as long as its process: the kernel ends a child with the *thread* that
    started it (child.py).
    """

    def __init__(self, process: Process, state: State, progress: Progress) -> None:
        self.process = process
        self._state = state
        self._progress = progress
        self._over = threading.Event()
        self._deaths = 0
        self._words: deque[str] = deque(maxlen=15)
        self._screen = Screen()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name=process.name, daemon=True)

    def start(self) -> None:
        """Begin; does not wait."""
        self._state.pid_file(self.process.name).unlink(missing_ok=True)
        self._state.hold_file(self.process.name).unlink(missing_ok=True)
        self._thread.start()

    def wait_ready(self, seconds: float) -> None:
        """Return once it answers; refuse with WouldNotStart after that long, or three deaths."""
        until = time.monotonic() + seconds
        while not answers(self.process.health):
            if time.monotonic() > until or self._deaths >= 3:
                raise WouldNotStart(
                    process=self.process.name, words="\n".join(self._words), log=self._log
                )
            time.sleep(0.05)

    def ask_to_stop(self) -> None:
        """Let it finish what it does and end; does not wait."""
        self._over.set()
        self._signal(signal.SIGTERM)

    def stopped(self, seconds: float) -> None:
        """Return once it has ended; after that long, make it."""
        if self._thread.ident is None:  # it was never begun
            return
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._signal(signal.SIGKILL)
            self._thread.join()

    @property
    def _log(self) -> Path:
        return self._state.logs / f"{self.process.name}.log"

    def _keep_running(self) -> None:
        with opened(self._log) as log:
            while not self._over.is_set():
                began = time.monotonic()
                ended = self._run_once(log)
                if self._over.is_set():
                    return
                self._deaths = 1 if time.monotonic() - began > STEADY else self._deaths + 1
                pause = min(LONGEST_PAUSE, 0.05 * 2 ** (self._deaths - 1))
                self._progress.say(f"{self.process.name} {ended}; starting it again ({self._log})")
                self._over.wait(pause)
                self._wait_while_held()

    def _run_once(self, log: BinaryIO) -> str:
        environment = {**os.environ, **self.process.environment, "MILLRUN_PARENT": str(os.getpid())}
        with subprocess.Popen(
            [sys.executable, "-m", "deploy.local.child", "KILL", *self.process.command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches the runner alone, which stops the others in order
        ) as child:
            self._child = child
            self._state.note_pid(self.process.name, child.pid)
            if self._over.is_set():  # asked to stop while it was being started
                child.terminate()
            self._write_down(child, log)
        self._child = None
        self._state.pid_file(self.process.name).unlink(missing_ok=True)
        code = child.returncode
        return f"ended with {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"

    def _write_down(self, child: subprocess.Popen[bytes], log: BinaryIO) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            log.write(line)
            words = line.decode(errors="replace").rstrip()
            self._words.append(words)
            if shown := self._screen.shows(words):
                self._progress.say(f"{self.process.name} | {shown}")

    def _wait_while_held(self) -> None:
        while self._state.hold_file(self.process.name).exists() and not self._over.wait(0.05):
            pass

    def _signal(self, number: signal.Signals) -> None:
        child = self._child
        if child is not None and child.poll() is None:
            child.send_signal(number)


def answers(url: str, *, seconds: float = 1.0) -> bool:
    """Whether `url` answers 200 now."""
    return answer_of(url, seconds=seconds) == 200


def answer_of(url: str, *, seconds: float = 1.0) -> int:
    """Return the status `url` answers with now; 0 if it does not answer."""
    return told_by(url, seconds=seconds)[0]


def told_by(url: str, *, seconds: float) -> tuple[int, bytes]:
    """Return the status and the body `url` answers with now; 0 if it does not answer."""
    where = urlsplit(url)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=seconds)
    try:
        connection.request("GET", where.path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()
