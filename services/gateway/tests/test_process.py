"""The gateway as a process of its own."""

import os
import signal
import socket
import subprocess
import sys

import httpx

from shared.ports import free
from shared.testing.waits import LONG, eventually


def start(address: str) -> subprocess.Popen[str]:
    """Start a gateway that listens on `address`."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "GATEWAY_ADDRESS": address,
        "ORDERING_ADDRESS": "127.0.0.1:1",
    }
    command = [sys.executable, "-m", "services.gateway", "serve"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_it_answers_and_stops_when_told() -> None:
    address = f"127.0.0.1:{free(1)[0]}"
    process = start(address)
    try:
        eventually(lambda: _is_alive(address))
        ready = httpx.get(f"http://{address}/readyz").json()
        assert ready["services"] == {"ordering": "unavailable"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        process.communicate()


def test_a_taken_address_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        _, said = start(address).communicate(timeout=LONG)
    assert (
        said
        == f"gateway does not start. {address} cannot be listened on: Address already in use.\n"
    )


def _is_alive(address: str) -> bool:
    try:
        return httpx.get(f"http://{address}/healthz").status_code == 200
    except httpx.TransportError:
        return False
