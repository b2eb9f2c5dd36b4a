"""A process that starts programs while it asks other services."""

import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import grpc
import pytest

from shared.clients import Clients
from shared.testing.serving import Peer
from shared.tests.probe.contract import pb, pb_grpc

ASKING = 24
"""So many ask at once, and each question is asked twice: there is always one about to be."""

SECONDS = 2.0


class Hesitant(pb_grpc.ProbeServiceServicer):  # type: ignore[misc]
    """Is away when it is asked something for the first time."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def GetNote(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.name not in self.asked:
            self.asked.add(request.name)
            context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")
        return pb.Note(text="well")


@pytest.fixture
def stub(peer: Peer) -> Iterator[Any]:
    clients = Clients(peer(Hesitant()))
    yield clients.of(pb_grpc.ProbeServiceStub)
    clients.close()


def test_a_program_that_is_started_does_not_repeat_what_is_asked_meanwhile(stub: Any) -> None:
    """The ends of the connection came out of step: the server found no path in what it was sent."""
    numbers, until = count(), time.monotonic() + SECONDS

    def ask() -> set[str]:
        answers = set()
        while time.monotonic() < until:
            answers.add(stub.GetNote(pb.GetNoteRequest(name=f"notes/{next(numbers)}")).text)
        return answers

    with ThreadPoolExecutor(ASKING) as people:
        asking = [people.submit(ask) for _ in range(ASKING)]
        while time.monotonic() < until:
            # Who becomes somebody else on the way, if only of the same group, is forked.
            subprocess.run(["true"], group=os.getgid(), check=True)
        assert [each.result() for each in asking] == [{"well"}] * ASKING
