"""`python -m services.<edge>`: an edge as a process of its own."""

import os
import socket
from collections.abc import Callable
from typing import TypeVar

import structlog
import uvicorn
from starlette.applications import Starlette

from shared import garbage, logging, metrics, settings, tracing
from shared.health import Health
from shared.starting import CannotStart, in_a_sentence
from shared.web.settings import EdgeSettings

log = structlog.get_logger()

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
    with in_a_sentence(name):
        given = settings.load(name, cls)
        logging.configure(name, level=given.log_level, format=given.log_format)
        tracing.configure(name, given.otlp_endpoint)
        _serve(given, application(given))
    tracing.shutdown()


def _serve(given: EdgeSettings, application: Starlette) -> None:
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe is a setting of ours
        timeout_graceful_shutdown=GRACE,
    )
    garbage.settle()
    with (
        _listening(given.address) as listening,
        metrics.exposed(given.metrics_address, Health({})) as page,
    ):
        log.info("serving", address=given.address, metrics_port=page)
        uvicorn.Server(config).run(sockets=[listening])


def _listening(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    try:
        return socket.create_server((host, int(port)), backlog=512)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise CannotStart(f"{address} cannot be listened on: {why}.") from None
