"""One waits for this process and for a connection at the same time."""

import socket
import threading
from collections.abc import Iterator
from time import monotonic

import pytest

from shared.bell import Bell
from shared.testing import LONG


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    yield made
    made.close()


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    ends = socket.socketpair()
    yield ends
    for each in ends:
        each.close()


def seconds(bell: Bell, at_most: float, beside: socket.socket) -> float:
    began = monotonic()
    bell.wait(at_most, beside=beside.fileno())
    return monotonic() - began


Line = tuple[socket.socket, socket.socket]


def test_whoever_rings_ends_the_wait(bell: Bell, line: Line) -> None:
    threading.Timer(0.05, bell.ring).start()
    assert seconds(bell, LONG, line[0]) < LONG


def test_what_comes_in_ends_the_wait(bell: Bell, line: Line) -> None:
    line[1].send(b"!")
    assert seconds(bell, LONG, line[0]) < LONG


def test_the_wait_ends_by_itself(bell: Bell, line: Line) -> None:
    assert seconds(bell, 0.05, line[0]) >= 0.05


def test_it_rings_until_it_is_silenced_and_can_be_rung_again(bell: Bell, line: Line) -> None:
    for _ in range(3):
        for _ in range(200_000):
            bell.ring()
        assert seconds(bell, LONG, line[0]) < LONG
        assert seconds(bell, LONG, line[0]) < LONG
        bell.silence()
        assert seconds(bell, 0.05, line[0]) >= 0.05


def test_who_rings_while_it_is_silenced_is_heard_or_has_done_before_what_is_looked_at(
    bell: Bell, line: Line
) -> None:
    done = [0]

    def work() -> None:
        for _ in range(20_000):
            done[0] += 1
            bell.ring()

    worker = threading.Thread(target=work)
    worker.start()
    seen = 0
    while seen < 20_000:
        bell.silence()
        seen = done[0]
        if seen < 20_000:
            assert seconds(bell, LONG, line[0]) < LONG
    worker.join()


def test_one_that_is_closed_can_still_be_rung(bell: Bell) -> None:
    bell.close()
    bell.ring()
