"""`make up BUS=rabbitmq`: every process can be killed, and all are ended at the end."""

import os
import signal
from collections.abc import Iterator

import pytest

from deploy.local.house import edges, services
from deploy.local.pids import alive
from deploy.local.supervisor import answers
from deploy.local.world import RUNNER, World, world
from shared.testing.waits import eventually

pytestmark = pytest.mark.rabbit
OWN_BROKER = [] if "AMQP_URL" in os.environ else ["rabbitmq"]


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    """Return a Millrun of many processes; once it is stopped, none of them may be left."""
    with world("rabbitmq") as own:
        yield own
        pids = own.pids
    assert [name for name, pid in pids.items() if alive(pid)] == []


def test_each_service_has_a_process_to_serve_and_one_to_work(running: World) -> None:
    both = {f"{name}-{verb}" for name in services() for verb in ("serve", "work")}
    assert set(running.pids) == both | {*edges(), *OWN_BROKER, "postgres", RUNNER}
    assert set(running.health) == both | set(edges())
    assert [name for name, health in running.health.items() if not answers(health)] == []


@pytest.mark.parametrize("process", ["contract-serve", "contract-work", "gateway", "postgres"])
def test_a_process_that_dies_is_started_again(running: World, process: str) -> None:
    before = running.pids[process]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: running.pids.get(process, before) != before, 30)


@pytest.mark.parametrize("process", ["contract-serve", "contract-work", "gateway", *OWN_BROKER])
def test_a_process_can_be_kept_dead_and_started_again(running: World, process: str) -> None:
    before = running.pids[process]
    running.kill(process)
    assert not alive(before)
    running.start(process)
    assert running.pids[process] != before
    eventually(lambda: answers(f"{running.portal}/healthz"), 30)


def test_a_runner_that_is_killed_takes_its_processes_with_it(running: World) -> None:
    children = [pid for name, pid in running.pids.items() if name not in ("postgres", "rabbitmq")]
    running.kill(RUNNER)
    eventually(lambda: not any(alive(pid) for pid in children), 10)
