"""The seal: every reader sees that a document is as it was made, and that a byte of it is not."""

import io
import subprocess

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.contract.document import sealed
from services.contract.seals import CERTIFICATE, FIELD
from services.contract.tests.builders import a_contract
from services.contract.tests.papers import signed_digitally, signer
from shared.testing.packages import pdfsig


@pytest.fixture(scope="module")
def document(printing):
    return sealed(a_contract(), printing)


def status(pdf, folder):
    """Return what pyHanko says of the seal, for somebody who trusts the vendor's authority."""
    *_, authority = pem.unarmor((folder / CERTIFICATE).read_bytes(), multiple=True)
    trusting = ValidationContext(trust_roots=[x509.Certificate.load(authority[2])])
    reader = PdfFileReader(io.BytesIO(pdf))
    (seal,) = (each for each in reader.embedded_signatures if each.field_name == FIELD)
    return validate_pdf_signature(seal, trusting)


def is_intact(pdf, folder):
    """Whether pyHanko takes the seal for intact; what it cannot even read it does not."""
    try:
        return status(pdf, folder).intact
    except (PdfError, ValueError, KeyError):
        return False


def poppler_says(pdf, folder):
    path = folder / "it.pdf"
    path.write_bytes(pdf)
    command = [pdfsig(), "-nocert", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_pyhanko_finds_the_seal_valid_and_trusted(document, seal_folder):
    found = status(document, seal_folder)

    assert found.bottom_line
    assert (found.intact, found.valid, found.trusted) == (True, True, True)
    assert found.docmdp_ok


def test_poppler_finds_the_seal_valid(document, tmp_path):
    said = poppler_says(document, tmp_path)

    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    assert "Signature is Valid." in said


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_one_changed_byte_is_seen_by_both(document, seal_folder, tmp_path, share):
    place = int(len(document) * share)
    changed = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]

    assert "Signature is Valid." not in poppler_says(changed, tmp_path)
    assert not is_intact(changed, seal_folder)


def test_a_signature_added_later_leaves_the_seal_valid(document, seal_folder, tmp_path):
    signed = signed_digitally(document, signer(tmp_path / "buyer"))
    found = status(signed, seal_folder)

    assert found.bottom_line
    assert poppler_says(signed, tmp_path).count("Signature is Valid.") == 2


def test_the_document_offers_both_sides_a_field_to_sign_in(document):
    fields = PdfFileReader(io.BytesIO(document)).root["/AcroForm"]["/Fields"]

    names = [fields[number]["/T"] for number in range(len(fields))]
    assert sorted(names) == ["Buyer", "Seal", "Seller"]
