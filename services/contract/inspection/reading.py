"""What a page says, line by line, as whoever reads it sees it."""

import json

import pypdfium2 as pdfium

LONGEST_LINE = 160
MOST = 40_000
"""Bytes of all lines of a file, as they are answered: what says more is not a contract of ours."""


def lines(page: pdfium.PdfPage) -> list[str]:
    """Return the lines of a page without the space in them that nobody sees; none if too many."""
    text = page.get_textpage().get_text_range()
    found = [_shown(line)[:LONGEST_LINE] for line in text.splitlines()]
    said = [line for line in found if line]
    return said if len(json.dumps(said)) <= MOST // len(page.pdf) else []


def _shown(line: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in line).split())
