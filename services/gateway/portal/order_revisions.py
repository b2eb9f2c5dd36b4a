"""How an order was: its revisions, what differs between two, and the passport of each to keep."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.reading import order_of
from services.gateway.portal.space import CUSTOMERS
from shared.web import Pages, revisions

pages = Pages(Path(__file__).parent)

PATH = "/orders/{order}"


@pages.get(PATH + "/revisions", roles=CUSTOMERS)
def show_revisions(request: Request) -> Response:
    """Show every revision, and what differs between two."""
    return revisions.show_revisions(request, order_of(request), _here(request))


@pages.get(PATH + "/revisions/{revision}", roles=CUSTOMERS)
def show_revision(request: Request) -> Response:
    """Show the order as it was."""
    return revisions.show_revision(request, order_of(request), _here(request))


@pages.get(PATH + "/passport", roles=CUSTOMERS)
def download_passport(request: Request) -> Response:
    """Return an order passport as a file, to be kept and proved anywhere."""
    return revisions.download_passport(request, order_of(request))


def _here(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"
