"""Asking another service: with a deadline, as the caller, in the same trace; refusals pass on."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
import structlog
from grpc_status import rpc_status

from shared import call, errors
from shared.call import Call
from shared.clients import MESSAGE_LIMIT, OPTIONS, Clients, as_caller
from shared.servicer import answer_to
from shared.status import (
    FAMILIES,
    AnswerTooLarge,
    PeerAway,
    PeerFailed,
    RequestTooLarge,
    status_of,
)
from shared.testing import LONG, eventually
from shared.testing.serving import Peer
from shared.tests.probe.contract import pb, pb_grpc

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Peered(pb_grpc.ProbeServiceServicer):  # type: ignore[misc]
    """Answers what the test wants, and remembers what it was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.callers: list[str] = []
        self.patience: list[float] = []
        self.until: list[float] = []
        self.fail: list[Any] = []
        self.over = threading.Event()
        self.text = "well"

    def Greet(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._answer(request, context)

    def GetNote(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._answer(request, context)

    def DownloadNote(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        yield pb.Note(text="never")
        self._answer(request, context)

    def _answer(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.sent.append({key: str(value) for key, value in context.invocation_metadata()})
        self.callers.append(context.peer())
        self.patience.append(context.time_remaining())
        self.until.append(time.monotonic() + self.patience[-1])
        if self.fail:
            failure = self.fail.pop(0)
            if isinstance(failure, errors.Refusal):
                status = status_of(failure, "catalog.millrun")
                context.abort_with_status(rpc_status.to_status(status))
            if failure == "hang":
                self.over.wait(LONG)
                return pb.Note()
            context.abort(failure, "no")
        return pb.Note(text=self.text)


@pytest.fixture
def peered() -> Iterator[Peered]:
    double = Peered()
    yield double
    double.over.set()


@pytest.fixture
def stub(peered: Peered, peer: Peer) -> Iterator[Any]:
    clients = Clients(peer(peered))
    yield clients.of(pb_grpc.ProbeServiceStub)
    clients.close()


def test_the_caller_and_the_trace_go_along(stub: Any, peered: Peered) -> None:
    with as_caller("a-token", traceparent=TRACE):
        assert stub.Greet(pb.GreetRequest()).text == "well"
    assert peered.sent[0]["authorization"] == "Bearer a-token"
    assert peered.sent[0]["traceparent"] == TRACE


def test_nobody_is_nobody_further_on_too(stub: Any, peered: Peered) -> None:
    stub.Greet(pb.GreetRequest())
    assert "authorization" not in peered.sent[0]


def test_every_call_has_a_deadline(stub: Any, peered: Peered) -> None:
    began = time.monotonic()
    stub.Greet(pb.GreetRequest())
    ended = time.monotonic()
    with call.within(Call(deadline=ended + 4)):
        stub.Greet(pb.GreetRequest())
    # A second more or less: a busy machine may let a thread stand anywhere between two lines.
    assert began + 4 < peered.until[0] < ended + 6
    assert peered.until[1] > ended + 3, "what was left, but for a margin"
    assert peered.patience[1] < 3.97


def test_nobody_is_asked_for_an_answer_that_comes_too_late(stub: Any, peered: Peered) -> None:
    with call.within(Call(deadline=time.monotonic() + 0.04)), pytest.raises(PeerAway):
        stub.Greet(pb.GreetRequest())
    assert peered.sent == []


def test_a_peer_that_hangs_is_left_before_our_own_time_is_up(stub: Any, peered: Peered) -> None:
    stub.Greet(pb.GreetRequest())  # To connect may take longer than there is time.
    peered.fail = ["hang"]
    # Two seconds: in less a busy machine may not even have asked.
    with call.within(Call(deadline=time.monotonic() + 2)), pytest.raises(PeerAway) as away:
        stub.Greet(pb.GreetRequest())
    assert peered.patience[1] < 1.97
    assert not peered.over.is_set(), "it hangs still"
    assert str(away.value) == "The probe service does not answer at the moment."


def kinds_of_refusal() -> list[type[errors.Refusal]]:
    return [
        type(
            f"{family.__name__}Indeed", (family,), {"__doc__": "No {what}.", "fix": "Mend {what}."}
        )
        for family in FAMILIES
    ]


@pytest.mark.parametrize("kind", kinds_of_refusal(), ids=lambda kind: kind.__name__)
def test_a_refusal_passes_on_as_it_was(
    stub: Any, peered: Peered, kind: type[errors.Refusal]
) -> None:
    peered.fail = [kind(what="paper")]
    with pytest.raises(kind.__mro__[1]) as refused:
        stub.Greet(pb.GreetRequest())
    passed = refused.value
    assert isinstance(passed, errors.Refusal)
    assert (str(passed), passed.reason) == ("No paper.", kind(what="").reason)
    assert (passed.facts, passed.remedy) == ({"what": "paper"}, "Mend paper.")
    again = status_of(passed, "ordering.millrun")
    assert again == status_of(kind(what="paper"), "catalog.millrun")


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (grpc.StatusCode.UNAVAILABLE, PeerAway),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, PeerAway),
        (grpc.StatusCode.DEADLINE_EXCEEDED, PeerAway),
        (grpc.StatusCode.INTERNAL, PeerFailed),
        (grpc.StatusCode.UNIMPLEMENTED, PeerFailed),
        (grpc.StatusCode.INVALID_ARGUMENT, PeerFailed),
    ],
    ids=str,
)
def test_a_failure_without_a_reason_is_not_the_callers_fault(
    stub: Any, peered: Peered, code: grpc.StatusCode, means: type[Exception]
) -> None:
    peered.fail = [code]
    with pytest.raises(means):
        stub.Greet(pb.GreetRequest())


def test_why_a_service_is_away_is_for_the_log_and_not_for_who_asked(
    stub: Any, peered: Peered
) -> None:
    peered.fail = [grpc.StatusCode.DEADLINE_EXCEEDED]
    with pytest.raises(PeerAway) as away:
        stub.Greet(pb.GreetRequest())
    with structlog.testing.capture_logs() as logs:
        told = answer_to(away.value, "ordering.millrun")
    assert [each["cause"] for each in logs] == ["DEADLINE_EXCEEDED: no"]
    assert away.value.__notes__ == ["DEADLINE_EXCEEDED: no"]
    assert b"DEADLINE" not in told.SerializeToString()


@pytest.mark.parametrize("limit", [[], [("grpc.max_send_message_length", MESSAGE_LIMIT)]])
def test_an_answer_too_large_for_one_message_is_told_as_that_and_asked_for_once(
    peered: Peered, limit: list[tuple[str, int]]
) -> None:
    """Whichever end finds it too large; it was told as a service that does not answer."""
    server = grpc.server(ThreadPoolExecutor(2), options=limit)
    pb_grpc.add_ProbeServiceServicer_to_server(peered, server)
    clients = Clients({"probe": f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"})
    server.start()
    peered.text = "x" * MESSAGE_LIMIT
    with pytest.raises(AnswerTooLarge) as refused:
        clients.of(pb_grpc.ProbeServiceStub).GetNote(pb.GetNoteRequest())
    assert refused.value.facts == {"peer": "probe", "most": "4"}
    assert "smaller page" in refused.value.remedy
    assert len(peered.sent) == 1
    clients.close()
    server.stop(0).wait()


@pytest.mark.parametrize("unlimited", [False, True])
def test_a_request_too_large_for_one_message_is_told_as_that(
    peered: Peered, peer: Peer, monkeypatch: pytest.MonkeyPatch, unlimited: bool
) -> None:
    if unlimited:  # so that the service is the one who finds it too large
        monkeypatch.setitem(OPTIONS, "grpc.max_send_message_length", -1)
    clients = Clients(peer(peered))
    stub = clients.of(pb_grpc.ProbeServiceStub)
    with pytest.raises(RequestTooLarge, match="larger than 4 MiB"):
        stub.Greet(pb.GreetRequest(whom="x" * MESSAGE_LIMIT))
    assert peered.sent == []
    clients.close()


def test_a_refusal_in_a_stream_passes_on_too(stub: Any, peered: Peered) -> None:
    peered.fail = [errors.NotFound()]
    with pytest.raises(errors.NotFound):
        list(stub.DownloadNote(pb.GetNoteRequest()))


def test_only_what_has_no_side_effects_is_tried_again(stub: Any, peered: Peered) -> None:
    peered.fail = [grpc.StatusCode.UNAVAILABLE] * 2
    assert stub.GetNote(pb.GetNoteRequest()).text == "well"
    assert len(peered.sent) == 3

    peered.fail = [grpc.StatusCode.UNAVAILABLE] * 2
    with pytest.raises(PeerAway):
        stub.Greet(pb.GreetRequest())
    assert len(peered.sent) == 4


def test_a_stub_is_made_once(peered: Peered, peer: Peer) -> None:
    clients = Clients(peer(peered))
    assert clients.of(pb_grpc.ProbeServiceStub) is clients.of(pb_grpc.ProbeServiceStub)
    clients.close()


def test_a_service_nobody_knows_is_named() -> None:
    with pytest.raises(KeyError, match="probe"):
        Clients({}).of(pb_grpc.ProbeServiceStub)


def test_a_connection_may_take_its_time() -> None:
    """It had 0.1 s until the other end spoke, which a busy machine does not always give."""
    server = grpc.server(ThreadPoolExecutor(2))
    pb_grpc.add_ProbeServiceServicer_to_server(Peered(), server)
    clients = Clients({"probe": f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"})
    later = threading.Timer(0.5, server.start)  # until then it is connected to, and says nothing
    later.start()
    assert clients.of(pb_grpc.ProbeServiceStub).Greet(pb.GreetRequest()).text == "well"
    later.join()
    clients.close()
    server.stop(0).wait()


def test_a_service_that_comes_back_is_found_quickly() -> None:
    """Reconnecting is tuned: 0.2 s instead of 5.5 s after a restart."""

    def start(port: int = 0) -> tuple[grpc.Server, int]:
        server = grpc.server(ThreadPoolExecutor(2), options=[("grpc.so_reuseport", 0)])
        pb_grpc.add_ProbeServiceServicer_to_server(Peered(), server)
        port = server.add_insecure_port(f"127.0.0.1:{port}")
        server.start()
        return server, port

    server, port = start()
    clients = Clients({"probe": f"127.0.0.1:{port}"})
    stub = clients.of(pb_grpc.ProbeServiceStub)
    stub.Greet(pb.GreetRequest())
    server.stop(0).wait()
    for _ in range(5):
        with pytest.raises(PeerAway):
            stub.Greet(pb.GreetRequest())
    server, _ = start(port)
    assert eventually(lambda: stub.Greet(pb.GreetRequest())).text == "well"
    clients.close()
    server.stop(0).wait()


def test_who_asks_the_same_service_elsewhere_has_a_connection_of_their_own(
    peered: Peered, peer: Peer
) -> None:
    """What is wrong with one of them is wrong with no other."""
    address = peer(peered)
    asking = [Clients(address), Clients(address)]
    for clients in asking:
        clients.of(pb_grpc.ProbeServiceStub).GetNote(pb.GetNoteRequest())
    assert len(set(peered.callers)) == 2
    for clients in asking:
        clients.close()
