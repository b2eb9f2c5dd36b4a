"""Ports of this machine for processes that are told where to listen."""

import random
import socket
from contextlib import suppress
from pathlib import Path

_promised: list[socket.socket] = []
"""What says to others who look for ports which ones were found here, until this process ends."""


def free(count: int) -> list[int]:
    """Return `count` different ports of 127.0.0.1 nobody listens on, nor finds here meanwhile.

    They lie below the range the system takes other ports from: a process that is started again
    must find its port as it left it, and a client that knocks on a dead port of that range can end
    up connected to itself.
    """
    chosen: list[int] = []
    while len(chosen) < count:
        port = random.randrange(10_240, _first_ephemeral())  # noqa: S311 (no secret)
        with suppress(OSError):
            _promise(port)
            chosen.append(port)
    return chosen


def _promise(port: int) -> None:
    """Keep `port` from whoever else looks for one; OSError if it is taken or promised.

    Whoever is told to listen on it begins later. Until then, and while it is started again,
    nothing of TCP says so; UDP has the same numbers, and nobody here needs them.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
    promise = socket.socket(type=socket.SOCK_DGRAM)
    try:
        promise.bind(("127.0.0.1", port))
    except OSError:
        promise.close()
        raise
    _promised.append(promise)


def _first_ephemeral() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        return 32_768
