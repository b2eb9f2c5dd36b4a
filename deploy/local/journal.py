"""The log of what runs in this process: all of it to a file, what matters also to the screen."""

from __future__ import annotations

import io
import re
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


def opened(path: Path) -> BinaryIO:
    """Open the log at `path` to add to it; every write is on disk at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab", buffering=0)


def worth_showing(line: str) -> bool:
    """Whether somebody who looks at the screen should see this line of a log."""
    return bool(WORTH_SHOWING.search(line))


class Journal(io.TextIOBase):
    """Stands in for standard error while everything runs in this process."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._file = opened(path)
        self._progress = progress

    def write(self, text: str) -> int:
        """Add `text`; an error or a warning is shown too.

        What a full disk has no room for is shown alone: nobody's request fails because of its log.
        """
        with suppress(OSError):
            self._file.write(text.encode(errors="replace"))
        for line in text.splitlines():
            if worth_showing(line):
                self._progress.say(line)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Close the file; nothing can be written after."""
        self._file.close()
        super().close()
