"""The console in one piece: its pages, and who may come in."""

from starlette.applications import Starlette

from services.console import (
    agreeing,
    associations,
    attachments,
    catalogue,
    certifications,
    changing,
    contracts,
    dead_letters,
    deputies,
    dispatching,
    enterprises,
    filters,
    home,
    invoices,
    license_codes,
    making,
    messages,
    on_top,
    order_list,
    order_revisions,
    orders,
    payments,
    price_lists,
    products,
    projects,
    quotes,
    receivables,
    recording,
    refunds,
    reviewing,
    suggestions,
    why,
    withdrawing,
    work_orders,
)
from services.console.settings import ConsoleSettings
from shared import settings
from shared.clients import Clients
from shared.errors import Forbidden
from shared.web import app
from shared.web.session import Visitor

PAGES = (
    home.pages,
    order_list.pages,
    orders.pages,
    order_revisions.pages,
    attachments.pages,
    reviewing.pages,
    changing.pages,
    agreeing.pages,
    contracts.pages,
    payments.pages,
    invoices.pages,
    refunds.pages,
    receivables.pages,
    work_orders.pages,
    making.pages,
    recording.pages,
    withdrawing.pages,
    dispatching.pages,
    license_codes.pages,
    certifications.pages,
    enterprises.pages,
    products.pages,
    why.pages,
    catalogue.pages,
    on_top.pages,
    price_lists.pages,
    quotes.pages,
    associations.pages,
    projects.pages,
    suggestions.pages,
    deputies.pages,
    dead_letters.pages,
    messages.pages,
)
"""Every page of the console, in the order of the navigation."""


class NotOurs(Forbidden):
    """The console is for the vendor's own people."""

    fix = "Your enterprise's pages are in the portal: {portal}"


def application(given: ConsoleSettings | None = None) -> Starlette:
    """Return the console; without settings they are read from the environment."""
    chosen = given or settings.load("console", ConsoleSettings)

    def admit(visitor: Visitor) -> None:
        # The vendor's space is the one without an enterprise; some have to do something first.
        if visitor.staff and visitor.needs:
            return
        if not any(space.roles and not space.name for space in visitor.spaces):
            raise NotOurs(portal=chosen.portal)

    found = app.application(
        title="Console",
        settings=chosen,
        clients=Clients(chosen.peers),
        pages=PAGES,
        admit=admit,
    )
    filters.install(found.state.web.templates)
    return found
