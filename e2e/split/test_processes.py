"""`make up BUS=rabbitmq`: every process can be killed, and all are ended at the end.

The runner is killed last: nothing is told in that Millrun afterwards.
"""

import os
import signal

import pytest

from deploy.local.house import edges, services
from deploy.local.pids import alive
from deploy.local.supervisor import answers
from deploy.local.world import RUNNER, World
from shared.testing.waits import eventually

pytestmark = pytest.mark.rabbit
OWN_BROKER = [] if "AMQP_URL" in os.environ else ["rabbitmq"]


def test_each_service_has_a_process_to_serve_and_one_to_work(split: World) -> None:
    both = {f"{name}-{verb}" for name in services() for verb in ("serve", "work")}
    assert set(split.pids) == both | {*edges(), *OWN_BROKER, "postgres", RUNNER}
    assert set(split.health) == both | set(edges())
    for health in split.health.values():
        eventually(lambda health=health: answers(health))  # type: ignore[misc]


@pytest.mark.parametrize("process", ["contract-serve", "contract-work", "gateway", "postgres"])
def test_a_process_that_dies_is_started_again(split: World, process: str) -> None:
    before = split.pids[process]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: split.pids.get(process, before) != before)


@pytest.mark.parametrize("process", ["contract-serve", "contract-work", "gateway", *OWN_BROKER])
def test_a_process_can_be_kept_dead_and_started_again(split: World, process: str) -> None:
    before = split.pids[process]
    split.kill(process)
    assert not alive(before)
    split.start(process)
    assert split.pids[process] != before
    eventually(lambda: answers(f"{split.portal}/healthz"))


def test_a_runner_that_is_killed_takes_its_processes_with_it(split: World) -> None:
    children = [pid for name, pid in split.pids.items() if name not in ("postgres", "rabbitmq")]
    split.kill(RUNNER)
    eventually(lambda: not any(alive(pid) for pid in children))
