"""What a process says of itself while something it needs is away, or stands still."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from grpc_health.v1 import health_pb2, health_pb2_grpc
from structlog.testing import capture_logs

from shared import health, server
from shared.caller import Role
from shared.health import Health
from shared.storage import EVERYTHING, Database
from shared.testing import LONG, eventually
from shared.testing.callers import caller
from shared.testing.databases import Databases
from shared.testing.frozen import standing_still
from shared.testing.serving import Served, Serving
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.service import service
from shared.tests.probe.store import mapper

SERVING, NOT_SERVING = 1, 2


def test_what_is_away_is_named() -> None:
    there = {"database": True, "broker": False, "inbox": False}
    asked = Health({name: lambda name=name: there[name] for name in there})  # type: ignore[misc]
    assert asked.away() == ["broker", "inbox"]
    there.update(broker=True, inbox=True)
    assert asked.away() == []


def test_it_is_said_once_in_the_log_and_once_that_it_is_over() -> None:
    answers = iter([True, False, False, True, True])
    asked = Health({"database": lambda: next(answers)})
    with capture_logs() as said:
        for _ in range(5):
            asked.away()
    assert [(each["event"], each.get("away"), each.get("why")) for each in said] == [
        ("not ready", ["database"], "it is not there"),
        ("ready again", None, None),
    ]


def test_what_stands_still_is_away_soon_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    goes_on, asked = threading.Event(), []

    def stands_still() -> bool:
        asked.append(time.monotonic())
        return goes_on.wait(LONG)

    watched = Health({"database": stands_still, "broker": lambda: True})
    with capture_logs() as said:
        for _ in range(3):
            assert watched.away() == ["database"]
    assert [each["why"] for each in said] == ["no answer in 0.1 s"]
    assert len(asked) == 1
    goes_on.set()
    eventually(lambda: not watched.away())


def test_what_cannot_even_be_asked_is_away() -> None:
    def broken() -> bool:
        raise OSError("too many open files")

    with capture_logs() as said:
        assert Health({"database": broken}).away() == ["database"]
    assert [each["why"] for each in said] == ["too many open files"]


def test_why_a_database_is_away_is_in_the_log(databases: Databases) -> None:
    url = databases.access("probe", mapper.metadata).app_url.replace("probe_app", "nobody_known")
    away = Database(url, name="probe", events=service.events, settings=service.settings())
    with away, capture_logs() as said:
        assert Health({"database": away.answers}).away() == ["database"]
    assert 'role "nobody_known" does not exist' in said[0]["why"]


def check(address: str) -> tuple[int, dict[str, Any]]:
    with grpc.insecure_channel(address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        asked = health_pb2.HealthCheckRequest(service="millrun.probe.v1.ProbeService")
        answer, done = stub.Check.with_call(asked, timeout=health.PATIENCE + 2)
        return answer.status, dict(done.trailing_metadata())


def test_grpc_says_what_is_away_though_every_thread_waits_for_it(
    serving: Serving, probe_database: Database, databases: Databases
) -> None:
    served = serving(service, probe_database, threads=2)
    notes = served.stub(pb_grpc.ProbeServiceStub, as_=caller(Role.BUYER))

    def create(text: str) -> str:
        request = pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text=text))
        return str(notes.CreateNote(request).text)

    create("first")
    assert check(served.address) == (SERVING, {})
    with ThreadPoolExecutor(3) as pool:
        with standing_still(databases.superuser("probe")):
            waiting = [pool.submit(create, f"note {number}") for number in range(3)]
            eventually(lambda: probe_database.connections.lent >= 1)
            assert check(served.address) == (NOT_SERVING, {"away": "database"})
        assert [each.result(LONG) for each in waiting] == ["note 0", "note 1", "note 2"]
    eventually(lambda: check(served.address)[0] == SERVING)


def test_an_operator_tells_the_processes_of_a_service_apart(
    probe: Served, databases: Databases
) -> None:
    who = sa.text("select application_name from pg_stat_activity where pid = pg_backend_pid()")
    settings = service.settings(database_url=databases.access("probe").app_url)
    for verb, name in {"serve": "millrun-probe-serve", "": "millrun-probe"}.items():
        runtime = server.runtime_of(service, settings, probe.clients, verb=verb)
        with runtime.database as database, database.transaction(EVERYTHING) as tx:
            assert tx.scalar(who) == name
