"""Style, script and pictures: named by their digest, so that browsers may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@cache
def asset(path: str) -> str:
    """Return the address of a file in `static/`; it changes whenever the file does."""
    digest = hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


class _Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        named = scope["query_string"].startswith(b"v=") and response.status_code in (200, 304)
        response.headers["cache-control"] = FOREVER if named else "no-cache"
        return response


def files() -> ASGIApp:
    """Return what answers below `/static`, compressed on the way."""
    return GZipMiddleware(_Assets(directory=FOLDER), minimum_size=1_000)
