"""Digital signatures in a PDF: whose they are, whether they are sound, what changed beneath them.

Whether anybody vouches for a signer's certificate is for the business manager to judge: customers
bring what their country or their company gives them.
"""

from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from services.contract.domain.alteration import Alteration, Kind
from services.contract.inspection.comparing import alterations
from services.contract.seals import FIELD


def signatures(reader: PdfFileReader) -> list[dict[str, Any]]:
    """Return whose signatures there are beside the seal, and which are sound."""
    return [
        {"subject": each.signer_cert.subject.human_friendly, "sound": _is_sound(each)}
        for each in reader.embedded_regular_signatures
        if each.field_name != FIELD
    ]


def sealed_bytes(reader: PdfFileReader) -> int:
    """Return how many bytes the seal covers, from the first one on; 0 if there is none."""
    seal = _seal(reader)
    if seal is None:
        return 0
    begin, length, after, rest = (int(each) for each in seal.byte_range)
    # Between the two parts there is its own signature, as hexadecimal digits in brackets: no more.
    hidden = after - length - 2 * len(seal.pkcs7_content) - 2
    return after + rest if begin == hidden == 0 else 0


def changed_since_seal(reader: PdfFileReader) -> list[Alteration]:
    """Return what changed after the seal besides signatures; empty if nothing did."""
    seal = _seal(reader)
    if seal is None:
        return []
    seal.compute_integrity_info()
    found: DiffResult | SuspiciousModification | None = seal.diff_result
    # All that is not suspicious is a signature, or its field: pyHanko has no rule that allows more.
    if isinstance(found, DiffResult):
        return []
    pages = alterations(reader.get_historical_resolver(seal.signed_revision), reader)
    return pages or [Alteration(Kind.ELSEWHERE)]


def _seal(reader: PdfFileReader) -> EmbeddedPdfSignature | None:
    """Return the first signature in the field of the seal; whose it is, its bytes show."""
    found = (each for each in reader.embedded_regular_signatures if each.field_name == FIELD)
    return next(found, None)


def _is_sound(signature: EmbeddedPdfSignature) -> bool:
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=nobody)
    return bool(status.intact and status.valid)
