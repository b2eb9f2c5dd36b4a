"""What was done to a sealed document besides signing it, and on which pages.

Whoever shows it words it in the reader's language; the sentence here is for everybody else.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a page, or the file, is not what was sealed; the value is the sentence."""

    SEAL_REMOVED = "the vendor's seal was taken off"
    PAGE_CHANGED = "page {page} shows something else than was sealed"
    PAGE_ADDED = "page {page} was added"
    PAGE_REMOVED = "page {page} of the sealed document is missing"
    NOTE_ADDED = "a note, a mark or a field that is no signature stands on page {page}"
    ELSEWHERE = "something that no page shows was changed or added"


@dataclass(frozen=True)
class Alteration:
    """One thing that was done to it."""

    kind: Kind
    page: int = 0
    """On which page, counted from 1: of the copy, or of the sealed document if it is missing."""

    def __str__(self) -> str:
        return self.kind.value.format(page=self.page)


def in_words(found: Sequence[Alteration], most: int = 6) -> str:
    """Return them as one text, the first `most` of them."""
    said = "; ".join(map(str, found[:most]))
    return f"{said}; and {len(found) - most} more" if len(found) > most else said


def as_fact(found: Iterable[Alteration], most: int = 6) -> str:
    """Return the same for programs, and for pages in other languages: JSON, the first `most`."""
    rows = [{"kind": each.kind.name, "page": each.page} for each in found]
    return json.dumps(rows[:most])
