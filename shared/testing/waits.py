"""Waiting for something to become true, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

LONG = 180.0
"""Seconds a test waits for what should come soon: so many that a busy machine fails nothing. Of 60,
a worker needed 40 to start where two cores had thirty things to do at once.
"""

OFTEN, SELDOM, SHARE = 0.005, 0.2, 0.1
"""Seconds between two looks at first and at most, and the share of the wait so far it may add."""


def eventually(check: Callable[[], _T], within: float = LONG) -> _T:
    """Return what `check` returns as soon as it is true; else fail with what it said last.

    It waits long, so that a busy machine fails nothing; what is broken costs the wait once. It
    looks often at first and then ever more seldom: to look takes from who is waited for.

    `check` may also raise AssertionError, or whatever says that it is not true yet.
    """
    began = time.monotonic()
    while True:
        try:
            if found := check():
                return found
            reason: Exception = AssertionError(f"still {found!r} after {within} s")
        except Exception as error:
            reason = error
        waited = time.monotonic() - began
        if waited > within:
            raise reason
        time.sleep(min(OFTEN + waited * SHARE, SELDOM))
