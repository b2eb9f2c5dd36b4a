"""Identifiers that sort by the time they were made."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a UUIDv7: unique everywhere, and later ones of a process sort after earlier ones.

    The 12 bits behind the milliseconds tell the part of a millisecond (RFC 9562, 6.2, method 3).
    """
    global _last
    with _lock:
        ticks = _last = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
    milliseconds, part = divmod(ticks, 4096)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | 7 << 76 | part << 64 | 2 << 62 | random)
