"""A server: bounded, healthy, and gone without losing what was under way."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from shared.caller import Role
from shared.server import Server
from shared.starting import PortTaken
from shared.status import PeerAway
from shared.storage import Database
from shared.testing import LONG, eventually
from shared.testing.callers import caller
from shared.testing.databases import Databases
from shared.testing.serving import Served, Serving
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.service import service

BUYER = caller(Role.BUYER)

Held = Callable[[], AbstractContextManager[None]]


def create(notes: Any, text: str) -> Any:
    request = pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text=text))
    return notes.CreateNote(request)


def is_away(notes: Any) -> bool:
    try:
        notes.Greet(pb.GreetRequest())
    except PeerAway:
        return True
    return False


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


@pytest.fixture
def held(databases: Databases) -> Held:
    """Return what keeps whoever makes a note waiting for a block."""

    @contextmanager
    def hold() -> Iterator[None]:
        with databases.superuser(service.name).transaction() as tx:
            tx.connection.execute("lock table notes in share mode")
            yield

    return hold


def test_overload_is_shed_at_once(serving: Serving, probe_database: Database, held: Held) -> None:
    """One thread works on one call, three wait, and more are told to come again."""
    served = serving(service, probe_database, threads=1)
    notes = served.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
    outcomes: list[str] = []

    def ask(_: int) -> None:
        try:
            outcomes.append(create(notes, "held").text)
        except PeerAway:
            outcomes.append("shed")

    with ThreadPoolExecutor(8) as pool:
        with held():
            asked = pool.map(ask, range(8))
            eventually(lambda: outcomes == ["shed"] * 4)
        list(asked)
    assert outcomes[4:] == ["held"] * 4
    assert create(notes, "hello").text == "hello"


def test_a_port_that_is_taken_is_named(probe: Served) -> None:
    with pytest.raises(PortTaken, match=probe.address):
        Server(probe.runtime, probe.address)


def test_what_is_under_way_ends_before_it_stops(probe: Served, held: Held) -> None:
    server = Server(probe.runtime, "127.0.0.1:0")
    server.start()
    served = Served(probe.runtime, f"127.0.0.1:{server.port}", probe._token)
    notes = served.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
    create(notes, "connected")
    with ThreadPoolExecutor(2) as pool:
        with held():
            under_way = pool.submit(create, notes, "held")
            eventually(lambda: probe.runtime.database.connections.lent == 1)
            stopping = pool.submit(server.stop, grace=LONG)
            eventually(lambda: is_away(notes))
            assert not under_way.done()
        assert under_way.result().text == "held"
        stopping.result()
    assert is_away(notes)
    served.clients.close()
