"""`python -m services.<edge>`: an edge as a process of its own."""

import os
import socket
from collections.abc import Callable
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette

from shared import garbage, logging, metrics, settings, tracing
from shared.health import Health
from shared.web.settings import EdgeSettings

_S = TypeVar("_S", bound=EdgeSettings)

GRACE = 10
"""Seconds answers under way may take when the process stops."""


def launch(
    name: str,
    application: Callable[[_S], Starlette],
    cls: type[_S] = EdgeSettings,  # type: ignore[assignment]
) -> None:
    """Serve an edge until SIGTERM or SIGINT, then finish what is under way.

    Settings are read here, once, as `<NAME>_…`; ends with a sentence if the address is taken.
    """
    given = settings.load(name, cls)
    logging.configure(name, level=given.log_level, format=given.log_format)
    tracing.configure(name, given.otlp_endpoint)
    host, _, port = given.address.rpartition(":")
    try:
        listening = socket.create_server((host, int(port)), backlog=512)
    except OSError as error:
        raise SystemExit(
            f"{given.address} cannot be listened on: {os.strerror(error.errno or 0)}."
        ) from None
    config = uvicorn.Config(
        application(given),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe is a setting of ours
        timeout_graceful_shutdown=GRACE,
    )
    garbage.settle()
    with metrics.exposed(given.metrics_address, Health({})):
        uvicorn.Server(config).run(sockets=[listening])
    tracing.shutdown()
