"""Addresses on this machine: which are wanted, which are free."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from shared.errors import Disallowed, Malformed


class NotAnAddress(Malformed):
    """{text} is not an address of the form host:port."""

    fix = "Write it as 127.0.0.1:8080."


class PortTaken(Disallowed):
    """Port {port} on {host} is taken by another program."""

    fix = "Stop that program, or choose another port: {setting}={host}:{other} make up"


@dataclass(frozen=True)
class Address:
    """Where something listens."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `host:port`; refuse with NotAnAddress."""
        host, _, port = text.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise NotAnAddress(text=text[:100])
        return cls(host, int(port))

    @property
    def url(self) -> str:
        """What to type into a browser."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
        return f"http://{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def insist_free(address: Address, *, setting: str) -> None:
    """Refuse with PortTaken if something listens on `address`; `setting` is what changes it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError:
            (other,) = free(1)
            raise PortTaken(
                host=address.host, port=address.port, setting=setting, other=other
            ) from None


def free(count: int) -> list[int]:
    """Return `count` different ports of 127.0.0.1 nobody listens on.

    They lie below the range the system takes outgoing ports from: a process that is started again
    must find its port as it left it, and a client that knocks on a dead port of that range can end
    up connected to itself.
    """
    chosen: list[int] = []
    with ExitStack() as probes:
        while len(chosen) < count:
            port = random.randrange(10_240, _first_ephemeral())
            probe = probes.enter_context(socket.socket())
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            chosen.append(port)
    return chosen


def _first_ephemeral() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        return 32_768
