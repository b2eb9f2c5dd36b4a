"""What was done to a sealed document besides signing it, and on which pages.

Whoever shows it words it in the reader's language; the sentence here is for everybody else.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest

Pages = Sequence[Sequence[str]]
"""What each page of a document says, line by line."""

LIKENESS = 0.5
"""How much of a document has to be as another for it to be the same one, altered."""

SHOWN = 30
"""Signs of a line that are told."""

MOST = 4
"""Alterations that are told: all of it travels in the head of an answer, which has to be small."""


class Kind(Enum):
    """How a page, or the file, is not what was sealed; the value is the sentence."""

    SEAL_REMOVED = "the vendor's seal was taken off"
    TEXT_CHANGED = "page {page} reads “{after}” where “{before}” was sealed"
    TEXT_ADDED = "page {page} reads “{after}”, which was not sealed"
    TEXT_REMOVED = "page {page} of the sealed document reads “{before}”, which is missing"
    PAGE_CHANGED = "page {page} shows something else than was sealed"
    PAGE_ADDED = "page {page} was added"
    PAGE_REMOVED = "page {page} of the sealed document is missing"
    NOTE_ADDED = "a note, a mark or a field that is no signature stands on page {page}"
    ELSEWHERE = "something that no page shows was changed or added"
    SAVED_ANEW = "it reads the same, but a program saved it anew, and the vendor's seal is lost"
    ANOTHER_DOCUMENT = "hardly anything in it reads as the contract does"


@dataclass(frozen=True)
class Alteration:
    """One thing that was done to it."""

    kind: Kind
    page: int = 0
    """On which page, counted from 1: of the copy, or of the sealed document if it is missing."""

    before: str = ""
    """What the sealed document says there."""

    after: str = ""
    """What the copy says there."""

    def __str__(self) -> str:
        return self.kind.value.format(page=self.page, before=self.before, after=self.after)


def reworded(found: Sequence[Alteration], before: Pages, after: Pages) -> tuple[Alteration, ...]:
    """Return `found` with what reads otherwise in place of pages that only look otherwise.

    Without anything found, the copy is no sealed document: all there is to tell is what it says.
    """
    told = tuple(_reads_otherwise(before, after))
    if not found:
        return told or (Alteration(Kind.SAVED_ANEW),)
    read = {each.page for each in told if each.kind is not Kind.TEXT_REMOVED}
    looks = [each for each in found if each.kind is not Kind.PAGE_CHANGED or each.page not in read]
    shown = {each.page for each in found if each.kind is Kind.PAGE_CHANGED}
    return (*(each for each in told if each.page in shown), *looks)


def _reads_otherwise(before: Pages, after: Pages) -> Iterator[Alteration]:
    old, new = _numbered(before), _numbered(after)
    matcher = SequenceMatcher(None, [text for _, text in old], [text for _, text in new], False)
    if matcher.ratio() < LIKENESS:
        yield Alteration(Kind.ANOTHER_DOCUMENT)
        return
    for edit, a, b, c, d in matcher.get_opcodes():
        if edit != "equal":
            yield from (_line(*each) for each in zip_longest(old[a:b], new[c:d]))


def _line(old: tuple[int, str] | None, new: tuple[int, str] | None) -> Alteration:
    if old is None:
        assert new is not None
        return Alteration(Kind.TEXT_ADDED, new[0], after=_short(new[1]))
    if new is None:
        return Alteration(Kind.TEXT_REMOVED, old[0], before=_short(old[1]))
    return Alteration(Kind.TEXT_CHANGED, new[0], _short(old[1]), _short(new[1]))


def _numbered(pages: Pages) -> list[tuple[int, str]]:
    return [(number, line) for number, page in enumerate(pages, 1) for line in page]


def _short(line: str) -> str:
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def in_words(found: Sequence[Alteration], most: int = MOST) -> str:
    """Return them as one text, the first `most` of them."""
    said = "; ".join(map(str, found[:most]))
    return f"{said}; and {len(found) - most} more" if len(found) > most else said


def as_fact(found: Iterable[Alteration], most: int = MOST) -> str:
    """Return the same for programs, and for pages in other languages: JSON, the first `most`."""
    rows = [_row(each) for each in found]
    return json.dumps(rows[:most], ensure_ascii=False)


def _row(each: Alteration) -> dict[str, str | int]:
    return {
        "kind": each.kind.name,
        "page": each.page,
        "before": each.before,
        "after": each.after,
    }
