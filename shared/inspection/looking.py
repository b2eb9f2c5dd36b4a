"""What a file is, and what is in it: a PDF or a picture, and nothing else besides."""

from typing import Any

from shared.inspection import errors, pages, pictures, structure

ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 22 + 65_535
"""In how many bytes at the end of a file an archive has to say that it is one."""

PDF, PNG, JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


def look(
    content: bytes,
    *,
    see: pages.Eye = pages.can_be_drawn,
    read: structure.Reading = structure.nothing_more,
) -> dict[str, Any]:
    """Return what is in a file; refuse by `errors` what is not to be kept at all.

    `see` looks at each page, a picture's too; what `read` finds in a PDF stands beside the rest.
    """
    if content.startswith(PDF):
        return _pdf(content, see, read)
    for begins, picture in ((PNG, pictures.png), (JPEG, pictures.jpeg)):
        if content.startswith(begins):
            _insist_one(content, picture.__name__.upper(), PDF in content)
            found = picture(content)
            seen = pages.read(found.as_pdf(), picture=True, see=see)
            return {**seen, "media_type": found.media_type}
    raise errors.FileNotAccepted


def _pdf(content: bytes, see: pages.Eye, read: structure.Reading) -> dict[str, Any]:
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise errors.FileUnreadable(kind="PDF")
    _insist_one(content, "PDF", bool(content[end + 5 :].strip(b"\r\n\t \x00")))
    more = structure.examine(content, read)
    return {**pages.read(content, see=see), **more, "media_type": "application/pdf"}


def _insist_one(content: bytes, kind: str, two: bool) -> None:
    """Refuse what another program would take for something else."""
    if two or ZIP_END in content[-ZIP_TAIL:]:
        raise errors.FileIsTwo(kind=kind)
