"""Having an uploaded file looked at, by a process that can do no harm (reliability §4)."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from shared.inspection import errors
from shared.inspection.settings import UploadSettings

AT_ONCE = 2
PATIENCE = 2.0
"""Seconds to wait while others are looked at."""

LONGEST_ANSWER = 64 * 1024

INSPECTION = "shared.inspection"

_places = BoundedSemaphore(AT_ONCE)


def media_type(content: bytes, settings: UploadSettings) -> str:
    """Return what a file is, whatever it is called; refuse what is hostile, damaged or no scan."""
    kind: str = ask(content, settings)["media_type"]
    return kind


def ask(
    content: bytes, settings: UploadSettings, *, inspection: str = INSPECTION
) -> dict[str, Any]:
    """Return what the process `inspection` found in a file; it is refused by `errors`."""
    said = _ask(_command(inspection, settings), content, settings.upload_seconds)
    if "refused" in said:
        raise getattr(errors, said["refused"])(**said["facts"])
    return said


def _ask(command: list[str], content: bytes, seconds: float) -> dict[str, Any]:
    with _place(), tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        process = subprocess.Popen(
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing of ours is in its environment: it needs no secret.
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
        )
        return _answer(process, seconds)


def _command(inspection: str, settings: UploadSettings) -> list[str]:
    seconds = max(1, round(settings.upload_seconds))
    return [sys.executable, "-m", inspection, str(settings.upload_memory), str(seconds)]


def _answer(process: "subprocess.Popen[bytes]", seconds: float) -> dict[str, Any]:
    """Return what the process says in time; FileTooHeavy if it did not come so far."""
    assert process.stdout is not None
    with process:
        try:
            ended = process.wait(seconds)
            said = process.stdout.read(LONGEST_ANSWER)
        except subprocess.TimeoutExpired:
            ended, said = -signal.SIGKILL, b""
            process.kill()
    if ended != 0:
        raise errors.FileTooHeavy
    answer: dict[str, Any] = json.loads(said)
    return answer


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise errors.TooManyUploads
    try:
        yield
    finally:
        _places.release()
