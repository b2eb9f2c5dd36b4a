"""Copies of a contract as buyers make them: signed with a certificate, printed and scanned."""

import io
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from services.contract.inspection.pictures import jpeg
from services.contract.seal_keys import generate
from services.contract.seals import KEY, Seal
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


def png(width: int, height: int, colours: int = 0, *, dots: bytes | None = None) -> bytes:
    """Return a white PNG, or one that only says how large it is."""
    values = {0: 1, 2: 3, 6: 4, 3: 1, 4: 2}[colours]
    if dots is None:
        dots = zlib.compress((b"\x00" + b"\xff" * (width * values)) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", dots), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
