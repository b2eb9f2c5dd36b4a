"""Asking a service on behalf of whoever looks at the page."""

import threading
import time
from dataclasses import replace
from typing import Any

from google.protobuf.message import Message
from starlette.requests import Request

from shared.call import Call, within
from shared.errors import Unauthenticated
from shared.tracing import traceparent_from
from shared.web.network import network_of
from shared.web.session import Visitor

DEADLINE = 10.0
"""Seconds a page may take in all; what it asks must answer within."""

_renewing = threading.Lock()

ENDED = ("TOKEN_REVOKED", "TOKEN_EXPIRED")
"""Why a token is refused whose session may go on."""


def call(request: Request, stub: type[Any], method: str, message: Message, at: str = "") -> Any:
    """Call `method` of the service behind `stub` with the visitor's token; return its answer.

    `at` names the service to ask, for what every service hosts.

    Raises the refusal the service answered with, its sentence, facts and fix unchanged. A token
    that ended before its time is exchanged for one with the rights of now: nothing was done yet.
    """
    visitor = request.state.visitor
    try:
        return _ask(request, stub, method, message, at)
    except Unauthenticated as refusal:
        if refusal.reason not in ENDED or not visitor:
            raise
        _renew(request, visitor)
        return _ask(request, stub, method, message, at)


def _ask(request: Request, stub: type[Any], method: str, message: Message, at: str) -> Any:
    visitor = request.state.visitor
    with within(call_of(request, visitor.access_token if visitor else "")):
        return getattr(request.app.state.web.clients.of(stub, at=at), method)(message)


def _renew(request: Request, visitor: Visitor) -> None:
    """Go on as the same visitor with a fresh token; refuses if the session is over."""
    web = request.app.state.web
    with _renewing:  # a page asks several things at once, and needs one token
        if request.state.visitor is not visitor:
            return
        held = visitor.secret or request.cookies.get(web.cookies.session, "")
        web.visitors.forget(visitor.account)
        fresh = web.visitors.renew(held, visitor.space.name if visitor.space else "")
        request.state.visitor = replace(fresh, secret=fresh.secret or visitor.secret)


def call_of(request: Request, token: str) -> Call:
    """Return the call this request stands for: its token, its trace and its end."""
    call: Call = request.state.call
    call.token = token
    return call


def begin(request: Request, rpc: str) -> Call:
    """Return a new call for a request that just came in, continuing the trace it names."""
    return Call(
        rpc=rpc,
        network=network_of(request, request.app.state.web.settings.proxies),
        device=request.headers.get("user-agent", ""),
        traceparent=traceparent_from(request.headers.get("traceparent", "")),
        deadline=time.monotonic() + DEADLINE,
    )
