"""The pages of a PDF: each is drawn, so that what cannot be drawn is not kept."""

import math
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium

from shared.inspection import errors

MOST_PAGES = 40
RESOLUTION = 72
"""Dots per inch a page is drawn at when only its being drawn matters."""

MOST_DOTS = 16_000_000
"""Dots a drawn page may have: what would have more is drawn more coarsely."""

COVERED = 0.6
"""How much of a page pictures cover if it is a scan."""

IMAGE = pdfium.raw.FPDF_PAGEOBJ_IMAGE

Eye = Callable[[pdfium.PdfPage], Any]
"""Looks at one page and returns what it saw there, as JSON can say it."""


def drawn(page: pdfium.PdfPage, resolution: float = RESOLUTION) -> memoryview:
    """Return the dots of a page in rows, as shades of grey; FileUnreadable if it has no size."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise errors.FileUnreadable(kind="PDF")
    scale = min(resolution / 72, math.sqrt(MOST_DOTS / (width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    # Rows may be padded; what is beyond the page's width is no part of it.
    return memoryview(bitmap.buffer).cast("B", (bitmap.height, bitmap.stride))


def can_be_drawn(page: pdfium.PdfPage) -> bool:
    """Draw a page for nobody: what takes too much to draw, takes it here."""
    return bool(drawn(page).nbytes)


def read(pdf: bytes, *, picture: bool = False, see: Eye = can_be_drawn) -> dict[str, Any]:
    """Return how many pages there are, what is seen on each, and whether all are pictures."""
    try:
        document = pdfium.PdfDocument(pdf)
        if not 0 < len(document) <= MOST_PAGES:
            raise errors.FileTooLong(most=MOST_PAGES)
        pages = [document[number] for number in range(len(document))]
        scanned = picture or all(map(_is_picture, pages))
        seen = [see(page) for page in pages]
    except pdfium.PdfiumError:
        raise errors.FileUnreadable(kind="picture" if picture else "PDF") from None
    return {"kind": "scan" if scanned else "pdf", "pages": len(pages), "seen": seen}


def _is_picture(page: pdfium.PdfPage) -> bool:
    """Whether a page is a scan or the empty back of one; a scanner's hidden text does not count."""
    width, height = page.get_size()
    covered, empty = 0.0, True
    for each in page.get_objects(max_depth=4):
        empty = False
        if each.type == IMAGE:
            left, bottom, right, top = each.get_bounds()
            covered += (right - left) * (top - bottom)
    return empty or covered >= COVERED * width * height
