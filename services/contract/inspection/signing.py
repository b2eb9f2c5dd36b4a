"""Digital signatures in a PDF: whose they are, whether they are sound, what changed beneath them.

Whether anybody vouches for a signer's certificate is for the business manager to judge: customers
bring what their country or their company gives them.
"""

from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from services.contract.seals import FIELD


def signatures(reader: PdfFileReader) -> list[dict[str, Any]]:
    """Return whose signatures there are beside the seal, and which are sound."""
    return [
        {"subject": each.signer_cert.subject.human_friendly, "sound": _is_sound(each)}
        for each in reader.embedded_regular_signatures
        if each.field_name != FIELD
    ]


def changed_since_seal(reader: PdfFileReader) -> str:
    """Return what changed after the seal besides signatures; empty if nothing did."""
    for each in reader.embedded_regular_signatures:
        if each.field_name == FIELD:
            each.compute_integrity_info()
            found = each.diff_result
            if isinstance(found, SuspiciousModification):
                return str(found).splitlines()[0][:200]
            if found is None or found.modification_level > ModificationLevel.FORM_FILLING:
                return "something was added to its pages"
            return ""
    return ""


def _is_sound(signature: EmbeddedPdfSignature) -> bool:
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=nobody)
    return bool(status.intact and status.valid)
