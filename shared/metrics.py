"""What a process counts and times, and the page it shows it on.

One registry a process; in the embedded profile that is one for all services, told apart by their
`service` label.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from shared.health import Health
from shared.starting import PortTaken

log = structlog.get_logger()

registry = CollectorRegistry()
ProcessCollector(registry=registry)
GCCollector(registry=registry)

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

rpc_seconds = Histogram(
    "millrun_rpc_seconds",
    "How long answering a call took.",
    ["service", "method", "code"],
    buckets=_BUCKETS,
    registry=registry,
)
answers = Counter(
    "millrun_answers",
    "Answers of another service: asked for, or remembered from before.",
    ["peer", "how"],
    registry=registry,
)
clock_failures = Counter(
    "millrun_clock_failures",
    "Ticks of a clock that raised.",
    ["service", "clock"],
    registry=registry,
)


@cache
def rpc_timer(service: str, method: str, code: str) -> Callable[[float], None]:
    """Return what times one outcome of one method: looking labels up each time would cost more."""
    return rpc_seconds.labels(service, method, code).observe


def render() -> bytes:
    """Return everything this process counts, as Prometheus reads it."""
    return generate_latest(registry)


@contextmanager
def exposed(address: str, health: Health) -> Iterator[int]:
    """Serve `/metrics`, `/healthz`, `/livez` on `host:port` for a block; nothing, port 0, if empty.

    Yields the port; raises PortTaken. `/healthz` answers 200 while the process can do its work,
    else 503 with what is away; `/livez` 200 unless only a restart helps.
    """
    if not address:
        yield 0
        return
    host, _, port = address.rpartition(":")
    with _listening(host or "127.0.0.1", int(port), health) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class _Pages(ThreadingHTTPServer):
    """Who asks may give up before it is answered, which is no news either."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            log.exception("page failed")


def _listening(host: str, port: int, health: Health) -> ThreadingHTTPServer:
    try:
        return _Pages((host, port), _page(health))
    except OSError as error:
        raise PortTaken(f"{host}:{port}") from error


def _page(health: Health) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path.partition("?")[0]:
                case "/metrics":
                    self._answer(200, CONTENT_TYPE_LATEST, render())
                case "/healthz":
                    if away := health.away():
                        self._say(503, {"status": "unavailable", "away": away})
                    else:
                        self._say(200, {"status": "ok"})
                case "/livez" if health.alive():
                    self._say(200, {"status": "ok"})
                case "/livez":
                    self._say(503, {"status": "stuck"})
                case _:
                    self._answer(404, "text/plain", b"Here are /metrics, /healthz and /livez.\n")

        def _say(self, status: int, told: dict[str, Any]) -> None:
            self._answer(status, "application/json", json.dumps(told).encode())

        def _answer(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: a scrape every few seconds is no news."""

    return Page
