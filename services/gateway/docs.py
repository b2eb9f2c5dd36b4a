"""The API explained to people: made of the same document programs read, nothing written twice."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import NotFound
from shared.web import Pages, page

Json = dict[str, Any]

pages = Pages(Path(__file__).parent)


class NoSuchChapter(NotFound):
    """The API has no part called {name}."""

    fix = "Choose one of the list."


@dataclass(frozen=True)
class Operation:
    """One thing the API does, as its page shows it."""

    verb: str
    path: str
    described: Json

    @property
    def body(self) -> Json | None:
        """The request's body: its schema and an example."""
        content = self.described.get("requestBody", {}).get("content", {})
        found: Json | None = content.get("application/json")
        return found

    @property
    def answer(self) -> Json | None:
        """The answer: its schema and an example; None for a file."""
        found: Json | None = self.described["responses"]["200"]["content"].get("application/json")
        return found

    @property
    def is_open(self) -> bool:
        """Whether it needs no access token."""
        return self.described.get("security") == []

    @property
    def command(self) -> str:
        """How to try it on a command line."""
        lines = [f"curl -X {self.verb} $MILLRUN{self.path}"]
        if not self.is_open:
            lines.append('-H "Authorization: Bearer $TOKEN"')
        if any(p["name"] == "Idempotency-Key" for p in self.described["parameters"]):
            lines.append('-H "Idempotency-Key: $(uuidgen)"')
        if self.body:
            lines.append(f"-d '{json.dumps(self.body['example'], ensure_ascii=False)}'")
        return " \\\n  ".join(lines)


@pages.get("/docs", open=True)
def overview(request: Request) -> Response:
    """Say what the API is, and list everything it does."""
    api = request.app.state.openapi()
    chapters = [(tag, list(operations(api, tag["name"]))) for tag in api["tags"]]
    return page(request, "docs.html", api=api, chapters=chapters, prose=prose)


@pages.get("/docs/{chapter}", open=True)
def chapter(request: Request) -> Response:
    """Explain one service's part in full."""
    api = request.app.state.openapi()
    name = request.path_params["chapter"]
    tag = next((tag for tag in api["tags"] if tag["name"] == name), None)
    if tag is None:
        raise NoSuchChapter(name=name[:50])
    found = list(operations(api, name))
    return page(
        request,
        "docs_chapter.html",
        api=api,
        tag=tag,
        operations=found,
        schemas=named_schemas(api, found),
        prose=prose,
        kind=kind,
        pretty=pretty,
    )


def operations(api: Json, tag: str) -> Iterator[Operation]:
    """Yield the operations of one part, in the protos' order."""
    for path, verbs in api["paths"].items():
        for verb, described in verbs.items():
            if tag in described["tags"]:
                yield Operation(verb.upper(), path, described)


def named_schemas(api: Json, found: list[Operation]) -> dict[str, Json]:
    """Return every schema the operations name, and those these name in turn."""
    known, todo = {}, list(_references([each.described for each in found]))
    while todo:
        name = todo.pop()
        if name not in known:
            known[name] = api["components"]["schemas"][name]
            todo.extend(_references(known[name]))
    return dict(sorted(known.items()))


def _references(part: Any) -> set[str]:
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(part)))


def prose(text: str) -> Markup:
    """Return a comment as HTML: paragraphs, lists and `code`."""
    return Markup("").join(_paragraph(part) for part in re.split(r"\n\s*\n", text.strip()))


def _paragraph(part: str) -> Markup:
    lines = part.strip().split("\n")
    if all(line.lstrip().startswith("- ") for line in lines):
        items = (Markup("<li>{}</li>").format(_code(line.lstrip()[2:])) for line in lines)
        return Markup("<ul>{}</ul>").format(Markup("").join(items))
    return Markup("<p>{}</p>").format(_code(" ".join(lines)))


def _code(text: str) -> Markup:
    parts = re.split(r"`([^`]+)`", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def kind(schema: Json) -> Markup:
    """Return what a schema holds, in a word; a named one leads to where it is explained."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return Markup('<a href="#{0}">{0}</a>').format(name)
    if schema.get("type") == "array":
        return Markup("list of {}").format(kind(schema["items"]))
    if schema.get("format") == "date-time":
        return Markup("time")
    return escape(schema.get("type", "anything"))


def pretty(value: Any) -> str:
    """Return JSON to read."""
    return json.dumps(value, indent=2, ensure_ascii=False)
