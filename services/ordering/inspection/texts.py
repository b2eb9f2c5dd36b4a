"""Texts and tables: signs people can read, and no page that a browser would run."""

import csv
import io

CSV, TEXT = "text/csv", "text/plain"
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins."""

WRITTEN_IN = ("utf-8-sig", "gb18030")
MARKUP = ("<", "{\\rtf")
SEPARATORS = ",;\t"
LOOKED_AT = 50
"""How many lines are looked at to tell a table from a text."""


def media_type(content: bytes) -> str:
    """Return whether it is a table or a text; empty if it is neither."""
    text = _text(content)
    if not text.strip() or text.lstrip().lower().startswith(MARKUP) or _has_controls(text):
        return ""
    return CSV if _is_table(text) else TEXT


def _text(content: bytes) -> str:
    names = ("utf-16",) if content.startswith(WIDE) else WRITTEN_IN
    for name in names:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return ""


def _has_controls(text: str) -> bool:
    return any((sign < " " and sign not in "\t\r\n\f") or sign == "\x7f" for sign in set(text))


def _is_table(text: str) -> bool:
    """Whether every line has the same number of cells, more than one, by some separator."""
    lines = [line for line in text.splitlines() if line.strip()][:LOOKED_AT]
    for separator in SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))
        except csv.Error:
            continue
        widths = {len(row) for row in rows}
        if len(rows) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False
