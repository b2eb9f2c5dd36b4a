"""Everything in one process: asked over real channels, heard over the local bus."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
import sqlalchemy as sa

from shared.caller import Role
from shared.embedded import running
from shared.outbox import Relay
from shared.service import Clock, Runtime, Service
from shared.settings import ServiceSettings
from shared.storage import EVERYTHING, Database
from shared.tables import event_log, inbox, outbox
from shared.testing import LONG, eventually
from shared.testing.callers import Token, caller
from shared.testing.databases import Databases
from shared.tests.probe import service as probe
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.store import mapper

ticks: list[str] = []


def tick(runtime: Runtime) -> int:
    ticks.append(runtime.service.name)
    return 0


def named(name: str) -> Service:
    return Service(
        name=name,
        events=pb,
        api=probe.service.api,
        reactions=probe.reactions,
        clocks=(Clock(every=0.05, tick=tick),),
    )


@pytest.fixture
def world(
    databases: Databases, keys_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """Return who answers where; what is told leaves at its commit, or far too late."""
    monkeypatch.setattr("shared.server.Relay", partial(Relay, poll=10 * LONG))
    for name in ("probe", "other"):
        databases(named(name), tables=mapper.metadata)

    def settings_of(name: str) -> ServiceSettings:
        url = databases.access(name, mapper.metadata).app_url
        return ServiceSettings(database_url=url, keys=keys_folder)

    with running([named("probe"), named("other")], settings_of) as addresses:
        yield addresses


def create(address: str, token: str, text: str) -> Any:
    with grpc.insecure_channel(address) as channel:
        return pb_grpc.ProbeServiceStub(channel).CreateNote(
            pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text=text)),
            metadata=[("authorization", f"Bearer {token}")],
        )


def count(database: Database, table: sa.Table) -> int:
    with database.transaction(EVERYTHING) as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_one_service_asks_another_and_both_hear_of_it(
    world: dict[str, str], token: Token, databases: Databases
) -> None:
    buyer = caller(Role.BUYER)
    note = create(world["probe"], token(buyer), "ask")
    assert note.text.startswith("ask accounts/acme-buyer "), "the caller went along to the peer"
    for name in ("probe", "other"):
        database = databases(named(name), tables=mapper.metadata)
        eventually(lambda database=database: count(database, inbox) == 1)  # type: ignore[misc]
    origin = databases(named("probe"), tables=mapper.metadata)
    eventually(lambda: (count(origin, outbox), count(origin, event_log)) == (0, 1))


def test_an_event_is_heard_at_once(
    world: dict[str, str], token: Token, databases: Databases
) -> None:
    """The commit wakes the relay: nobody waits for a poll."""
    other = databases(named("other"), tables=mapper.metadata)
    for heard, text in enumerate(("hello", "again"), start=1):
        create(world["probe"], token(caller(Role.BUYER)), text)
        assert eventually(lambda heard=heard: count(other, inbox) == heard)  # type: ignore[misc]


def test_a_failed_reaction_is_tried_again_by_itself(
    world: dict[str, str], token: Token, databases: Databases
) -> None:
    other = databases(named("other"), tables=mapper.metadata)
    create(world["probe"], token(caller(Role.BUYER)), "indigestible")

    def attempts() -> int:
        with other.transaction(EVERYTHING) as tx:
            return tx.scalar(sa.text("select max(attempts) from inbox_waiting")) or 0

    eventually(lambda: attempts() >= 2)


def test_the_clocks_of_every_service_tick(world: dict[str, str]) -> None:
    ticks.clear()
    eventually(lambda: {"probe", "other"} <= set(ticks))
