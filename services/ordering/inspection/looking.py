"""What an attached file is, by what is in it: a scan, a sheet, a table or a text."""

from typing import Any

from services.ordering.inspection import sheets, texts
from shared.inspection import errors

SCANS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
ARCHIVE = b"PK\x05\x06"
ARCHIVE_TAIL = 22 + 65_535
"""In how many bytes at the end of a file an archive has to say that it is one."""


def look(content: bytes) -> dict[str, Any]:
    """Return the media type of a file, empty for what is not taken, or what `active` it holds."""
    if content.startswith(sheets.BEGINS):
        return sheets.look(content)
    if content.startswith(SCANS):
        # What draws pages takes a second to import: texts do without.
        from shared.inspection import looking

        return {"media_type": looking.look(content)["media_type"]}
    if ARCHIVE in content[-ARCHIVE_TAIL:]:
        raise errors.FileIsTwo(kind="text")
    return {"media_type": texts.media_type(content)}
