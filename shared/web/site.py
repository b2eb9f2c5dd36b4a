"""What all pages of an edge have in common: templates, cookies, navigation, the services behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from shared.clients import Clients
from shared.ids import new_id
from shared.web import differing, endings, flash, formats, notices, revised, said, states, text
from shared.web.form import Form
from shared.web.pages import Entry, Nav, Pages
from shared.web.session import Cookies, Visitor, Visitors
from shared.web.settings import EdgeSettings
from shared.web.sign_in import exchange
from shared.web.static import asset

FOLDER = Path(__file__).parent

Admit = Callable[[Visitor], None]
"""Refuses somebody an edge is not for, right at the sign-in."""


@dataclass(frozen=True)
class Link:
    """An entry of the navigation as shown to one visitor."""

    nav: Nav
    href: str
    here: bool


class Missing(StrictUndefined):
    """A value nobody passed: may be asked for, may not be shown."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


class Site:
    """One edge, as its pages see it: `request.app.state.web`."""

    def __init__(
        self,
        title: str,
        settings: EdgeSettings,
        clients: Clients,
        pages: Sequence[Pages],
        admit: Admit,
    ) -> None:
        self.title = title
        self.admit = admit
        self.settings = settings
        self.clients = clients
        self.cookies = Cookies(settings.is_secure, title.lower())
        self.visitors = Visitors(lambda secret, space: exchange(clients, secret, space))
        self.entries = [entry for each in pages for entry in each.entries]
        folders = [*dict.fromkeys(each.folder for each in pages), FOLDER]
        self.catalogs = text.load([*reversed(folders)])
        self.templates = _environment([folder / "templates" for folder in folders])

    def render(
        self, request: Request, template: str, context: Mapping[str, Any], *, block: str = ""
    ) -> str:
        """Return a page, or one block of it, in the reader's language."""
        everything = {**self._common(request), **context}
        found = self.templates.get_template(template)
        if not block:
            return found.render(everything)
        return "".join(found.blocks[block](found.new_context(everything)))

    def links(self, request: Request) -> list[Link]:
        """Return the navigation for this visitor; the longest path that fits is where they are."""
        shown = [entry for entry in self.entries if entry.nav and self.may_open(request, entry)]
        here_path = request.url.path
        places = {path: e for e in shown if e.nav for path in (e.path, *e.nav.also)}
        fits = [path for path in places if f"{here_path}/".startswith(f"{path.rstrip('/')}/")]
        fits = [path for path in fits if path != "/" or here_path == "/"]
        here = places.get(max(fits, key=len, default=""))
        return [Link(entry.nav, entry.path, entry is here) for entry in shown if entry.nav]

    def opens(self, request: Request, path: str) -> bool:
        """Whether there is a page at `path` that the visitor's roles open."""
        found = (entry for entry in self.entries if (entry.method, entry.path) == ("GET", path))
        return any(self.may_open(request, entry) for entry in found)

    def may_open(self, request: Request, entry: Entry) -> bool:
        """Whether the visitor's roles open a page."""
        visitor = request.state.visitor
        if visitor is None:
            return entry.open
        return not entry.roles or visitor.has(*entry.roles)

    def _common(self, request: Request) -> dict[str, Any]:
        return {
            "request": request,
            "site": self,
            "visitor": request.state.visitor,
            "problem": request.state.problem,
            "form": request.state.form or Form(),
            "csrf": self.cookies.csrf_token(request),
            "flash": flash.take(request),
            "language": text.language.get(),
            "links": self.links(request),
            "fragment": bool(request.headers.get("hx-request")),
        }


def _environment(folders: Sequence[Path]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text.install(environment)
    formats.install(environment)
    states.install(environment)
    endings.install(environment)
    said.install(environment)
    notices.install(environment)
    differing.install(environment)
    revised.install(environment)
    environment.globals.update(asset=asset, new_id=_new_id, LANGUAGES=text.LANGUAGES)
    return environment


def _new_id() -> UUID:
    return new_id()
