"""Files a customer attached to an order."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named
from services.console.roles import BUSINESS, TECHNICAL
from shared.web import Pages
from shared.web.attachments import download

pages = Pages(Path(__file__).parent)


@pages.get("/orders/{enterprise}/{id}/attachments/{digest}", roles=BUSINESS | TECHNICAL)
def download_attachment(request: Request) -> Response:
    """Hand a file out, to be stored and never shown."""
    return download(request, named(request, "orders"))
