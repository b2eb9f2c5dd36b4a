"""The pages of a PDF: drawn, and the codes on them read."""

import math
from typing import Any

import pypdfium2 as pdfium
import zxingcpp

from services.contract.domain import errors

MOST_PAGES = 40
RESOLUTIONS = (150, 300)
"""Dots per inch; the second is tried where the first shows no code."""

MOST_DOTS = 16_000_000
"""Dots a drawn page may have: what would have more is drawn more coarsely."""

COVERED = 0.6
"""How much of a page pictures cover if it is a scan."""

IMAGE = pdfium.raw.FPDF_PAGEOBJ_IMAGE
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def read(pdf: bytes, *, picture: bool = False) -> dict[str, Any]:
    """Return how many pages there are, the codes on each, and whether all are pictures."""
    try:
        document = pdfium.PdfDocument(pdf)
        if not 0 < len(document) <= MOST_PAGES:
            raise errors.FileTooLong(most=MOST_PAGES)
        pages = [document[number] for number in range(len(document))]
        scanned = picture or all(map(_is_picture, pages))
        codes = [_codes(page) for page in pages]
    except pdfium.PdfiumError:
        raise errors.FileUnreadable(kind="picture" if picture else "PDF") from None
    return {"kind": "scan" if scanned else "pdf", "pages": len(codes), "codes": codes}


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


def _codes(page: pdfium.PdfPage) -> list[str]:
    for resolution in RESOLUTIONS:
        if found := _read_at(page, resolution):
            return found
    return []


def _read_at(page: pdfium.PdfPage, resolution: int) -> list[str]:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise errors.FileUnreadable(kind="PDF")
    scale = min(resolution / 72, math.sqrt(MOST_DOTS / (width * height)))
    drawn = page.render(scale=scale, grayscale=True)
    # Rows may be padded; what is beyond the page's width is no part of it.
    dots = memoryview(drawn.buffer).cast("B", (drawn.height, drawn.stride))
    found = zxingcpp.read_barcodes(dots, formats=QR)
    return [each.text[:200] for each in found]
