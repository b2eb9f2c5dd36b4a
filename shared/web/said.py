"""Sentences that stand in orders as values: what people wrote stays, what services wrote does not.

A service that says why something happened says it in English, with facts in the sentence.
"""

import re
from collections.abc import Mapping

from jinja2 import Environment

from shared.web.text import _, gettext

COMPOSED: Mapping[str, str] = {
    r"a price is above (?P<most>[\d,]+)": _("a price is above %(most)s"),
    r"Replaced by order (?P<order>[\w-]+)\.": _("Replaced by order %(order)s."),
    r"Batch (?P<batch>\S+) goes on\.": _("Batch %(batch)s goes on."),
    r"Batch (?P<batch>\S+) was withdrawn\.": _("Batch %(batch)s was withdrawn."),
    r"Unit (?P<unit>\S+) has firmware (?P<burnt>\S+), ordered is (?P<ordered>\S+)\.": _(
        "Unit %(unit)s has firmware %(burnt)s, ordered is %(ordered)s."
    ),
}
"""What services compose, as it is found in a value, and as it is translated."""


def said(sentence: str) -> str:
    """Return a sentence in the reader's language if a service said it, else as it is."""
    for pattern, composed in COMPOSED.items():
        if found := re.fullmatch(pattern, sentence):
            return _(composed, **found.groupdict())
    return gettext(sentence)


def install(environment: Environment) -> None:
    """Give templates this as a filter."""
    environment.filters["said"] = said
