"""The log of what runs in this process: all of it to a file, what matters also to the screen."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from deploy.local.progress import Progress

LARGEST = 20 * 1024 * 1024
"""Bytes after which a log makes room for a new one at the next start; one older is kept."""

WORTH_SHOWING = re.compile(
    r"\[(warning|error|critical) *\]|\"level\": ?\"(warning|error|critical)|^(ERROR|CRITICAL):"
)
"""How lines of these levels look, from structlog for people and machines, and from libraries."""

WARNING = re.compile(r"\[warning *\] (?P<event>.+?)(?:  |$)")
"""A warning as structlog writes it for people, and what it is called."""

QUIET = 30.0
"""Seconds for which a warning that was shown is not shown again."""


def opened(path: Path) -> BinaryIO:
    """Open the log at `path` to add to it; every write is on disk at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab", buffering=0)


def worth_showing(line: str) -> bool:
    """Whether somebody who looks at the screen should see this line of a log."""
    return bool(WORTH_SHOWING.search(line))


class Screen:
    """What one log shows: errors all, and of warnings alike one in a while.

    While a database is away, whatever is refused is a line; thousands of them hide what happened.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: dict[str, tuple[float, int]] = {}

    def shows(self, line: str) -> str:
        """Return `line` as it is shown, with how many there were like it; empty if it is not."""
        if not worth_showing(line):
            return ""
        if not (warning := WARNING.search(line)):
            return line
        with self._lock:
            return self._once_in_a_while(warning["event"], line)

    def _once_in_a_while(self, event: str, line: str) -> str:
        moment = time.monotonic()
        since, more = self._shown.get(event, (moment - QUIET, 0))
        if moment - since < QUIET:
            self._shown[event] = since, more + 1
            return ""
        self._shown[event] = moment, 0
        return f"{line} (since the last one shown, {more} more are in the log)" if more else line


class Reading:
    """The logs in a folder, read from where they end now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ends = {path: path.stat().st_size for path in folder.glob("*.log")}

    def worth_showing(self) -> list[str]:
        """Return what was written since of what is worth showing, with its tracebacks."""
        return [
            f"{path.stem} | {line}"
            for path in sorted(self._folder.glob("*.log"))
            for line in _worth_showing(path.read_bytes()[self._ends.get(path, 0) :])
        ]


def _worth_showing(written: bytes) -> Iterator[str]:
    shown = False
    for line in written.decode(errors="replace").splitlines():
        # A line that does not begin with its time belongs to the one before.
        if shown := worth_showing(line) or (shown and not line[:1].isdigit()):
            yield line


class Journal(io.TextIOBase):
    """Stands in for standard error while everything runs in this process."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._file = opened(path)
        self._progress = progress
        self._screen = Screen()

    def write(self, text: str) -> int:
        """Add `text`; an error or a warning is shown too, as Screen shows it.

        What a full disk has no room for is shown alone: nobody's request fails because of its log.
        """
        with suppress(OSError):
            self._file.write(text.encode(errors="replace"))
        for line in text.splitlines():
            if shown := self._screen.shows(line):
                self._progress.say(shown)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Close the file; nothing can be written after."""
        self._file.close()
        super().close()
