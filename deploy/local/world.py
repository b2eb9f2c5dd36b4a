"""A whole Millrun for tests and measurements: the real command, free ports, a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.local.house import ROOT
from deploy.local.pids import alive
from deploy.local.plan import Bus, Plan
from deploy.local.ports import Address
from deploy.local.signins import SignIns
from deploy.local.state import State
from deploy.local.stranded import end_servers
from deploy.local.supervisor import answers
from shared.ports import free

RUNNER = "millrun"
"""The process `make up` is: it is everything (embedded), or watches over the others."""

START_WITHIN = 600.0
STOP_WITHIN = 60.0


class WorldBroke(Exception):
    """What was waited for did not happen; the message holds the runner's last words."""


class World:
    """A Millrun that runs; its processes can be killed, kept dead and started again."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.state = plan.state
        self.portal, self.console = plan.portal.url, plan.console.url
        self._runner: subprocess.Popen[bytes] | None = None

    @property
    def services(self) -> dict[str, str]:
        """Where each service answers gRPC, as host:port."""
        return dict(self._told()["services"])

    @property
    def health(self) -> dict[str, str]:
        """Where each process that has an address of its own says that it is well."""
        return dict(self._told()["health"])

    @property
    def pids(self) -> dict[str, int]:
        """Every process by its name: `ordering-serve`, `ordering-work`, `gateway`, `postgres` …"""
        runner = {RUNNER: self._runner.pid} if self._runner else {}
        return self.state.pids() | runner

    @property
    def sign_ins(self) -> SignIns:
        """The vendor's people, and the demo's if it was told."""
        return SignIns(self.state.sign_ins)

    def kill(self, process: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End `process` and keep it dead until it is started again; return when it is gone.

        KeyError if it does not run.
        """
        pid = self.pids[process]
        self.state.hold_file(process).touch()
        os.kill(pid, how)
        if process == RUNNER:
            self._collect()
        self._until(lambda: not alive(pid), f"{process} to end")

    def start(self, process: str) -> None:
        """Let a process that was killed run again; return when it answers."""
        self.state.hold_file(process).unlink(missing_ok=True)
        if process == RUNNER:
            self._spawn()
            return
        health = self.health.get(process)
        self._until(lambda: self._runs(process), f"{process} to start")
        if health:
            self._until(lambda: answers(health), f"{process} to answer")

    def stop(self) -> None:
        """Stop everything as Ctrl-C would; what is left of a runner that was killed, too."""
        if self._runner:
            self._runner.send_signal(signal.SIGTERM)
            self._collect()
        end_servers(self.state)

    def _runs(self, process: str) -> bool:
        pid = self.pids.get(process)  # one look: the next one may see it gone
        return pid is not None and alive(pid)

    def _spawn(self) -> None:
        if self._runner:  # it ended, or is about to: somebody else asked it to
            self._collect()
        plan = self._plan
        command = [sys.executable, "-m", "deploy.local.child", "TERM", "deploy.local", "up"]
        options = ["--state", plan.state.folder, "--bus", plan.bus]
        options += ["--portal", plan.portal, "--console", plan.console]
        options += ["--demo" if plan.demo else "--no-demo"]
        with self._output.open("ab") as output:
            self._runner = subprocess.Popen(
                [*command, *map(str, options)],
                cwd=ROOT,
                env={**os.environ, "MILLRUN_PARENT": str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self._until(lambda: bool(self._told().get("ready")), "Millrun to start")

    def _collect(self) -> None:
        assert self._runner is not None
        self._runner.wait(STOP_WITHIN)
        self._runner = None

    def _told(self) -> dict[str, Any]:
        return self.state.running() or {}

    @property
    def _output(self) -> Path:
        return self.state.folder / "output.log"

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + START_WITHIN
        while not holds():
            ended = self._runner is not None and self._runner.poll() is not None
            if ended or time.monotonic() > until:
                words = "\n".join(self._output.read_text(errors="replace").splitlines()[-20:])
                raise WorldBroke(f"waited in vain for {what}:\n{words}")
            time.sleep(0.02)


@contextmanager
def world(bus: Bus, *, demo: bool = False) -> Iterator[World]:
    """Run a whole Millrun on free ports, in a folder of its own, while the block runs.

    Raises WorldBroke if it does not start. Nothing of it is left, neither a process, even if this
    one is killed, nor the folder.
    """
    # Not below pytest's folders: those are closed to the user that root lets PostgreSQL run as.
    with TemporaryDirectory(prefix="millrun-") as folder:
        portal, console = (Address("127.0.0.1", port) for port in free(2))
        state = State(Path(folder))
        own = World(Plan(state=state, portal=portal, console=console, bus=bus, demo=demo))
        try:
            own.start(RUNNER)
            yield own
        finally:
            own.stop()
