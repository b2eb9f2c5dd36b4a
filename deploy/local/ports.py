"""Addresses on this machine: which are wanted, which are taken."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from shared.errors import Disallowed, Malformed
from shared.ports import free


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
