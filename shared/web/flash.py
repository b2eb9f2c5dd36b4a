"""A sentence that waits for the next page: the order is cancelled, the form was refused."""

import base64
import json

from starlette.requests import Request
from starlette.responses import Response

LONGEST = 1_000
"""Characters of one message; browsers keep cookies of 4 KB."""


def put(request: Request, response: Response, message: str, *, kind: str) -> None:
    """Leave `message` for the page shown next."""
    body = json.dumps([kind, message[:LONGEST]], ensure_ascii=False).encode()
    cookies = request.app.state.web.cookies
    cookies.put(response, cookies.flash, base64.urlsafe_b64encode(body).decode(), age=60)


def take(request: Request) -> tuple[str, str] | None:
    """Return the kind and text of what was left, if anything readable was."""
    raw = request.cookies.get(request.app.state.web.cookies.flash)
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(raw or ""))
    except (ValueError, TypeError):
        return None
    known = kind in ("success", "info", "danger") and isinstance(text, str)
    return (str(kind), text) if known else None
