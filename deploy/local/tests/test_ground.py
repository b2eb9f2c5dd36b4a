"""What is missing below the services is said in a sentence that helps."""

import os
import signal
import subprocess
from contextlib import ExitStack
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa

import deploy.local.databases
from deploy.local.broker import BrokerAway, NoBroker, broker
from deploy.local.databases import NoPostgres, PostgresWentAway, databases, there
from deploy.local.ground import ground
from deploy.local.keeper import Keeper
from deploy.local.pids import alive
from deploy.local.progress import Progress
from deploy.local.signins import SignIns
from deploy.local.staff import AccountsNotMade, hire
from deploy.local.state import State
from shared import broker as brokers
from shared.ports import free
from shared.testing.waits import eventually


def test_a_broker_that_does_not_answer_is_named_without_its_password(
    state: State, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    (port,) = free(1)
    monkeypatch.setenv("AMQP_URL", f"amqp://me:hidden@127.0.0.1:{port}/shop")
    with ExitStack() as stack, pytest.raises(BrokerAway) as refused:
        broker(["ordering"], stack, state, progress)
    assert f"127.0.0.1:{port}/shop" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_machine_without_a_broker_is_told_how_to_get_one(
    state: State, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise brokers.BrokerMissing("RabbitMQ is not installed. Install it.")

    monkeypatch.delenv("AMQP_URL", raising=False)
    monkeypatch.setattr(brokers, "provide", missing)
    with ExitStack() as stack, pytest.raises(NoBroker, match="Install it"):
        broker(["ordering"], stack, state, progress)


def test_a_postgresql_that_does_not_start_says_why(state: State, progress: Progress) -> None:
    state.postgres.mkdir()
    (state.postgres / "PG_VERSION").write_text("1\n")
    with ExitStack() as stack, pytest.raises(NoPostgres) as refused:
        databases(["ordering"], stack, state, progress)
    assert str(state.postgres) in refused.value.remedy


def killed(state: State) -> None:
    """End PostgreSQL as the system does when it has no memory left, and have it stay dead."""
    state.hold_file("postgres").touch()
    pid = state.pids()["postgres"]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{pid}").exists())  # until then pg_ctl says that it runs


def test_a_postgresql_that_is_killed_while_millrun_starts_is_said(
    state: State, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = deploy.local.databases._prepared

    def killed_before(service: str, superuser_url: str) -> dict[str, str]:
        killed(state)
        return prepared(service, superuser_url)

    monkeypatch.setattr(deploy.local.databases, "_prepared", killed_before)
    with pytest.raises(PostgresWentAway) as refused:
        stand(state, progress)
    assert "connection" in str(refused.value)
    assert str(state.postgres) in refused.value.remedy


def stand(state: State, progress: Progress) -> None:
    with ground(["contract"], bus="local", state=state, progress=progress) as stands_on:
        killed(state)
        with sa.create_engine(stands_on.own["contract"]["CONTRACT_DATABASE_URL"]).connect():
            raise AssertionError("it was killed")


def test_whoever_starts_after_that_is_told_the_same(state: State, progress: Progress) -> None:
    with pytest.raises(PostgresWentAway):
        stand(state, progress)


def test_what_else_fails_while_millrun_starts_stays_what_it_is(
    state: State,
) -> None:
    with pytest.raises(ZeroDivisionError), there(state):
        raise ZeroDivisionError


def test_databases_that_are_given_are_used_as_they_are(
    state: State, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERING_DATABASE_URL", "postgresql+psycopg://elsewhere")
    with ground(["ordering"], bus="local", state=state, progress=progress) as stands_on:
        assert "ORDERING_DATABASE_URL" not in stands_on.own["ordering"]
    assert not state.postgres.exists()


def test_keys_are_made_once_and_the_private_one_is_for_its_owner(
    state: State, progress: Progress
) -> None:
    with ground([], bus="local", state=state, progress=progress) as first:
        made = (state.keys / "jwks.json").read_bytes()
    with ground([], bus="local", state=state, progress=progress) as second:
        assert first.common == second.common == {"MILLRUN_KEYS": str(state.keys)}
    assert (state.keys / "jwks.json").read_bytes() == made
    assert (state.keys / "signing.jwk").stat().st_mode & 0o777 == 0o600


def test_each_service_gets_a_database_and_postgresql_ends_with_the_run(
    state: State, progress: Progress
) -> None:
    with ground(["contract"], bus="local", state=state, progress=progress) as stands_on:
        assert "contract_app@" in stands_on.own["contract"]["CONTRACT_DATABASE_URL"]
        pid = state.pids()["postgres"]
        assert alive(pid)
    assert not alive(pid)
    assert state.pids() == {}


def test_what_went_wrong_first_is_told_also_when_the_server_does_not_stop(
    state: State, screen: StringIO, progress: Progress
) -> None:
    def fail() -> None:
        raise RuntimeError("too late")

    kept = partial(Keeper, "server", state, progress, start=os.getpid, stop=fail)
    with pytest.raises(ZeroDivisionError), kept():
        raise ZeroDivisionError
    assert "server does not stop: too late" in screen.getvalue()
    with pytest.raises(RuntimeError, match="too late"), kept():
        pass


def test_one_that_died_and_was_not_collected_yet_is_not_taken_for_one_that_runs(
    state: State, screen: StringIO, progress: Progress
) -> None:
    """`pg_ctl` finds the process of a dead PostgreSQL until the system lets go of it."""
    with subprocess.Popen(["true"]) as dead:
        eventually(lambda: not alive(dead.pid))
        starts = iter([dead.pid, dead.pid, dead.pid, os.getpid()])
        with Keeper("server", state, progress, start=lambda: next(starts), stop=lambda: None):
            eventually(lambda: state.pids()["server"] == os.getpid())
    assert screen.getvalue().count("starting it again") == 1


def test_accounts_that_cannot_be_made_without_a_database_are_said_in_a_sentence(
    state: State,
) -> None:
    nowhere = f"postgresql+psycopg://authorization_app@/authorization?host={state.folder}"
    with pytest.raises(AccountsNotMade, match="PostgreSQL does not answer") as refused:
        hire(SignIns(state.sign_ins), {"AUTHORIZATION_DATABASE_URL": nowhere})
    assert "Traceback" not in str(refused.value)
