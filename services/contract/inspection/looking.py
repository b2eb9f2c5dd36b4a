"""An uploaded copy of a contract: the codes on its pages, and the signatures in it."""

from typing import Any

import pypdfium2 as pdfium
from pyhanko.pdf_utils.reader import PdfFileReader

from services.contract.inspection.codes import codes
from services.contract.inspection.reading import lines
from shared.inspection import looking


def look(content: bytes) -> dict[str, Any]:
    """Return what is in a file; refuse what is not to be kept at all."""
    return looking.look(content, see=_seen, read=_signed)


def _seen(page: pdfium.PdfPage) -> dict[str, list[str]]:
    return {"codes": codes(page), "lines": lines(page)}


def _signed(reader: PdfFileReader) -> dict[str, Any]:
    """Return the signatures but ours, and what else changed since ours."""
    if "/AcroForm" not in reader.root:
        return {"signed": [], "changed": [], "sealed_bytes": 0}
    # To check a signature needs many times the code that reading does.
    from services.contract.inspection import signing

    return {
        "signed": signing.signatures(reader),
        "changed": [(each.kind.name, each.page) for each in signing.changed_since_seal(reader)],
        "sealed_bytes": signing.sealed_bytes(reader),
    }
