"""Files to take away: what a service streams, handed to the browser to be stored, never shown."""

from collections.abc import Iterable
from urllib.parse import quote

from google.api.httpbody_pb2 import HttpBody
from starlette.responses import Response

ENDINGS = {
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/json": ".json",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
}


def file(parts: Iterable[HttpBody], called: str) -> Response:
    """Return a file of 20 MiB at most, named `called` and by its kind."""
    received = list(parts)
    media_type = received[0].content_type if received else "application/octet-stream"
    filename = quote(called.replace("/", "-") + ENDINGS.get(media_type, ""), safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{filename}"}
    return Response(b"".join(part.data for part in received), 200, headers, media_type)
