"""A private RabbitMQ node.

It keeps everything in one folder and listens on 127.0.0.1 only: its own name, ports, cookie, user
and epmd, so that it neither meets nor disturbs another one on the machine. It runs as whoever
starts it, root included.
"""

import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from amqp.exceptions import AMQPError

from shared.ports import free
from shared.rabbit import connect
from shared.topology import policies

START_WITHIN = 120.0
"""Seconds a node may take until it answers; alone on two cores it takes three to five."""

STOP_WITHIN = 30.0
"""Seconds until asking nicely is over."""

_NAME = "millrun"


class BrokerFailed(RuntimeError):
    """The private node did not start; the message says where its log is."""


class Node:
    """A private node; stopping and starting it again keeps its address and its messages."""

    def __init__(self, folder: Path, program: Path, consumers: Iterable[str] = ()) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._program = program
        self._port, self._dist_port, self._epmd_port = free(3)
        self._running: list[subprocess.Popen[bytes]] = []
        password = self._password()
        self._write_settings(password, list(consumers))
        self.url = f"amqp://{_NAME}:{password}@127.0.0.1:{self._port}/{_NAME}"

    def start(self) -> None:
        """Start it and return once it answers; raises BrokerFailed when it does not."""
        self._end_stranded()
        epmd = shutil.which("epmd") or "epmd"
        self._spawn(epmd, "-port", str(self._epmd_port), "-address", "127.0.0.1")
        self._spawn(str(self._program))
        self._pids.write_text(" ".join(str(each.pid) for each in self._running))
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End the node and its epmd, gently if that does not take too long."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the node at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _end(self, how: signal.Signals) -> None:
        for process in reversed(self._running):
            _signal_group(process.pid, how)
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()
        self._pids.unlink(missing_ok=True)

    def _spawn(self, *command: str) -> None:
        # A session of its own: Ctrl-C at the terminal must not reach it before those who use it.
        with (self._folder / "console.log").open("ab") as log:
            started = subprocess.Popen(
                command,
                env=self._environment(),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(started)

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return inherited | {
            "HOME": str(self._folder),  # where Erlang keeps its cookie
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_NODENAME": f"{_NAME}@localhost",
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self._folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "none.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            # Idle schedulers sleep instead of spinning: the cores belong to others too.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}"
            " +sbwt none +sbwtdcpu none +sbwtdio none",
            # Makes the start script become the node instead of watching it: one pid, the node's.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _write_settings(self, password: str, consumers: list[str]) -> None:
        definitions = json.dumps(_definitions(password, consumers), indent=1)
        self._write("definitions.json", definitions)
        self._write("plugins", "[].\n")
        self._write("advanced.config", "[].\n")
        self._write(
            "rabbitmq.conf",
            f"listeners.tcp.local = 127.0.0.1:{self._port}\n"
            f"load_definitions = {self._folder / 'definitions.json'}\n"
            "log.file.level = warning\n",
        )

    def _password(self) -> str:
        file = self._folder / "password"
        if not file.exists():
            self._write("password", secrets.token_urlsafe(24))
        return file.read_text()

    def _write(self, name: str, text: str) -> None:
        file = self._folder / name
        file.touch(mode=0o600)
        file.write_text(text)

    @property
    def _pids(self) -> Path:
        return self._folder / "pids"

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until and self._running[-1].poll() is None:
            with suppress(AMQPError, OSError):
                connect(self.url, patience=2).close()
                return
            time.sleep(0.1)
        self.kill()
        raise BrokerFailed(
            f"RabbitMQ did not start within {START_WITHIN:.0f} s: "
            f"console.log and log/ in {self._folder} say why."
        )

    def _end_stranded(self) -> None:
        """End a node whose starter was killed: two nodes on one folder would ruin it."""
        if not self._pids.exists():
            return
        for pid in map(int, reversed(self._pids.read_text().split())):
            until = time.monotonic() + STOP_WITHIN
            while self._is_ours(pid) and time.monotonic() < until:
                _signal_group(pid, signal.SIGKILL)
                time.sleep(0.02)

    def _is_ours(self, pid: int) -> bool:
        """Whether `pid` lives and is of a node in this folder: numbers are used again."""
        try:
            return f"HOME={self._folder}" in Path(f"/proc/{pid}/environ").read_text().split("\0")
        except (OSError, UnicodeDecodeError):
            return False


def _definitions(password: str, consumers: list[str]) -> dict[str, Any]:
    salt = secrets.token_bytes(4)
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    everything = dict.fromkeys(("configure", "write", "read"), ".*")
    return {
        "vhosts": [{"name": _NAME}],
        "users": [
            {
                "name": _NAME,
                "password_hash": digest,
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "",
            }
        ],
        "permissions": [{"user": _NAME, "vhost": _NAME, **everything}],
        "policies": policies(consumers, vhost=_NAME),
    }


def _signal_group(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, how)  # each of ours leads its own group
