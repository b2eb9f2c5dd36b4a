"""Two runs must never share a folder, and none may be locked out by one that died."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.house import ROOT
from deploy.local.state import AlreadyRunning, State, write_json

HOLD = """
import sys, time
from pathlib import Path
from deploy.local.state import State
with State(Path(sys.argv[1])).held({"portal": "http://127.0.0.1:1", "profile": "embedded"}):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_and_told_where_the_first_one_is(state: State) -> None:
    with (
        state.held({"portal": "http://127.0.0.1:8080"}),
        pytest.raises(AlreadyRunning) as refused,
        state.held({}),
    ):
        pass
    assert f"process {os.getpid()}): http://127.0.0.1:8080" in str(refused.value)
    assert "stop" in refused.value.remedy


def test_a_run_that_was_killed_locks_nobody_out(state: State) -> None:
    command = [sys.executable, "-c", HOLD, str(state.folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        told = state.running()
        assert told == {"portal": "http://127.0.0.1:1", "profile": "embedded", "pid": holder.pid}
        holder.send_signal(signal.SIGKILL)
    assert state.running() is None
    with (state.run / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert state.running() is None, "what a dead one told is taken for the next one's"
    with state.held({"portal": "again"}):
        assert state.running() == {"portal": "again", "pid": os.getpid()}


def test_what_was_told_is_forgotten_at_the_end(state: State) -> None:
    with state.held({"portal": "here"}):
        state.tell({"ready": True})
        assert state.running() == {"portal": "here", "pid": os.getpid(), "ready": True}
    assert state.running() is None


def test_what_is_written_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret.json"
    write_json(file, {"password": "p"})
    write_json(file, {"password": "q"})
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text()) == {"password": "q"}
