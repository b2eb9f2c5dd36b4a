"""How an order was: its revisions, what differs between two, and the passport of each."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import page_of
from services.console.orders import order_of
from services.console.roles import MANAGERS
from shared.web import Pages, revisions

pages = Pages(Path(__file__).parent)

PATH = "/orders/{enterprise}/{id}"


@pages.get(PATH + "/revisions", roles=MANAGERS)
def show_revisions(request: Request) -> Response:
    """Show every revision, and what differs between two."""
    order = order_of(request)
    return revisions.show_revisions(request, order, page_of(order.name))


@pages.get(PATH + "/revisions/{revision}", roles=MANAGERS)
def show_revision(request: Request) -> Response:
    """Show the order as it was."""
    order = order_of(request)
    return revisions.show_revision(request, order, page_of(order.name))


@pages.get(PATH + "/passport", roles=MANAGERS)
def download_passport(request: Request) -> Response:
    """Return an order passport as a file, to be kept and proved anywhere."""
    return revisions.download_passport(request, order_of(request))
