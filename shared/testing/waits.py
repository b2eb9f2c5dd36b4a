"""Waiting for something to become true, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

LONG = 60.0
"""Seconds a test waits for what should come soon: so many that a busy machine fails nothing."""


def eventually(check: Callable[[], _T], within: float = LONG) -> _T:
    """Return what `check` returns as soon as it is true; else fail with what it said last.

    It waits long, so that a busy machine fails nothing; what is broken costs the wait once.

    `check` may also raise AssertionError, or whatever says that it is not true yet.
    """
    end = time.monotonic() + within
    while True:
        try:
            if found := check():
                return found
            reason: Exception = AssertionError(f"still {found!r} after {within} s")
        except Exception as error:
            reason = error
        if time.monotonic() > end:
            raise reason
        time.sleep(0.01)
