"""What every answer of an edge says to the browser, and what a form must prove."""

import hmac

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Forbidden

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script or style but our own files: what a stranger writes into a field stays text."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class FormIsForeign(Forbidden):
    """This form does not come from this site, or the page it was on is too old."""

    fix = "Open the page again and repeat what you did."


class SecurityHeaders:
    """Adds the headers to every answer; an answer that set one itself keeps its own."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if secure:
            self.headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers added."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def insist_on_own_form(request: Request, sent: str) -> None:
    """Refuse with FormIsForeign a POST from another site or without this browser's token."""
    web = request.app.state.web
    origin = request.headers.get("origin")
    ours = (web.settings.origin, f"{request.url.scheme}://{request.headers.get('host', '')}")
    same_site = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    held = web.cookies.csrf in request.cookies
    token = web.cookies.csrf_token(request)
    if not (same_site and (origin is None or origin in ours)):
        raise FormIsForeign
    if not (held and hmac.compare_digest(token.encode(), sent.encode())):
        raise FormIsForeign
