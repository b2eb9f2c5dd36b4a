"""Looks at and stops the Millrun that runs from a folder, from another process."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from deploy.local.pids import alive, stands_still
from deploy.local.state import State
from deploy.local.supervisor import told_by
from shared.errors import Disallowed, Unavailable
from shared.health import PATIENCE


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
    names = [*health, *(name for name in pids if name not in health)]
    with ThreadPoolExecutor(len(names) or 1) as pool:  # each may take a second to find out
        hows = pool.map(lambda name: _how(health.get(name, ""), pids.get(name, told["pid"])), names)
        for name, how in zip(names, hows, strict=True):
            url, pid = health.get(name, ""), pids.get(name, told["pid"])
            lines.append(f"{name:<22} {how:<20} process {pid:<8} {url}".rstrip())
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


def _how(health: str, pid: int) -> str:
    """Return in some words how a process is, by what it says and by what the system says of it."""
    if stands_still(pid):
        return "stands still"
    if health:
        return state_of(health)
    return "runs" if alive(pid) else "does not run"


def state_of(health: str) -> str:
    """Return in some words how the process is whose health is told at this address."""
    match told_by(health, seconds=PATIENCE + 1):
        case (200, _):
            return "ready"
        case (0, _):
            return "does not answer"
        case (_, body):  # it says itself what it stands on is away
            with suppress(ValueError, KeyError):
                return f"waits for {', '.join(json.loads(body)['away'])}"
    return "not well"
