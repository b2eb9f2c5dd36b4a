"""What an edge tells those who watch it: alive, ready, and its numbers."""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared import health, metrics
from shared.web.settings import EdgeSettings

PATIENCE = health.PATIENCE + 1
"""Seconds a service has to say that it is well: it takes one to find out what is away."""


def routes(settings: EdgeSettings) -> list[Route]:
    """Return `/healthz`, `/readyz` and, unless they are served elsewhere, `/metrics`."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        services = await run_in_threadpool(states, services_in(settings.peers))
        well = set(services.values()) == {"ok"}
        told = {"status": "ok" if well else "unavailable", "services": services}
        return JSONResponse(told, 200 if well else 503)

    async def numbers(_: Request) -> Response:
        return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)

    found = [Route("/healthz", alive), Route("/readyz", ready)]
    return found if settings.metrics_address else [*found, Route("/metrics", numbers)]


def services_in(peers: Mapping[str, str]) -> dict[str, str]:
    """Return the peers that answer gRPC: those with protos. The others are edges, like this one."""
    return {name: at for name, at in peers.items() if _has_protos(name)}


@cache
def _has_protos(name: str) -> bool:
    try:
        return find_spec(f"millrun.{name}.v1") is not None
    except ModuleNotFoundError:
        return False


def states(peers: Mapping[str, str]) -> dict[str, str]:
    """Return for each service whether it answers: `ok` or `unavailable`; all are asked at once."""
    channels = {name: grpc.insecure_channel(address) for name, address in peers.items()}
    asked = {
        name: _stub(channel).Check.future(HealthCheckRequest(), timeout=PATIENCE)
        for name, channel in channels.items()
    }
    found = {name: "ok" if _is_well(answer) else "unavailable" for name, answer in asked.items()}
    for channel in channels.values():
        channel.close()
    return found


def _stub(channel: grpc.Channel) -> Any:
    return HealthStub(channel)


def _is_well(answer: Any) -> bool:
    try:
        return bool(answer.result().status == HealthCheckResponse.SERVING)
    except grpc.RpcError:
        return False
