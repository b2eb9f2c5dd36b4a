"""The gateway in one piece: the API below `/v1`, its documentation, and the portal's pages."""

from functools import cache, partial
from json import dumps

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from services.gateway import docs, portal
from services.gateway.calling import Calls
from services.gateway.contract import Contract
from services.gateway.openapi import document
from services.gateway.rest import Api
from shared import settings
from shared.clients import Clients
from shared.web import app
from shared.web.settings import EdgeSettings


def application(given: EdgeSettings | None = None) -> Starlette:
    """Return the gateway; without settings they are read from the environment."""
    given = given or settings.load("gateway", EdgeSettings)
    contract = Contract.load()
    calls = Calls(given.peers)
    api = Api(contract, calls, given.proxies)
    described = cache(partial(document, contract, given.origin))

    async def openapi(_: Request) -> Response:
        text = await run_in_threadpool(lambda: dumps(described(), ensure_ascii=False))
        return Response(text, media_type="application/json")

    found = app.application(
        title="Portal",
        settings=given,
        clients=Clients(given.peers),
        pages=[*portal.pages, docs.pages],
        routes=[
            Route("/v1/openapi.json", GZipMiddleware(request_response(openapi))),
            Route("/v1/{path:path}", api),
        ],
        # Else every service that stops would wait for calls that are open for good.
        at_end=calls.close,
    )
    found.state.openapi = described
    return found
