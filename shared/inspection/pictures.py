"""PNG and JPEG pictures, wrapped as a page of a PDF: so there is one way to draw and read pages."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from shared.inspection import errors

MOST_DOTS = 80
"""Millions of dots a picture may have; a page of A4 at 600 dots per inch has 35."""

A4 = 595
"""Points a page is wide."""

COLOURS = {
    0: (1, "/DeviceGray", ""),
    2: (3, "/DeviceRGB", ""),
    # How transparent a dot is counts for nothing: red, green and blue are read as ink left out.
    6: (4, "/DeviceCMYK", "/Decode [1 0 1 0 1 0 0 0]"),
}
"""Kinds of PNG: values a dot, what they mean, how they are read."""


@dataclass(frozen=True)
class Picture:
    """The coded dots of a picture, and how a PDF says what they are."""

    media_type: str
    width: int
    height: int
    coding: str
    data: bytes

    def as_pdf(self) -> bytes:
        """Return a PDF with the picture as its only page."""
        high = max(1, round(A4 * self.height / self.width))
        drawn = b"q %d 0 0 %d 0 0 cm /P Do Q" % (A4, high)
        size = f"/Width {self.width} /Height {self.height}"
        objects = [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
            b" /Resources <</XObject <</P 5 0 R>>>>>>" % (A4, high),
            _stream("", drawn),
            _stream(f"/Type /XObject /Subtype /Image {size} {self.coding}", self.data),
        ]
        return _written(objects)


def png(content: bytes) -> Picture:
    """Read a PNG as far as its dots; they stay as they are."""
    dots, palette, header = [], b"", b""
    for kind, data in _chunks(content):
        if kind == b"IHDR":
            header = data
        elif kind == b"PLTE":
            palette = data
        elif kind == b"IDAT":
            dots.append(data)
    if len(header) != 13 or not dots:
        raise errors.FileUnreadable(kind="PNG")
    width, height, bits, colours, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    _insist_small(width, height, "PNG")
    if colours == 3 and palette:
        space = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
        values, read = 1, ""
    elif colours in COLOURS:
        values, space, read = COLOURS[colours]
    else:
        raise errors.FileNotAccepted
    if interlaced:
        raise errors.FileNotAccepted
    coding = (
        f"/ColorSpace {space} /BitsPerComponent {bits} {read} /Filter /FlateDecode /DecodeParms"
        f" <</Predictor 15 /Colors {values} /BitsPerComponent {bits} /Columns {width}>>"
    )
    return Picture("image/png", width, height, coding, b"".join(dots))


def jpeg(content: bytes) -> Picture:
    """Read how large a JPEG is and of how many colours; its dots stay as they are."""
    if content.rstrip(b"\x00")[-2:] != b"\xff\xd9":
        raise errors.FileUnreadable(kind="JPEG")
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        kind, length = content[place + 1], struct.unpack(">H", content[place + 2 : place + 4])[0]
        if kind == 0xFF:
            place += 1
        elif kind in _FRAMES:
            height, width, values = struct.unpack(">HHB", content[place + 5 : place + 10])
            _insist_small(width, height, "JPEG")
            space = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}.get(values)
            if space is None:
                raise errors.FileNotAccepted
            coding = f"/ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode"
            return Picture("image/jpeg", width, height, coding, content)
        else:
            place += 2 + length
    raise errors.FileUnreadable(kind="JPEG")


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers that say how large the picture is."""


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG; refuse one that does not end where its file does."""
    place = 8
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, end = content[place + 4 : place + 8], place + 12 + length
        if end > len(content):
            break
        yield kind, content[place + 8 : end - 4]
        if kind == b"IEND":
            if end != len(content):
                raise errors.FileIsTwo(kind="PNG")
            return
        place = end
    raise errors.FileUnreadable(kind="PNG")


def _insist_small(width: int, height: int, kind: str) -> None:
    if not width or not height:
        raise errors.FileUnreadable(kind=kind)
    if width * height > MOST_DOTS * 10**6:
        raise errors.PictureTooLarge(most=MOST_DOTS)


def _stream(described: str, data: bytes) -> bytes:
    return f"<<{described} /Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def _written(objects: list[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer <</Size %d /Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)
