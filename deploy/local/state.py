"""`.state/`: the one folder that holds all a running Millrun keeps on this machine."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.pids import alive
from shared.errors import Disallowed


class AlreadyRunning(Disallowed):
    """Millrun is already running from {folder} (process {pid}): {portal}"""

    fix = "Use it, or stop it first: Ctrl-C where it was started, or: make stop"


@dataclass(frozen=True)
class State:
    """Where things lie below `folder`."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The data of every service."""
        return self.folder / "postgres"

    @property
    def broker(self) -> Path:
        """The private RabbitMQ node."""
        return self.folder / "rabbitmq"

    @property
    def keys(self) -> Path:
        """What access tokens are signed and verified with."""
        return self.folder / "keys"

    @property
    def seal(self) -> Path:
        """What contracts are sealed with, unless the vendor named its own."""
        return self.folder / "seal"

    @property
    def passports(self) -> Path:
        """What order passports are signed with, unless the vendor named its own."""
        return self.folder / "passports"

    @property
    def licenses(self) -> Path:
        """What licence codes are sealed with, unless the vendor named its own."""
        return self.folder / "licenses"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.folder / "logs"

    @property
    def run(self) -> Path:
        """What is true only while Millrun runs: pid files, holds, addresses."""
        return self.folder / "run"

    @property
    def sign_ins(self) -> Path:
        """Who can sign in, with the passwords made at the first start; mode 0600."""
        return self.folder / "sign-ins.json"

    @property
    def demo(self) -> Path:
        """Says how the first demo went, so that it is never told twice by itself."""
        return self.folder / "demo.json"

    def pid_file(self, process: str) -> Path:
        """Holds the process id of `process` while it runs."""
        return self.run / f"{process}.pid"

    def hold_file(self, process: str) -> Path:
        """While it is there, `process` is not started again when it ends."""
        return self.run / f"{process}.hold"

    def note_pid(self, process: str, pid: int) -> None:
        """Write down that `process` runs as `pid`; a reader sees the old one or the new one."""
        path = self.pid_file(process)
        draft = path.with_suffix(".new")
        draft.write_text(f"{pid}\n")
        draft.replace(path)

    def pids(self) -> dict[str, int]:
        """Return the processes that were started and not seen to end, by name."""
        found = {path.stem: _number(path) for path in sorted(self.run.glob("*.pid"))}
        return {name: pid for name, pid in found.items() if pid}

    @contextmanager
    def held(self, running: Mapping[str, Any]) -> Iterator[None]:
        """Keep everybody else out while the block runs, and tell them what is `running`.

        Raises AlreadyRunning if another process holds it. The lock goes with the process, however
        that ends.
        """
        self.run.mkdir(parents=True, exist_ok=True)
        with (self.run / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                told = self.running() or {}
                raise AlreadyRunning(
                    folder=self.folder, pid=told.get("pid", "?"), portal=told.get("portal", "")
                ) from None
            write_json(self._told, {**running, "pid": os.getpid()})
            try:
                yield
            finally:
                self._told.unlink(missing_ok=True)

    def tell(self, running: Mapping[str, Any]) -> None:
        """Let others read what runs here; merged with what was told before."""
        write_json(self._told, {**(_json(self._told) or {}), **running})

    def running(self) -> dict[str, Any] | None:
        """Return what the running Millrun told, or None if none that told runs from this folder."""
        told = _json(self._told) if self._is_held() else None
        # One that was killed left what it told to whoever holds the lock now and tells it in turn.
        return told if told and alive(told["pid"]) else None

    @property
    def _told(self) -> Path:
        return self.run / "running.json"

    def _is_held(self) -> bool:
        if not (self.run / "lock").exists():
            return False
        with (self.run / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def write_json(path: Path, content: object) -> None:
    """Write `content` whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    draft.replace(path)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return content


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return 0
