"""Looks at and stops the Millrun that runs from a folder, from another process."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from deploy.local.pids import alive
from deploy.local.state import State
from deploy.local.supervisor import answer_of
from shared.errors import Disallowed, Unavailable


class NotRunning(Disallowed):
    """Millrun is not running from {folder}."""

    fix = "Start it: make up."


class WouldNotStop(Unavailable):
    """Process {pid} was asked to stop {seconds} seconds ago and still runs."""

    fix = "Look at {log}, or end it: kill -9 {pid}"


def running(state: State) -> dict[str, Any]:
    """Return what the running Millrun told of itself; refuse with NotRunning."""
    told = state.running()
    if told is None:
        raise NotRunning(folder=state.folder)
    return told


def status(state: State) -> list[str]:
    """Return a line for each thing that runs; refuse with NotRunning."""
    told = running(state)
    lines = [f"Millrun runs from {state.folder} ({told['profile']}, process {told['pid']})"]
    health, pids = told.get("health", {}), state.pids()
    for name in [*health, *(name for name in pids if name not in health)]:
        url, pid = health.get(name, ""), pids.get(name, told["pid"])
        how = state_of(url) if url else "runs" if alive(pid) else "does not run"
        lines.append(f"{name:<22} {how:<16} process {pid:<8} {url}".rstrip())
    return lines


def stop(state: State, *, seconds: float = 60) -> None:
    """Stop it as Ctrl-C would and return when it is gone; refuse with NotRunning, WouldNotStop."""
    told = running(state)
    os.kill(told["pid"], signal.SIGTERM)
    until = time.monotonic() + seconds
    while state.running() is not None or alive(told["pid"]):
        if time.monotonic() > until:
            raise WouldNotStop(pid=told["pid"], seconds=seconds, log=state.logs)
        time.sleep(0.05)


def state_of(health: str) -> str:
    """Return in a word or two how the process is whose health is told at this address."""
    match answer_of(health):
        case 200:
            return "ready"
        case 0:
            return "does not answer"
        case _:  # it says so itself: what it stands on is away
            return "not well"
