"""The REST API: every public RPC, called by the HTTP rules of its proto."""

import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.gateway import problems
from services.gateway.calling import Calls, Metadata
from services.gateway.contract import Contract, Method
from services.gateway.reading import read
from services.gateway.router import Router
from services.gateway.writing import write
from shared import pieces
from shared.clients import origin_of
from shared.metrics import rpc_timer
from shared.tracing import traceparent_from
from shared.web.network import Network, network_of

LARGEST = 4 * 1024 * 1024
"""Bytes of a body; as much as a service takes in one message (reliability §3)."""

LARGEST_UPLOAD = pieces.LARGEST * 4 // 3 + 64 * 1024
"""Bytes of a body with a file in it, which JSON holds as base64."""


class Api:
    """An ASGI application that answers everything below `/v1`."""

    def __init__(self, contract: Contract, calls: Calls, proxies: Sequence[Network] = ()) -> None:
        """`proxies` are the networks whose word about where a request came from is taken."""
        self._router = Router(contract.methods)
        self._proxies = proxies
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it is, with JSON, bytes or a problem."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        began = time.perf_counter()
        traceparent = traceparent_from(request.headers.get("traceparent", ""))
        rpc = "unknown"
        try:
            binding, variables = self._router.find(request.method, request.scope["path"])
            rpc = binding.method.full_name
            body = await _body(request, LARGEST_UPLOAD if binding.method.in_pieces else LARGEST)
            query = request.query_params.multi_items()
            message = read(binding, variables, query, request.headers, body)
            metadata = _metadata(request, traceparent, network_of(request, self._proxies))
            response = await self._call(binding.method, message, metadata)
        except ClientDisconnect:
            raise
        except Exception as error:
            response = problems.answer(error, traceparent[3:35])
        rpc_timer("gateway", rpc, str(response.status_code))(time.perf_counter() - began)
        return response

    async def _call(self, method: Method, message: Any, metadata: Metadata) -> Response:
        if method.streams:
            parts = self._calls.stream(method, message, metadata)
            first = await run_in_threadpool(next, parts, None)
            return _file(first, parts)
        answer = await self._calls.ask(method, message, metadata)
        if method.gives_bytes:
            return _file(answer, iter(()))
        headers = {"cache-control": "no-store"}
        if etag := getattr(answer, "etag", ""):
            headers["etag"] = f'"{etag}"'
        return Response(write(answer), headers=headers, media_type="application/json")


def _metadata(request: Request, traceparent: str, network: str) -> Metadata:
    """Return what goes on to the service: who calls is in the token and nowhere else."""
    device = request.headers.get("user-agent", "")
    metadata = [("traceparent", traceparent), *origin_of(network, device)]
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.isascii() and token.isprintable():
        metadata.append(("authorization", f"Bearer {token.strip()}"))
    return metadata


async def _body(request: Request, most: int) -> bytes:
    """Return the body; TooLarge before more than is allowed was read."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise problems.TooLarge(most=most // 1024**2)
        parts.append(part)
    return b"".join(parts)


def _file(first: Any, parts: Iterator[Any]) -> Response:
    """Return a file as it comes; a browser saves it and shows nothing of it."""
    headers = {
        "content-disposition": "attachment",
        "content-security-policy": "sandbox",
        "cache-control": "no-store",
    }
    if first is None:
        return Response(b"", headers=headers, media_type="application/octet-stream")
    chunks = (part.data for part in chain([first], parts))
    return StreamingResponse(chunks, headers=headers, media_type=first.content_type)
