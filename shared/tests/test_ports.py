"""Ports nobody listens on are found for one process at a time."""

import random
import socket

import pytest

from shared import ports
from shared.ports import free


def test_free_ports_differ_and_can_be_listened_on() -> None:
    found = free(30)
    assert len(set(found)) == 30
    for port in found:
        socket.create_server(("127.0.0.1", port)).close()


def test_they_are_none_the_system_gives_to_others() -> None:
    with socket.socket() as client:
        client.bind(("127.0.0.1", 0))
        assert max(free(50)) < client.getsockname()[1]


def test_what_is_taken_or_was_found_already_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever found it listens on it later, and meanwhile another process looks for one."""
    (found,), (other,) = free(1), free(1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        drawn = iter([server.getsockname()[1], found, other + 1, *range(20_000, 30_000)])
        monkeypatch.setattr(random, "randrange", lambda *_: next(drawn))
        monkeypatch.setattr(ports, "_first_ephemeral", lambda: 0)
        assert free(1)[0] not in (server.getsockname()[1], found)
