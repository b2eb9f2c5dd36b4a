"""Files nobody should be handed, and the harmless ones they are made of; none is kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.reader import PdfFileReader

name, text = generic.pdf_name, generic.pdf_string


def dictionary(**entries: Any) -> generic.DictionaryObject:
    """Return a dictionary of a PDF: `dictionary(S=name("/GoTo"))`."""
    return generic.DictionaryObject({name(f"/{key}"): value for key, value in entries.items()})


def plain(pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    """Return a PDF with empty pages."""
    made = pdfium.PdfDocument.new()
    for _ in range(pages):
        made.new_page(*size)
    written = io.BytesIO()
    made.save(written)
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


def with_root(**entries: Any) -> bytes:
    """Return a PDF whose catalogue says more."""
    return changed(lambda whole: whole.root.update(dictionary(**entries)))


def changed(change: Callable[[Any], Any]) -> bytes:
    """Return a PDF after `change` was made to it."""
    whole = writer.copy_into_new_writer(PdfFileReader(io.BytesIO(plain())))
    change(whole)
    written = io.BytesIO()
    whole.write(written)
    return written.getvalue()


def action(kind: str, **more: Any) -> generic.DictionaryObject:
    """Return an action of a PDF."""
    return dictionary(Type=name("/Action"), S=name(f"/{kind}"), **more)


def annotated(**entries: Any) -> bytes:
    """Return a PDF with an annotation on its page."""
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 99)))

    def annotate(whole: Any) -> None:
        page = whole.root["/Pages"]["/Kids"][0]
        each = dictionary(Type=name("/Annot"), Rect=box, **entries)
        page[name("/Annots")] = generic.ArrayObject([whole.add_object(each)])

    return changed(annotate)


def encrypted() -> bytes:
    """Return a PDF that asks for a password."""

    def lock(whole: Any) -> None:
        whole.encrypt(owner_pass="owner", user_pass="user")

    return changed(lock)


def scripted_by_another_name() -> bytes:
    """Return a PDF whose script hides behind an escaped name."""
    script = (
        b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /J#61vaScript /J#53 (app.alert(1))>>>>"
    )
    return handmade([script, b"<</Type /Pages /Kids [] /Count 0>>"])


def scripted_in_a_packed_stream() -> bytes:
    """Return a PDF whose script lies in a compressed object stream."""
    return packed(b"<</Type /Action /S /JavaScript /JS (app.alert(1))>>")


def packed(thing: bytes) -> bytes:
    """Return a PDF that holds `thing` in an object stream, found by a cross-reference stream."""
    data = zlib.compress(b"9 0 " + thing)
    objects = [
        b"<</Type /Catalog /Pages 2 0 R /OpenAction 9 0 R>>",
        b"<</Type /Pages /Kids [] /Count 0>>",
        b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>\nstream\n" % len(data)
        + data
        + b"\nendstream",
    ]
    whole, places = _begun(objects)
    rows = [b"\x00\x00\x00\x00\xff", *(struct.pack(">BHH", 1, place, 0) for place in places)]
    rows += [struct.pack(">BHH", 1, len(whole), 0)] + [b"\x00\x00\x00\x00\xff"] * 4
    rows.append(struct.pack(">BHH", 2, 3, 0))
    table = b"".join(rows)
    start = len(whole)
    whole += b"4 0 obj\n<</Type /XRef /Size 10 /W [1 2 2] /Root 1 0 R /Length %d>>" % len(table)
    return whole + b"\nstream\n" + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def handmade(objects: list[bytes], trailer: bytes = b"", start: int | None = None) -> bytes:
    """Return a PDF written by hand, without insisting that it makes sense."""
    whole, places = _begun(objects)
    at = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    whole += b"trailer\n<</Size %d /Root 1 0 R %s>>\n" % (len(objects) + 1, trailer)
    return whole + b"startxref\n%d\n%%%%EOF\n" % (at if start is None else start)


def large(size: int) -> bytes:
    """Return a harmless PDF of `size` bytes: an empty page, and a stream nobody reads."""
    page = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
    ]

    def filled(length: int) -> bytes:
        stream = b"<</Length %08d>>\nstream\n" % length + bytes(length) + b"\nendstream"
        return handmade([*page, stream])

    # The place of the table is written in the file, too, and may get a digit more.
    length = size - len(filled(0))
    return filled(length - (len(filled(length)) - size))


def looping() -> bytes:
    """Return a PDF whose cross-reference tables name each other for ever."""
    objects = [b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [] /Count 0>>"]
    at = handmade(objects).index(b"xref")
    return handmade(objects, trailer=b"/Prev %d" % at)


def pages_within_pages(depth: int = 40) -> bytes:
    """Return a PDF that says it has 10^12 pages, by naming the same ones again and again."""
    nodes = [
        b"<</Type /Pages /Count 1000000000 /Kids [%s]>>" % (b"%d 0 R " % (number + 1) * 10)
        for number in range(2, 2 + depth)
    ]
    leaf = b"<</Type /Page /MediaBox [0 0 595 842]>>"
    return handmade([b"<</Type /Catalog /Pages 2 0 R>>", *nodes, leaf])


def nested(depth: int = 5000) -> bytes:
    """Return a PDF with arrays in arrays in arrays."""
    deep = b"<</Type /Catalog /Pages 2 0 R /Deep " + b"[" * depth + b"]" * depth + b">>"
    return handmade([deep, b"<</Type /Pages /Kids [] /Count 0>>"])


def page_of_a_picture(width: int, height: int, data: bytes, how: bytes) -> bytes:
    """Return a PDF whose page is one picture."""
    drawn = b"q 595 0 0 842 0 0 cm /P Do Q"
    return handmade(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <</XObject <</P 5 0 R>>>>>>",
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<</Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB"
            b" /BitsPerComponent 8 %s /Length %d>>\nstream\n%s\nendstream"
            % (width, height, how, len(data), data),
        ]
    )


def content_bomb(layers: int = 3) -> bytes:
    """Return a PDF whose page unpacks to gigabytes of drawing."""
    data = b"0 0 m 9 9 l S\n" * 20_000_000
    for _ in range(layers):
        data = zlib.compress(data, 9)
    filters = b"[" + b"/FlateDecode " * layers + b"]"
    return handmade(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R>>",
            b"<</Filter %s /Length %d>>\nstream\n%s\nendstream" % (filters, len(data), data),
        ]
    )


def archive() -> bytes:
    """Return a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as whole:
        whole.writestr("evil.js", "alert(1)")
    return made.getvalue()


def _begun(objects: list[bytes]) -> tuple[bytes, list[int]]:
    whole, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return whole, places


CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (encrypted, "FileEncrypted"),
    "script at opening": (
        lambda: with_root(OpenAction=action("JavaScript", JS=text("app.alert(1)"))),
        "FileIsActive",
    ),
    "script by another name": (scripted_by_another_name, "FileIsActive"),
    "script in a packed stream": (scripted_in_a_packed_stream, "FileIsActive"),
    "named scripts": (
        lambda: with_root(Names=dictionary(JavaScript=dictionary(Names=generic.ArrayObject()))),
        "FileIsActive",
    ),
    "script of a page": (
        lambda: with_root(AA=dictionary(WC=action("JavaScript", JS=text("x")))),
        "FileIsActive",
    ),
    "starts a program": (
        lambda: with_root(OpenAction=action("Launch", F=text("calc.exe"))),
        "FileIsActive",
    ),
    "link that starts a program": (
        lambda: annotated(Subtype=name("/Link"), A=action("Launch", F=text("calc.exe"))),
        "FileIsActive",
    ),
    "opens another file": (
        lambda: annotated(Subtype=name("/Link"), A=action("GoToR", F=text("\\\\host\\share"))),
        "FileIsActive",
    ),
    "embedded files": (
        lambda: with_root(Names=dictionary(EmbeddedFiles=dictionary(Names=generic.ArrayObject()))),
        "FileIsActive",
    ),
    "attached file": (
        lambda: annotated(Subtype=name("/FileAttachment"), FS=dictionary(EF=dictionary())),
        "FileIsActive",
    ),
    "film": (lambda: annotated(Subtype=name("/RichMedia")), "FileIsActive"),
    "form that sends": (
        lambda: annotated(Subtype=name("/Widget"), A=action("SubmitForm", F=text("http://x"))),
        "FileIsActive",
    ),
    "XFA form": (
        lambda: with_root(AcroForm=dictionary(XFA=text("<xdp/>"), Fields=generic.ArrayObject())),
        "FileIsActive",
    ),
    "tables that name each other": (looping, "FileUnreadable"),
    "pages within pages": (pages_within_pages, "FileUnreadable"),
    "too many pages": (lambda: plain(41), "FileTooLong"),
    "arrays in arrays": (nested, "FileTooHeavy"),
    "picture bomb": (
        lambda: page_of_a_picture(60_000, 60_000, b"", b"/Filter /FlateDecode"),
        "PictureTooLarge",
    ),
    "truncated PDF": (lambda: plain()[:-200], "FileUnreadable"),
    "half a PDF": (lambda: plain()[:99] + b"\n%%EOF", "FileUnreadable"),
    "PDF and archive": (lambda: plain() + archive(), "FileIsTwo"),
    "PDF and web page": (lambda: plain() + b"<script>alert(1)</script>", "FileIsTwo"),
    "archive": (archive, "FileNotAccepted"),
    "web page": (lambda: b"<html><script>alert(1)</script>", "FileNotAccepted"),
    "drawing with a script": (lambda: b"<svg onload='alert(1)'/>", "FileNotAccepted"),
    "PDF behind something else": (lambda: b"GIF89a" + plain(), "FileNotAccepted"),
    "one byte": (lambda: b"%", "FileNotAccepted"),
    "PNG bomb": (lambda: png(60_000, 60_000, dots=zlib.compress(bytes(9))), "PictureTooLarge"),
    "PNG without dots": (lambda: png(0, 9, dots=b""), "FileUnreadable"),
    "truncated PNG": (lambda: png(99, 99)[:-9], "FileUnreadable"),
    "PNG and archive": (lambda: png(9, 9) + archive(), "FileIsTwo"),
    "PNG and PDF": (lambda: png(9, 9) + plain(), "FileIsTwo"),
    "JPEG without a picture": (lambda: b"\xff\xd8\xff\xe0\x00\x02\xff\xd9", "FileUnreadable"),
    "truncated JPEG": (lambda: b"\xff\xd8\xff\xc0\x00\x11\x08" + bytes(99), "FileUnreadable"),
    "JPEG bomb": (
        lambda: b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9) + b"\xff\xd9",
        "PictureTooLarge",
    ),
}
"""Each file, how it is made and how it is refused."""


def picture_bomb() -> bytes:
    """Return a PDF with a picture that is not too large, and unpacks to much more than it says."""
    data = zlib.compress(zlib.compress(bytes(8900 * 8900 * 3), 9), 9)
    return page_of_a_picture(8900, 8900, data, b"/Filter [/FlateDecode /FlateDecode]")


HEAVY: dict[str, Callable[[], bytes]] = {
    "page that unpacks to gigabytes": content_bomb,
    "picture that unpacks to gigabytes": picture_bomb,
}
"""What takes too much to look at: only the limits of the process help."""
