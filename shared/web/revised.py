"""What changed between two versions of a contract, in one sentence of the reader's language.

Services say it in English and carry it as facts, too: `differences`, as JSON, and how many.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from millrun.contract.v1.signing_pb2 import Difference

from shared.web import differing
from shared.web.formats import enum, words
from shared.web.text import _

MOST = 6
"""Differences that are told one by one; pages of the contract have all."""


def changes(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the fact `changes` as it reads in a translated sentence; nothing if there is none."""
    if not facts.get("differences"):
        return {}
    rows = json.loads(facts["differences"])
    return {"changes": _told(rows, int(facts["differences_count"])) or _("nothing but its number")}


def told(found: Collection[Difference]) -> str:
    """Return differences as one text, the first of them."""
    rows = [
        {
            "clause": enum(each, "clause"),
            "line_no": each.line_no,
            "field": each.field,
            "before": each.before,
            "after": each.after,
        }
        for each in list(found)[:MOST]
    ]
    return _told(rows, len(found))


def _told(rows: Collection[Mapping[str, Any]], count: int) -> str:
    said = _("; ").join(map(_row, rows))
    more = count - len(rows)
    return _("%(changes)s; and %(number)s more", changes=said, number=more) if more > 0 else said


def _row(row: Mapping[str, Any]) -> str:
    field = row["field"]
    parts: Iterable[str] = (
        words(row["clause"]),
        differing.line(row["line_no"]),
        differing.field(field),
    )
    before, after = (_value(row[side], field) for side in ("before", "after"))
    what = " · ".join(filter(None, parts))
    return _("%(what)s: %(before)s → %(after)s", what=what, before=before, after=after)


def _value(text: str, field: str) -> str:
    shown = differing.value(text, field)
    return shown.striptags() if isinstance(shown, Markup) else shown


def install(environment: Environment) -> None:
    """Give templates this as a filter."""
    environment.filters["revised"] = told
