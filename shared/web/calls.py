"""Asking a service on behalf of whoever looks at the page."""

import time
from typing import Any

from google.protobuf.message import Message
from starlette.requests import Request

from shared.call import Call, within
from shared.tracing import traceparent_from

DEADLINE = 10.0
"""Seconds a page may take in all; what it asks must answer within."""

AUTHORIZATION = "authorization"


def call(request: Request, stub: type[Any], method: str, message: Message, at: str = "") -> Any:
    """Call `method` of the service behind `stub` with the visitor's token; return its answer.

    `at` names the service to ask, for what every service hosts.

    Raises the refusal the service answered with, its sentence, facts and fix unchanged.
    """
    visitor = request.state.visitor
    with within(call_of(request, visitor.access_token if visitor else "")):
        return getattr(request.app.state.web.clients.of(stub, at=at), method)(message)


def call_of(request: Request, token: str) -> Call:
    """Return the call this request stands for: its token, its trace and its end."""
    call: Call = request.state.call
    call.token = token
    return call


def begin(request: Request, rpc: str) -> Call:
    """Return a new call for a request that just came in, continuing the trace it names."""
    return Call(
        rpc=rpc,
        traceparent=traceparent_from(request.headers.get("traceparent", "")),
        deadline=time.monotonic() + DEADLINE,
    )
