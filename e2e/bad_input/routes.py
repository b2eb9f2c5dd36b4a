"""Every route there is, read from the OpenAPI document a running Millrun hands out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

UNKNOWN = "0190f3c2-8f4e-7cc1-9d2a-5a5f0e4b6aff"
"""Nobody's id."""


@dataclass(frozen=True)
class Route:
    """A verb and a path, and what goes into them."""

    verb: str
    path: str
    public: bool
    needs_key: bool
    example: Mapping[str, Any]
    required: tuple[str, ...]
    """The fields of the body that must be there."""

    query: Mapping[str, str]
    """What must be in the query, and something that it can be."""

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def variables(self) -> list[str]:
        """The names of what the path leaves open."""
        return re.findall(r"\{(\w+)\}", self.path)

    def at(self, names: Mapping[str, str]) -> str:
        """Return the path with `names` in it, and nobody's id for what is not named."""
        return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], UNKNOWN), self.path)


def routes(url: str) -> list[Route]:
    """Return every route of the Millrun at `url`."""
    document = httpx.get(f"{url}/v1/openapi.json").raise_for_status().json()
    return list(_read(document))


def _read(document: Mapping[str, Any]) -> Iterator[Route]:
    for path, verbs in document["paths"].items():
        for verb, told in verbs.items():
            if verb not in ("get", "post") or not path.startswith("/v1/"):
                continue
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
            asked = told.get("parameters", [])
            needed = [each for each in asked if each.get("required")]
            yield Route(
                verb=verb.upper(),
                path=path,
                public=told.get("security") == [],
                needs_key=any(each["name"] == "Idempotency-Key" for each in needed),
                example=body.get("example", {}),
                required=tuple(_required(document, body.get("schema", {}))),
                query={each["name"]: _any(each) for each in needed if each["in"] == "query"},
            )


def _any(parameter: Mapping[str, Any]) -> str:
    return "1" if parameter.get("schema", {}).get("type") == "integer" else "nothing"


def _required(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    if ref := schema.get("$ref"):
        schema = document["components"]["schemas"][ref.rpartition("/")[2]]
    return list(schema.get("required", ()))
