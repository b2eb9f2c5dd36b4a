"""Whose access tokens ended before their time, in the memory of a process that verifies tokens.

Nothing here depends on clocks that may differ: revocations are counted, and a token says how many
there were when it was made. Nobody is named: a process recognises the tokens it is shown.
"""

import hashlib
import threading
import time
from collections.abc import Callable

KEPT = 320.0
"""Seconds a revocation is remembered: longer than any token lives."""

Listener = Callable[[bytes], None]


def digest_of(subject: str, space: str) -> bytes:
    """Return what stands for the tokens of `subject` for `space`, or for every space if empty.

    Subjects end in random ids, so that nobody finds out by trying whom it stands for.
    """
    return hashlib.sha256(f"{subject}\n{space}".encode()).digest()


class Revocations:
    """Whose tokens ended early: by the digest of subject and space."""

    def __init__(self) -> None:
        self._ended: dict[bytes, tuple[int, float]] = {}
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def end(self, digest: bytes, position: int) -> None:
        """Refuse from now on the tokens `digest` stands for that say less than `position`."""
        with self._lock:
            known, _ = self._ended.get(digest, (-1, 0.0))
            if position > known:
                until = time.monotonic() + KEPT
                self._ended[digest] = position, until
        if position > known:
            for listener in self._listeners:
                listener(digest)

    def ended(self, subject: str, space: str, said: int) -> bool:
        """Whether a token of `subject` for `space` that says `said` has ended early."""
        if not (ended := self._ended):
            return False
        those = (digest_of(subject, ""), digest_of(subject, space))
        return any(said < ended[each][0] for each in those if each in ended)

    def listen(self, listener: Listener) -> None:
        """Have `listener` called with the digest of every revocation heard of."""
        self._listeners.append(listener)

    def forget_old(self) -> None:
        """Forget what no token from before it can outlive."""
        at = time.monotonic()
        with self._lock:
            self._ended = {
                each: (p, until) for each, (p, until) in self._ended.items() if until > at
            }
