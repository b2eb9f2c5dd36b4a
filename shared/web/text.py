"""Words in the reader's language. English is written in the code; translations are `.po` files.

A folder of pages may hold `locale/<language>/*.po`; all of them are read at start.
"""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from starlette.requests import Request

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
"""What a reader can choose from, each in its own words."""

COOKIE = "language"

language: ContextVar[str] = ContextVar("language", default="en")
"""The language of the page being made."""

Catalogs = Mapping[str, Mapping[str, str]]
"""Translations by language."""

_catalogs: ContextVar[Catalogs] = ContextVar("catalogs", default=MappingProxyType({}))
"""Those of the edge the page is of: two edges in one process say some things differently."""


def load(folders: Iterable[Path]) -> Catalogs:
    """Read the translations below each folder of pages, and go by them here; later ones win."""
    found: dict[str, dict[str, str]] = {}
    for folder in folders:
        for path in sorted(folder.glob("locale/*/*.po")):
            found.setdefault(path.parent.name, {}).update(_translations(path))
    _catalogs.set(found)
    return found


def speak(catalogs: Catalogs, tag: str) -> None:
    """Say everything in a language from now on, with an edge's own translations."""
    _catalogs.set(catalogs)
    language.set(tag)


@cache
def _translations(path: Path) -> Mapping[str, str]:
    """Read a file once a process: portal and console have most of them in common."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parent.name)
    return {_key(each): str(each.string) for each in catalog if each.id and each.string}


def gettext(message: str) -> str:
    """Return `message` in the reader's language, or as it is when nobody translated it yet."""
    return _catalogs.get().get(language.get(), {}).get(message, message)


def _(message: str, **values: object) -> str:
    """Return `message` translated, with its `%(name)s` filled in."""
    translated = gettext(message)
    return translated % values if values else translated


def written(part: str, reason: str) -> str:
    """Return the sentence that was written by hand for a reason, with places for its facts.

    `part` is `refusal` or `fix`; nothing where there is none in the reader's language.
    """
    return _catalogs.get().get(language.get(), {}).get(f"{part}\x04{reason}", "")


def _key(message: Message) -> str:
    """Return what a translation is found by: gettext's own way to tell contexts apart."""
    return f"{message.context}\x04{message.id}" if message.context else str(message.id)


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """Return the singular or the plural; in English by number, elsewhere by translating `many`."""
    chosen = one if language.get() == "en" and n == 1 else gettext(many)
    return chosen % values if values else chosen


def language_of(request: Request) -> str:
    """Return what the reader chose, else the first of what the browser accepts that we speak."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wishes = request.headers.get("accept-language", "").split(",")
    ranked = sorted((_wish(wish) for wish in wishes), key=lambda wish: -wish[1])
    return next((tag for tag, weight in ranked if weight > 0 and tag in LANGUAGES), "en")


def _wish(wish: str) -> tuple[str, float]:
    tag, _, weight = wish.partition(";q=")
    try:
        return tag.strip().lower().partition("-")[0], float(weight or 1)
    except ValueError:
        return "", 0.0


def install(environment: Any) -> None:
    """Give templates `_()`, `{% trans %}` and plurals."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)
