"""The console as a process of its own."""

import os
import signal
import subprocess
import sys

import httpx

from shared.ports import free
from shared.testing.waits import LONG, eventually


def test_it_answers_and_stops_when_told() -> None:
    address = f"127.0.0.1:{free(1)[0]}"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "CONSOLE_ADDRESS": address,
    }
    command = [sys.executable, "-m", "services.console", "serve"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    try:
        eventually(lambda: _is_there(f"http://{address}/sign-in"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        process.communicate()


def _is_there(url: str) -> bool:
    try:
        return "Console" in httpx.get(url).text
    except httpx.TransportError:
        return False
