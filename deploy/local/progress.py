"""What the person at the keyboard sees while things start."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

WIDTH = 64
"""Columns a step's words take before its seconds."""


class Progress:
    """One line a step, with the seconds it took.

    On a terminal the line is there while the step runs; elsewhere it is written once, at its end.
    Lines may be said by any thread meanwhile.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._lock = threading.RLock()
        self._under_way: list[str] = []

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Show that `what` is being done while the block runs; steps may overlap."""
        began = time.monotonic()
        self._under_way.append(what)
        self.say()
        how = "fail"
        try:
            yield
            how = "ok"
        finally:
            self._under_way.remove(what)
            self.say(f"{how:>6}  {what:<{WIDTH}} {time.monotonic() - began:5.1f} s")

    def say(self, *lines: str) -> None:
        """Write lines of their own, above what is under way."""
        with self._lock:
            if self._live:
                self._write("\r\033[K")
            self._write("".join(f"{line}\n" for line in lines))
            if self._live and self._under_way:
                self._write(_cut(f"    ..  {', '.join(self._under_way)} "))

    def box(self, lines: Sequence[str]) -> None:
        """Write `lines` in a frame."""
        width = max(len(line) for line in lines)
        edge = f"+{'-' * (width + 4)}+"
        self.say(edge, *(f"|  {line:<{width}}  |" for line in lines), edge)

    def _write(self, text: str) -> None:
        encoding = self._out.encoding or "utf-8"
        self._out.write(text.encode(encoding, "replace").decode(encoding))
        self._out.flush()


def _cut(line: str) -> str:
    """Return as much of `line` as fits in a line of the terminal, which takes back one only."""
    most = shutil.get_terminal_size().columns - 1
    return line if len(line) <= most else f"{line[: most - 1]}…"
