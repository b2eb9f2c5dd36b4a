"""`make up` in the embedded profile: what somebody at a keyboard may do to it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.house import ROOT, edges, services
from deploy.local.pids import alive
from deploy.local.supervisor import answers
from deploy.local.world import RUNNER, World, world
from shared.caller import STAFF_ROLES
from shared.testing.waits import LONG, eventually


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    """Return a Millrun that runs, all in one process."""
    with world("local") as own:
        yield own


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a state folder and return what came of it."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", *arguments, "--state", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=2 * LONG,
    )


def test_the_edges_answer_where_they_were_told_to(running: World) -> None:
    where = {"gateway": running.portal, "console": running.console}
    assert running.health == {name: f"{where[name]}/healthz" for name in edges()}
    for health in running.health.values():
        eventually(lambda health=health: answers(health))  # type: ignore[misc]


def test_every_service_listens(running: World) -> None:
    assert sorted(running.services) == services()
    for address in running.services.values():
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=LONG).close()


def test_the_vendors_people_have_accounts_and_only_their_owner_can_read_them(
    running: World,
) -> None:
    assert {one.role for one in running.sign_ins} >= {role.value for role in STAFF_ROLES}
    assert all(one.ready for one in running.sign_ins)
    assert running.state.sign_ins.stat().st_mode & 0o777 == 0o600


def test_status_names_what_runs(running: World) -> None:
    def shown() -> str:
        return command(running.state.folder, "status").stdout

    # It gives each a second, which a busy machine does not.
    eventually(lambda: "does not answer" not in shown())
    assert "embedded" in shown()
    assert running.portal in shown()


def test_a_second_run_says_that_it_is_running_already_and_where(running: World) -> None:
    second = command(running.state.folder, "up")
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert running.portal in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_named_with_what_to_set(running: World, tmp_path: Path) -> None:
    refused = command(tmp_path, "up", "--portal", running.portal.removeprefix("http://"))
    assert refused.returncode == 1
    assert f"Port {running.portal.rpartition(':')[2]}" in refused.stderr
    assert "MILLRUN_PORTAL_ADDRESS=" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_damaged_list_of_who_can_sign_in_is_named_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "sign-ins.json").write_text('[{"email": "b@')
    refused = command(tmp_path, "up")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"error: {tmp_path}/sign-ins.json is damaged")
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "postgres").exists()


def test_postgresql_is_started_again_when_it_dies(running: World) -> None:
    before = running.pids["postgres"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: running.pids["postgres"] != before and alive(running.pids["postgres"]))
    eventually(lambda: answers(f"{running.portal}/healthz"))


def test_a_run_that_was_killed_is_followed_by_one_that_works(running: World) -> None:
    running.kill(RUNNER)
    assert not answers(f"{running.portal}/healthz")
    running.start(RUNNER)
    eventually(lambda: answers(f"{running.portal}/healthz"))


def test_stopping_ends_everything_and_the_next_start_finds_the_data(running: World) -> None:
    pids, sign_ins = running.pids, list(running.sign_ins)
    stopped = command(running.state.folder, "stop")
    assert stopped.returncode == 0, stopped.stderr
    assert [name for name, pid in pids.items() if alive(pid)] == []
    again = command(running.state.folder, "stop")
    assert again.stderr.startswith("error: Millrun is not running")
    running.start(RUNNER)
    eventually(lambda: answers(f"{running.portal}/healthz"))
    assert list(running.sign_ins) == sign_ins
