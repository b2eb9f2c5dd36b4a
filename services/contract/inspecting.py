"""Having an uploaded file looked at, by a process that can do no harm (reliability §4)."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from services.contract.domain import errors
from services.contract.domain.upload import Copy, Found, Kind, Signed
from services.contract.settings import ContractSettings
from shared.errors import Exhausted

AT_ONCE = 2
PATIENCE = 2.0
"""Seconds to wait while others are looked at."""

LONGEST_ANSWER = 64 * 1024

INSPECTION = "services.contract.inspection"

_places = BoundedSemaphore(AT_ONCE)


class TooManyUploads(Exhausted):
    """Too many files are being looked at."""


def inspect(content: bytes, known: Mapping[int, bytes], settings: ContractSettings) -> Copy:
    """Return what is in an uploaded file; refuse what is hostile, damaged or no document at all.

    `known` are the sealed documents of the contract by number: a digital signature is added to one,
    so that the file begins with it.
    """
    sealed = max((number for number, each in known.items() if content.startswith(each)), default=0)
    said = _ask(content, settings.upload_memory, settings.upload_seconds)
    if "refused" in said:
        raise getattr(errors, said["refused"])(**said["facts"])
    found = Found(
        kind=Kind(said["kind"]),
        media_type=said["media_type"],
        pages=said["pages"],
        codes=tuple(tuple(page) for page in said["codes"]),
        signed=tuple(Signed(**each) for each in said.get("signed", ())),
        changed=said.get("changed", ""),
    )
    return Copy(found, sealed)


def _ask(content: bytes, memory: int, seconds: float) -> dict[str, Any]:
    with _place(), tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        process = subprocess.Popen(
            _command(memory, seconds),
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing of ours is in its environment: it needs no secret.
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
        )
        return _answer(process, seconds)


def _command(memory: int, seconds: float) -> list[str]:
    return [sys.executable, "-m", INSPECTION, str(memory), str(max(1, round(seconds)))]


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
        raise TooManyUploads
    try:
        yield
    finally:
        _places.release()
