"""What was done to a sealed document besides signing it, in one sentence of the reader's language.

Services say it in English and carry it as facts, too: `alterations`, as JSON, and how many.
"""

import json
from collections.abc import Mapping

from shared.web.text import _, gettext

DONE: Mapping[str, str] = {
    "SEAL_REMOVED": _("the vendor's seal was taken off"),
    "TEXT_CHANGED": _("page %(page)s reads “%(after)s” where “%(before)s” was sealed"),
    "TEXT_ADDED": _("page %(page)s reads “%(after)s”, which was not sealed"),
    "TEXT_REMOVED": _("page %(page)s of the sealed document reads “%(before)s”, which is missing"),
    "PAGE_CHANGED": _("page %(page)s shows something else than was sealed"),
    "PAGE_ADDED": _("page %(page)s was added"),
    "PAGE_REMOVED": _("page %(page)s of the sealed document is missing"),
    "NOTE_ADDED": _("a note, a mark or a field that is no signature stands on page %(page)s"),
    "ELSEWHERE": _("something that no page shows was changed or added"),
    "SAVED_ANEW": _(
        "it reads the same, but a program saved it anew, and the vendor's seal is lost"
    ),
    "ANOTHER_DOCUMENT": _("hardly anything in it reads as the contract does"),
}
"""By what was done."""


def what(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the fact `what` as it reads in a translated sentence; nothing if there is none."""
    if not facts.get("alterations"):
        return {}
    rows = json.loads(facts["alterations"])
    said = _("; ").join(gettext(DONE[row["kind"]]) % row for row in rows)
    more = int(facts["alterations_count"]) - len(rows)
    if more > 0:
        said = _("%(changes)s; and %(number)s more", changes=said, number=more)
    return {"what": said}
