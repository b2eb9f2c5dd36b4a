"""The codes on a page, whosever they are."""

import pypdfium2 as pdfium
import zxingcpp

from shared.inspection.pages import drawn

RESOLUTIONS = (150, 300)
"""Dots per inch; the second is tried where the first shows no code."""

QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def codes(page: pdfium.PdfPage) -> list[str]:
    """Return what the codes on a page say."""
    for resolution in RESOLUTIONS:
        found = zxingcpp.read_barcodes(drawn(page, resolution), formats=QR)
        if found:
            return [each.text[:200] for each in found]
    return []
