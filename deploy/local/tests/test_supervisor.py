"""A process is kept running, ended for good, and never outlives its runner."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest

from deploy.local.control import state_of
from deploy.local.house import ROOT
from deploy.local.pids import alive, command_of, stands_still
from deploy.local.progress import Progress
from deploy.local.state import State
from deploy.local.stranded import end_stranded
from deploy.local.supervisor import Process, Supervised, WouldNotStart, answers
from shared import metrics
from shared.health import Health
from shared.ports import free
from shared.testing.frozen import frozen
from shared.testing.waits import LONG, eventually

PUPPET = "deploy.local.tests.puppet"
RUNNER = f"""
import sys, time
from pathlib import Path
from deploy.local.progress import Progress
from deploy.local.state import State
from deploy.local.supervisor import Process, Supervised
health = f"http://127.0.0.1:{{sys.argv[2]}}/healthz"
process = Process(name="puppet", command=({PUPPET!r}, sys.argv[2]), health=health)
supervised = Supervised(process, State(Path(sys.argv[1])), Progress())
supervised.start()
supervised.wait_ready({LONG})
print("ready", flush=True)
time.sleep({LONG})
"""


def puppet(*arguments: str) -> Process:
    """Return a process to practise on."""
    (port,) = free(1)
    return Process(
        name="puppet",
        command=(PUPPET, str(port), *arguments),
        health=f"http://127.0.0.1:{port}/healthz",
    )


@contextmanager
def supervised(process: Process, state: State, progress: Progress) -> Iterator[Supervised]:
    """Keep `process` running for a block."""
    own = Supervised(process, state, progress)
    own.start()
    try:
        yield own
    finally:
        own.ask_to_stop()
        own.stopped(LONG)


def test_a_process_that_is_killed_is_started_again(state: State, progress: Progress) -> None:
    with supervised(puppet(), state, progress) as own:
        own.wait_ready(LONG)
        first = state.pids()["puppet"]
        os.kill(first, signal.SIGKILL)
        eventually(lambda: state.pids().get("puppet", first) != first)
        own.wait_ready(LONG)
    assert state.pids() == {}


def test_a_process_that_is_held_stays_dead_until_it_is_let_go(
    state: State, progress: Progress
) -> None:
    with supervised(puppet(), state, progress) as own:
        own.wait_ready(LONG)
        state.hold_file("puppet").touch()
        os.kill(state.pids()["puppet"], signal.SIGKILL)
        eventually(lambda: not state.pids())
        with pytest.raises(WouldNotStart):
            own.wait_ready(0.5)
        state.hold_file("puppet").unlink()
        own.wait_ready(LONG)


def test_who_answers_that_it_is_not_well_is_told_from_who_does_not_answer() -> None:
    nowhere = f"http://127.0.0.1:{free(1)[0]}/healthz"
    with metrics.exposed("127.0.0.1:0", Health({"database": lambda: False})) as port:
        unwell = f"http://127.0.0.1:{port}/healthz"
        assert [state_of(each) for each in (unwell, nowhere)] == [
            "waits for database",
            "does not answer",
        ]
    with metrics.exposed("127.0.0.1:0", Health({})) as port:
        assert state_of(f"http://127.0.0.1:{port}/healthz") == "ready"


def test_a_process_that_was_stopped_stands_still(state: State, progress: Progress) -> None:
    with supervised(puppet(), state, progress) as own:
        own.wait_ready(10)
        pid = state.pids()["puppet"]
        assert not stands_still(pid)
        with frozen(pid):
            assert stands_still(pid)
        assert alive(pid)


def test_stopping_ends_it_for_good(state: State, progress: Progress) -> None:
    with supervised(puppet(), state, progress) as own:
        own.wait_ready(LONG)
        pid = state.pids()["puppet"]
    assert not alive(pid)
    assert not answers(own.process.health)


def test_its_log_is_kept_and_what_matters_is_seen(
    state: State, screen: StringIO, progress: Progress
) -> None:
    with supervised(puppet(), state, progress) as own:
        own.wait_ready(LONG)
        log = state.logs / "puppet.log"
        eventually(lambda: "this is not" in log.read_text())
        eventually(lambda: "puppet | 2031-01-01 [warning  ] this is worth" in screen.getvalue())
    assert "this is not" not in screen.getvalue()


def test_a_process_that_cannot_start_is_reported_with_its_last_words(
    state: State, progress: Progress
) -> None:
    with supervised(puppet("die"), state, progress) as own, pytest.raises(WouldNotStart) as refused:
        own.wait_ready(LONG)
    assert "I cannot go on" in str(refused.value)
    assert str(state.logs / "puppet.log") in refused.value.remedy


def killed_runner(state: State) -> tuple[int, int]:
    """Kill a runner that kept a puppet; return the puppet's port and process id."""
    (port,) = free(1)
    command = [sys.executable, "-c", RUNNER, str(state.folder), str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as runner:
        assert runner.stdout is not None
        assert any(line == b"ready\n" for line in runner.stdout)
        pid = state.pids()["puppet"]
        runner.send_signal(signal.SIGKILL)
    return port, pid


def test_it_does_not_outlive_a_runner_that_was_killed(state: State) -> None:
    _, pid = killed_runner(state)
    eventually(lambda: not alive(pid))


def test_what_a_killed_run_left_is_ended_before_the_next_one(state: State) -> None:
    command = [sys.executable, "-m", "deploy.local.child", "KILL", PUPPET, str(free(1)[0])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MILLRUN_PARENT": str(os.getpid())}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as stranded:
        eventually(lambda: PUPPET in command_of(stranded.pid))
        state.pid_file("ordering-serve").write_text(str(stranded.pid))
        state.pid_file("somebody-else").write_text(str(os.getpid()))
        assert end_stranded(state) == 1
        assert stranded.wait(LONG) == -signal.SIGKILL
    assert state.pids() == {}
