"""XLSX workbooks: archives of cells, and nothing that acts or comes from elsewhere."""

import io
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from shared.inspection import errors

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINS = b"PK\x03\x04"
TYPES, BOOK = "[Content_Types].xml", "xl/workbook.xml"
MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

MOST_PARTS = 2000
MOST_UNPACKED = 200 * 1024**2
LONGEST_TYPES = 1024**2

LOCKED = 0x1
"""The flag of a part that is encrypted."""

ACTIVE = {
    "vbaproject": "macros",
    "xl/macrosheets/": "macros",
    "xl/activex/": "controls",
    "/embeddings/": "another file",
    "xl/externallinks/": "links to other files",
    "xl/connections.xml": "links to other files",
}
"""What must be in no part's name, and what it means."""


def look(content: bytes) -> dict[str, Any]:
    """Return that it is a workbook, that it holds something `active`, or that it is none."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            _insist_small(parts)
            names = {part.filename.lower() for part in parts}
            if not {TYPES.lower(), BOOK} <= names:
                return {"media_type": ""}
            with packed.open(TYPES) as file:
                types = file.read(LONGEST_TYPES)
    except (BadZipFile, KeyError, ValueError, OSError, NotImplementedError, RuntimeError):
        raise errors.FileUnreadable(kind="XLSX") from None
    for named, what in ACTIVE.items():
        if any(named in name for name in names) or (what == "macros" and b"macroEnabled" in types):
            return {"media_type": XLSX, "active": what}
    return {"media_type": XLSX if MAIN in types else ""}


def _insist_small(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise errors.FileTooHeavy
    if any(part.flag_bits & LOCKED for part in parts):
        raise errors.FileUnreadable(kind="XLSX")
