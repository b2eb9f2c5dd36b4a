"""How a page is written: a function behind a path, and the few words it needs.

    pages = Pages(Path(__file__).parent)

    @pages.get("/orders", nav=Nav("Orders", icon="clipboard-list"))
    def orders(request: Request) -> Response:
        found = call(request, OrderingServiceStub, "ListOrders", ListOrdersRequest(…))
        return page(request, "orders.html", orders=found.orders)

    @pages.post("/orders/{order}/cancel", again=order)
    def cancel(request: Request, form: Form) -> Response:
        call(request, OrderingServiceStub, "CancelOrder", CancelOrderRequest(…))
        return redirect(request, "/orders", _("The order is cancelled."))

Functions are plain and run in threads. A refusal needs no code: on a GET it becomes the error page;
on a POST the function named in `again` shows the form once more, with what was typed and the
sentence beside its field; without `again` the sentence waits on the page the form came from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.caller import Role
from shared.web import flash
from shared.web.form import Form
from shared.web.problem import Problem
from shared.web.session import Visitor

Show = Callable[[Request], Response]
Do = Callable[[Request, Form], Response]


@dataclass(frozen=True)
class Nav:
    """An entry of the navigation; shown to those who may open the page behind it."""

    label: str
    """In English; translated when shown."""

    icon: str = ""
    """Name of an icon of `assets/icons.txt`."""

    also: tuple[str, ...] = ()
    """Paths of other lists that are reached from there, and have no entry of their own."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page or one form's target."""

    method: str
    path: str
    function: Callable[..., Response]
    roles: frozenset[Role] = frozenset()
    open: bool = False
    nav: Nav | None = None
    again: Show | None = None


class Pages:
    """The pages of one folder: its functions, its `templates/` and its `locale/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[Entry] = []

    def get(
        self,
        path: str,
        *,
        roles: frozenset[Role] = frozenset(),
        open: bool = False,
        nav: Nav | None = None,
    ) -> Callable[[Show], Show]:
        """Show a page at `path`, to those with one of `roles` (empty: everybody signed in).

        `open` pages are shown to anybody.
        """

        def register(function: Show) -> Show:
            entry = Entry(
                method="GET", path=path, function=function, roles=roles, open=open, nav=nav
            )
            self.entries.append(entry)
            return function

        return register

    def post(
        self,
        path: str,
        *,
        roles: frozenset[Role] = frozenset(),
        open: bool = False,
        again: Show | None = None,
    ) -> Callable[[Do], Do]:
        """Do what a form at `path` asks for; its token and origin were checked before."""

        def register(function: Do) -> Do:
            entry = Entry(
                method="POST", path=path, function=function, roles=roles, open=open, again=again
            )
            self.entries.append(entry)
            return function

        return register


def visitor(request: Request) -> Visitor:
    """Return who is signed in; only for pages that are not `open`."""
    found: Visitor = request.state.visitor
    return found


def page(
    request: Request, template: str, *, status: int = 200, fragment: str = "", **context: Any
) -> Response:
    """Render a template of this folder or of the shared ones.

    With `fragment`, a request made by htmx gets only the block of that name.
    After a refused form the status is the refusal's, and `form` holds what was typed.
    """
    problem: Problem | None = request.state.problem
    only = fragment if request.headers.get("hx-request") else ""
    html = request.app.state.web.render(request, template, context, block=only)
    headers = {"vary": "hx-request"} if fragment else {}
    return Response(
        html, problem.status if problem else status, headers, media_type="text/html; charset=utf-8"
    )


def redirect(request: Request, to: str, message: str = "", *, kind: str = "success") -> Response:
    """Go on to the page `to` of this site; `message` waits there (`success`, `info`, `danger`)."""
    response = RedirectResponse(within(to), status_code=303)
    if message:
        flash.put(request, response, message, kind=kind)
    return response


def within(url: str, otherwise: str = "/") -> str:
    """Return `url` if it stays on this site, so that nobody is led elsewhere by a link."""
    parts = urlsplit(url.replace("\\", "/"))
    stays = not parts.scheme and not parts.netloc and url.startswith("/") and url.isprintable()
    return url if stays and not url.startswith("//") else otherwise
