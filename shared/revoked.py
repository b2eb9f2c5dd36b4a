"""Whose access tokens ended before their time, in the memory of a process that verifies tokens.

Nothing here depends on clocks that may differ: revocations are counted, and a token says how many
there were when it was made.
"""

import threading
import time
from collections.abc import Callable

KEPT = 320.0
"""Seconds a revocation is remembered: longer than any token lives."""

Listener = Callable[[str, str], None]


class Revocations:
    """Whose tokens ended early: by subject and space, an empty space for every one."""

    def __init__(self) -> None:
        self._ended: dict[tuple[str, str], tuple[int, float]] = {}
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def end(self, subject: str, space: str, position: int) -> None:
        """Refuse from now on the tokens of `subject` that say less than `position`."""
        with self._lock:
            known, _ = self._ended.get((subject, space), (-1, 0.0))
            if position > known:
                until = time.monotonic() + KEPT
                self._ended[subject, space] = position, until
        if position > known:
            for listener in self._listeners:
                listener(subject, space)

    def ended(self, subject: str, space: str, said: int) -> bool:
        """Whether a token of `subject` for `space` that says `said` has ended early."""
        if not (ended := self._ended):
            return False
        return any(
            said < ended[key][0] for key in ((subject, ""), (subject, space)) if key in ended
        )

    def listen(self, listener: Listener) -> None:
        """Have `listener` called with subject and space of every revocation heard of."""
        self._listeners.append(listener)

    def forget_old(self) -> None:
        """Forget what no token from before it can outlive."""
        at = time.monotonic()
        with self._lock:
            self._ended = {key: (p, until) for key, (p, until) in self._ended.items() if until > at}
