"""Our sealed contract as somebody alters it: added to behind the seal, or changed beneath it."""

import ctypes
import io
import re
from typing import Any

import pypdfium2 as pdfium
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from services.contract.seals import FIELD
from services.contract.tests.papers import signed_digitally

Name, raw = generic.pdf_name, pdfium.raw
A4, A_PRICE = (0, 0, 595, 842), (100, 500, 300, 540)
BYTE_RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]")


def drawn_over(pdf: bytes) -> bytes:
    """Return it with a bar over what the first page says."""
    writer, page = _opened(pdf)
    bar = writer.add_object(StreamObject(stream_data=b"0 0 0 rg 100 500 200 40 re f"))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), bar])
    return _saved(writer, page)


def annotated(pdf: bytes) -> bytes:
    """Return it with another price written on the first page, as a reader's pencil does it."""
    writer, page = _opened(pdf)
    note = {
        "/Type": Name("/Annot"),
        "/Subtype": Name("/FreeText"),
        "/Rect": _box(A_PRICE),
        "/Contents": generic.pdf_string("12.25 CNY is now 1.00 CNY"),
    }
    there = page.get("/Annots", ArrayObject())
    added = writer.add_object(_dictionary(note))
    page["/Annots"] = ArrayObject([*(there.raw_get(at) for at in range(len(there))), added])
    return _saved(writer, page)


def with_a_page(pdf: bytes) -> bytes:
    """Return it with an empty page behind its last."""
    writer, _ = _opened(pdf)
    pages = writer.root["/Pages"]
    page = {
        "/Type": Name("/Page"),
        "/Parent": writer.root.raw_get("/Pages"),
        "/MediaBox": _box(A4),
        "/Resources": DictionaryObject(),
    }
    pages["/Kids"].append(writer.add_object(_dictionary(page)))
    pages["/Count"] = NumberObject(len(pages["/Kids"]))
    return _saved(writer, pages["/Kids"], pages)


def without_a_page(pdf: bytes) -> bytes:
    """Return it without its first page."""
    writer, _ = _opened(pdf)
    pages = writer.root["/Pages"]
    del pages["/Kids"][0]
    pages["/Count"] = NumberObject(len(pages["/Kids"]))
    return _saved(writer, pages["/Kids"], pages)


def drawn_anew(pdf: bytes) -> bytes:
    """Return it with other letters in a font of both its pages: what draws them is the same."""
    writer, _ = _opened(pdf)
    fonts = writer.root["/Pages"]["/Kids"][1]["/Resources"]["/Font"]
    drawn = next(iter(fonts.values())).get_object()
    drawn["/Encoding"] = Name("/Identity-V")
    return _saved(writer, drawn)


def titled(pdf: bytes) -> bytes:
    """Return it as a file that says of itself to be something else."""
    writer, _ = _opened(pdf)
    writer.root["/Lang"] = generic.pdf_string("xx")
    return _saved(writer, writer.root)


def saved_anew(pdf: bytes) -> bytes:
    """Return it as a program writes it that knows nothing of seals: the same pages, no history."""
    document = pdfium.PdfDocument(pdf)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def rewritten(pdf: bytes, old: str, new: str) -> bytes:
    """Return it saved anew with `new` where its first page said `old`, as editors do it."""
    document = pdfium.PdfDocument(pdf)
    page = document[0]
    texts = page.get_objects([raw.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())
    there = next(each for each in texts if each.extract().strip() == old)
    page.remove_obj(there)
    written = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 10)
    said = ctypes.create_string_buffer(f"{new}\0".encode("utf-16-le"))
    raw.FPDFText_SetText(written, ctypes.cast(said, raw.FPDF_WIDESTRING))
    raw.FPDFPage_InsertObject(page, written)
    page.gen_content()
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def with_a_byte_changed(pdf: bytes, place: int) -> bytes:
    """Return it with one bit of the byte at `place` turned round."""
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def without_its_seal(pdf: bytes) -> bytes:
    """Return it with the seal taken out of the form; its bytes are all still there."""
    writer, _ = _opened(pdf)
    fields = writer.root["/AcroForm"]["/Fields"]
    del fields[_place_of_seal(fields)]
    return _saved(writer, fields)


def with_its_seal_renamed(pdf: bytes) -> bytes:
    """Return it with the vendor's seal passing for somebody's signature."""
    writer, _ = _opened(pdf)
    fields = writer.root["/AcroForm"]["/Fields"]
    seal = fields[_place_of_seal(fields)]
    seal["/T"] = generic.pdf_string("Buyer 2")
    return _saved(writer, seal)


def sealed_anew(pdf: bytes, who: Any) -> bytes:
    """Return it with a seal of somebody else's in the place of the vendor's."""
    return signed_digitally(without_its_seal(pdf), who, FIELD)


def pretending(pdf: bytes, who: Any, document: bytes) -> bytes:
    """Return it signed, under a seal of the signer's that says it covers `document` and the rest.

    It ends where the vendor's ends, and is as long as the whole file: what it covers overlaps.
    """
    forged = sealed_anew(pdf, who)
    whole = len(signed_digitally(forged, who))
    *_, found = BYTE_RANGE.finditer(forged)
    _, first, second, rest = (int(each) for each in found.groups())
    said = f"/ByteRange [0 {whole - rest - (second - first)} {len(document) - rest} {rest}"
    room = found.end() - found.start() - 1
    changed = said.encode().ljust(room) + b"]"
    return signed_digitally(forged[: found.start()] + changed + forged[found.end() :], who)


def _opened(pdf: bytes) -> tuple[IncrementalPdfFileWriter, Any]:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return writer, writer.root["/Pages"]["/Kids"][0].get_object()


def _saved(writer: IncrementalPdfFileWriter, *changed: Any) -> bytes:
    for each in changed:
        writer.update_container(each)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _dictionary(said: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({Name(key): value for key, value in said.items()})


def _box(corners: tuple[int, ...]) -> ArrayObject:
    return ArrayObject(NumberObject(each) for each in corners)


def _place_of_seal(fields: Any) -> int:
    return next(at for at in range(len(fields)) if fields[at]["/T"] == FIELD)
