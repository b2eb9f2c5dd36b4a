"""Ends what an earlier run of this folder left behind when it was killed."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

from deploy.local.pids import alive, command_of
from deploy.local.state import State

OURS = "deploy.local.child"
END_WITHIN = 10.0


def end_stranded(state: State) -> int:
    """Kill every process of ours that a pid file still names; return how many.

    Call it only while holding the folder. PostgreSQL and RabbitMQ are not touched: they are taken
    over by their own starters.
    """
    stranded = [pid for pid in state.pids().values() if OURS in command_of(pid)]
    _end(stranded, signal.SIGKILL)
    for file in state.run.glob("*.pid"):
        file.unlink()
    return len(stranded)


def end_servers(state: State) -> None:
    """End the PostgreSQL and the RabbitMQ that nobody will take over any more."""
    noted = state.broker / "pids"
    nodes = [int(pid) for pid in noted.read_text().split()] if noted.exists() else []
    commands = {pid: command_of(pid) for pid in (*state.pids().values(), *nodes)}
    # A process id may be somebody else's by now. Ours name the folder, but for the name server.
    ours = [pid for pid, said in commands.items() if str(state.folder) in said or "epmd" in said]
    _end(ours, signal.SIGQUIT)


def _end(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)
    until = time.monotonic() + END_WITHIN
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.02)
