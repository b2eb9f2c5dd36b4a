"""Serves an edge from a thread of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import uvicorn

from deploy.local.ports import Address
from shared.errors import Unavailable

START_WITHIN = 20.0
STOP_WITHIN = 10
"""Seconds answers under way may take when it stops."""


class EdgeDidNotStart(Unavailable):
    """The {name} does not answer on {address}."""

    fix = "Read the log; it says why."


@contextmanager
def serving(name: str, address: Address) -> Iterator[None]:
    """Serve `services.<name>` on `address` while the block runs; refuse with EdgeDidNotStart.

    Its settings come from this process's environment.
    """
    config = uvicorn.Config(
        import_module(f"services.{name}.app").application(),
        host=address.host,
        port=address.port,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name=name, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + START_WITHIN
        while not server.started:
            if not thread.is_alive() or time.monotonic() > until:
                raise EdgeDidNotStart(name=name, address=address)
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN + 5)
