"""Two states of a PDF, page by page: what one shows that the other did not."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.rw_common import PdfHandler

from services.contract.domain.alteration import Alteration, Kind

NOT_DRAWN = frozenset({"/Parent", "/Annots", "/P", "/StructParents", "/StructParent"})
"""What of a page or a note leads elsewhere, or is looked at by itself."""


def alterations(before: PdfHandler, after: PdfHandler) -> list[Alteration]:
    """Return what was done to the pages of `before`, in their order; nothing if they are as one."""
    sealed, there = _pages(before), _pages(after)
    matched = SequenceMatcher(None, [_built(p) for p in sealed], [_built(p) for p in there], False)
    return [
        each
        for edit, a, b, c, d in matched.get_opcodes()
        for each in (
            _written_on(sealed[a:b], there[c:d], c) if edit == "equal" else _redrawn(a, b, c, d)
        )
    ]


def _redrawn(a: int, b: int, c: int, d: int) -> Iterator[Alteration]:
    """Return what became of the pages from `a` to `b`, which are those from `c` to `d` now."""
    both = min(b - a, d - c)
    yield from (Alteration(Kind.PAGE_CHANGED, page + 1) for page in range(c, c + both))
    yield from (Alteration(Kind.PAGE_ADDED, page + 1) for page in range(c + both, d))
    yield from (Alteration(Kind.PAGE_REMOVED, page + 1) for page in range(a + both, b))


def _written_on(
    sealed: list[DictionaryObject], there: list[DictionaryObject], first: int
) -> Iterator[Alteration]:
    """Return on which pages that are drawn alike something else lies upon what is drawn."""
    for place, (before, after) in enumerate(zip(sealed, there, strict=True), first + 1):
        if _notes(before) != _notes(after):
            yield Alteration(Kind.NOTE_ADDED, place)


def _pages(file: PdfHandler) -> list[DictionaryObject]:
    count = int(file.root["/Pages"]["/Count"])
    return [file.find_page_for_modification(page)[0].get_object() for page in range(count)]


def _notes(page: DictionaryObject) -> list[bytes]:
    """Return what lies upon a page besides places to sign in."""
    notes = (each.get_object() for each in page.get("/Annots", ()))
    return [_built(note) for note in notes if note.get("/FT") != "/Sig"]


def _built(value: PdfObject | Any, within: frozenset[int] = frozenset()) -> bytes:
    """Return all a thing is made of, and all it refers to, whatever numbers that has."""
    if isinstance(value, IndirectObject):
        if value.idnum in within:
            return b"what it is part of"
        return sha256(_built(value.get_object(), within | {value.idnum})).digest()
    if isinstance(value, ArrayObject):
        return b"[" + b" ".join(_built(each, within) for each in value) + b"]"
    if not isinstance(value, DictionaryObject):
        return repr(value).encode()
    parts = (
        repr(name).encode() + _built(part, within)
        for name, part in sorted(value.items())
        if name not in NOT_DRAWN
    )
    drawing = value.encoded_data if isinstance(value, StreamObject) else b""
    return b"<" + b" ".join(parts) + drawing + b">"
