"""Copies of a contract as buyers make them: signed with a certificate, printed and scanned."""

import io
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from services.contract.seal_keys import generate
from services.contract.seals import KEY, Seal
from shared.inspection.pictures import jpeg
from shared.testing.packages import pdftoppm


def signer(folder: Path, name: str = "B. Uyer") -> Any:
    """Return somebody with a certificate of their own."""
    if not (folder / KEY).exists():
        generate(folder, name)
    return Seal(folder).signer


def signed_digitally(pdf: bytes, who: Any, field: str = "Buyer") -> bytes:
    """Return the PDF as a reader saves it that signed in the field for it."""
    described = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signed: bytes = signers.sign_pdf(writer, described, signer=who).getvalue()
    return signed


def pictures(pdf: bytes, folder: Path, kind: str = "jpeg", resolution: int = 150) -> list[bytes]:
    """Return the pages as a scanner sees them: PNG or JPEG."""
    (folder / "it.pdf").write_bytes(pdf)
    command = [pdftoppm(), "-r", str(resolution), f"-{kind}", str(folder / "it.pdf")]
    for old in folder.glob("it-*"):
        old.unlink()
    subprocess.run([*command, str(folder / "it")], check=True)
    return [each.read_bytes() for each in sorted(folder.glob("it-*"))]


def scanned(pdf: bytes, folder: Path, only: slice = slice(None)) -> bytes:
    """Return a PDF of nothing but pictures of the pages."""
    return bound(pictures(pdf, folder)[only])


def bound(jpegs: list[bytes]) -> bytes:
    """Return a PDF with a JPEG on each page."""

    whole = pdfium.PdfDocument.new()
    for each in jpegs:
        whole.import_pages(pdfium.PdfDocument(jpeg(each).as_pdf()))
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue()
