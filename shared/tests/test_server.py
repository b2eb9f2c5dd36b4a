"""A server: bounded, healthy, and gone without losing what was under way."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from shared.caller import Role
from shared.server import PortTaken, Server
from shared.status import PeerAway
from shared.storage import Database
from shared.testing import eventually
from shared.testing.callers import caller
from shared.testing.serving import Served, Serving
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.service import service

BUYER = caller(Role.BUYER)


def create(notes: Any, text: str) -> Any:
    request = pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text=text))
    return notes.CreateNote(request)


@pytest.mark.parametrize("name", ["", "millrun.probe.v1.ProbeService"])
def test_it_says_that_it_is_well(probe: Served, name: str) -> None:
    with grpc.insecure_channel(probe.address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        assert stub.Check(health_pb2.HealthCheckRequest(service=name)).status == 1


def test_it_tells_what_it_can_be_asked(probe: Served) -> None:
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    with grpc.insecure_channel(probe.address) as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        (answer,) = stub.ServerReflectionInfo(iter([request]))
    assert {each.name for each in answer.list_services_response.service} == {
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
        "millrun.operations.v1.OperationsService",
        "millrun.probe.v1.ProbeService",
    }


def test_a_message_of_five_mebibytes_is_refused(probe: Served) -> None:
    with grpc.insecure_channel(probe.address) as channel, pytest.raises(grpc.RpcError) as refused:
        pb_grpc.ProbeServiceStub(channel).Greet(pb.GreetRequest(whom="x" * 5 * 1024 * 1024))
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_overload_is_shed_at_once(serving: Serving, probe_database: Database) -> None:
    """One thread works on one call, three wait, and more are told to come again."""
    served = serving(service, probe_database, threads=1)
    notes = served.stub(pb_grpc.ProbeServiceStub, as_=BUYER)

    def outcome(_: int) -> str:
        try:
            return str(create(notes, "slow").text)
        except PeerAway:
            return "shed"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(8)))
    assert set(outcomes) == {"slow", "shed"}
    assert 4 <= outcomes.count("slow") < 8
    assert create(notes, "hello").text == "hello"


def test_a_port_that_is_taken_is_named(probe: Served) -> None:
    with pytest.raises(PortTaken, match=probe.address):
        Server(probe.runtime, probe.address)


def test_what_is_under_way_ends_before_it_stops(probe: Served) -> None:
    server = Server(probe.runtime, "127.0.0.1:0")
    server.start()
    served = Served(probe.runtime, f"127.0.0.1:{server.port}", probe._token)
    notes = served.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
    create(notes, "connected")
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(create, notes, "slow")
        eventually(lambda: probe.runtime.database.connections.lent == 1)
        server.stop(grace=5)
        assert under_way.result().text == "slow"
    with pytest.raises(PeerAway):
        create(notes, "too late")
    served.clients.close()
