"""What changed between two versions of a contract, in one sentence of the reader's language.

A refusal says it in English and carries it as facts, too: `differences`, as JSON, and how many.
"""

import json
from collections.abc import Mapping
from typing import Any

from shared.web.formats import NOTHING, short, words
from shared.web.text import _


def changes(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the fact `changes` as it reads in a translated sentence; nothing if none changed."""
    if "differences" not in facts:
        return {}
    rows = json.loads(facts["differences"])
    said = _("; ").join(map(_row, rows)) or _("nothing but its number")
    more = int(facts["differences_count"]) - len(rows)
    return {
        "changes": _("%(changes)s; and %(number)s more", changes=said, number=more)
        if more > 0
        else said
    }


def _row(row: Mapping[str, Any]) -> str:
    line = _("Line %(number)s", number=row["line_no"]) if row["line_no"] else ""
    field = words(row["field"].rpartition(".")[2])
    what = " · ".join(filter(None, [words(row["clause"]), line, field]))
    before, after = (_value(row[side]) for side in ("before", "after"))
    return _("%(what)s: %(before)s → %(after)s", what=what, before=before, after=after)


def _value(text: str) -> str:
    return str(short(text)) if text.startswith("sha256:") else text or NOTHING
