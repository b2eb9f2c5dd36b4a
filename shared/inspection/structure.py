"""How a PDF is built: nothing in it may act, hide or be locked.

Names are compared as the parser understands them, so that `/J#61vaScript` is no way around.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from shared.inspection import errors
from shared.inspection.pictures import MOST_DOTS

MOST_OBJECTS = 20_000
DEEPEST = 100

SCRIPT, PROGRAM, FILE = "a script", "a program to start", "another file"
MEDIA, FORM, ACTION = "sound, film or a model", "a form that sends data", "an action"

ACTIVE_KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/Launch": PROGRAM,
    "/AA": ACTION,
    "/EmbeddedFiles": FILE,
    "/EF": FILE,
    "/RichMediaContent": MEDIA,
    "/XFA": FORM,
}
ACTIVE_KINDS = {
    "/JavaScript": SCRIPT,
    "/Launch": PROGRAM,
    "/SubmitForm": FORM,
    "/ImportData": FORM,
    "/GoToR": PROGRAM,
    "/GoToE": FILE,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/FileAttachment": FILE,
    "/RichMedia": MEDIA,
    "/Screen": MEDIA,
    "/3D": MEDIA,
    "/EmbeddedFile": FILE,
    "/SetOCGState": ACTION,
    "/GoTo3DView": MEDIA,
}
RAW = {
    b"/JavaScript": SCRIPT,
    b"/EmbeddedFile": FILE,
    b"/RichMedia": MEDIA,
    b"/SubmitForm": FORM,
    b"/ImportData": FORM,
}
"""Words no picture's bytes form by chance; a reader that mends a file might find them anywhere."""

UNREADABLE = (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError)
"""What a parser says of a file that is none."""


Reading = Callable[[PdfFileReader], dict[str, Any]]
"""Looks for more in a PDF that was found passive, and returns it as JSON can say it."""


def nothing_more(reader: PdfFileReader) -> dict[str, Any]:
    """Look for nothing."""
    return {}


def examine(content: bytes, read: Reading = nothing_more) -> dict[str, Any]:
    """Return what `read` finds in a PDF; refuse one that is active, locked or damaged."""
    for word, what in RAW.items():
        if word in content:
            raise errors.FileIsActive(what=what)
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            raise errors.FileEncrypted
        for each in _objects(reader):
            _insist_passive(each)
        return read(reader)
    except RecursionError:
        raise errors.FileTooHeavy from None
    except UNREADABLE:
        raise errors.FileUnreadable(kind="PDF") from None


def _objects(reader: PdfFileReader) -> Iterator[Any]:
    """Yield everything in the file that is a dictionary, those of earlier revisions too."""
    seen: set[tuple[int, int]] = set()
    yield from _within(reader.trailer_view, 0)
    for revision in range(reader.total_revisions):
        for ref in reader.xrefs.explicit_refs_in_revision(revision):
            if (ref.idnum, ref.generation) in seen:
                continue
            seen.add((ref.idnum, ref.generation))
            if len(seen) > MOST_OBJECTS:
                raise errors.FileTooHeavy
            yield from _within(reader.get_object(ref), 0)


def _within(thing: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise errors.FileTooHeavy
    if isinstance(thing, generic.DictionaryObject):
        yield thing
        for key in thing:
            yield from _within(thing.raw_get(key), depth + 1)
    elif isinstance(thing, generic.ArrayObject):
        for index in range(len(thing)):
            yield from _within(thing.raw_get(index), depth + 1)


def _insist_passive(thing: generic.DictionaryObject) -> None:
    for key, what in ACTIVE_KEYS.items():
        if key in thing:
            raise errors.FileIsActive(what=what)
    for key in ("/S", "/Subtype", "/Type"):
        what = ACTIVE_KINDS.get(str(thing.raw_get(key)), "") if key in thing else ""
        if what:
            raise errors.FileIsActive(what=what)
    dots = int(thing.get("/Width", 0)) * int(thing.get("/Height", 0))
    if thing.get("/Subtype") == "/Image" and dots > MOST_DOTS * 10**6:
        raise errors.PictureTooLarge(most=MOST_DOTS)
