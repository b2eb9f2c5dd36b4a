"""Lines of an order as people have them in a spreadsheet: pasted, CSV or XLSX.

PID or model and quantity, in this order or named in the first row. A third column is the licence's
SKU in an order of licences; in one of modules it is the services on top, `labels; burn-in`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zipfile import ZipFile

from openpyxl import load_workbook

from services.ordering.domain.draft import MOST_LINES
from shared.errors import Malformed, Refusal
from shared.numerals import plain

T = TypeVar("T")

MOST_KIB = 1024
MOST_UNPACKED = 20 * 1024**2
"""How many bytes an XLSX file may have once it is unpacked: it is a ZIP file, perhaps a bomb."""

MOST_PARTS = 200
MOST_SEEN = 10_000
"""How many rows are looked at, blank ones too: a row may say that it is the billionth."""

NAMES = {"pid": 0, "model": 0, "product": 0, "pid or model": 0, "quantity": 1, "units": 1}
NAMES |= {"qty": 1, "产品型号": 0, "订购数量": 1, "采购数量": 1}
NAMES |= {"sku": 2, "licence": 2, "license": 2, "licence type": 2, "license type": 2}
NAMES |= {"services": 3, "service": 3, "vas": 3}
NAMES |= {"value-added services": 3, "value added services": 3, "value_added_services": 3}
NAMES |= {
    "型号": 0,
    "产品": 0,
    "pid 或型号": 0,
    "数量": 1,
    "许可": 2,
    "许可类型": 2,
    "授权": 2,
    "授权类型": 2,
    "许可证": 2,
}
NAMES |= {"增值服务": 3, "服务": 3}
"""What the columns may be called, and which of the four each is."""

ABSENT = 99
OF_MODULES, OF_LICENSES = (0, 1, ABSENT, 2), (0, 1, 2, ABSENT)
"""Where each column stands if the first row names none."""

LONGEST_SERVICES = 1000
LOOKED_AT = 50
"""In how many rows it is looked for what stands between cells."""

UNPLACED, PLACED = b"<sheetData", b'<dimension ref="A1"/><sheetData'
BEFORE_CELLS = 64 * 1024
"""In how many bytes of a sheet it is looked for its dimension, which stands before the cells."""

_DECLARED = re.compile(r"sep=([\t;,])(?=\r?\n)", re.IGNORECASE)
"""How spreadsheet programs are told what stands between cells, in a first row of its own."""


class SheetTooLarge(Malformed):
    """The lines are more than {most} KiB, or unpack to far more than they are."""

    fix = "Send only the columns PID or model, quantity and services, without pictures or formats."


_CONTROL = frozenset(map(chr, range(32))) - {"\t", "\r", "\n", "\v", "\f"}
"""What stands in no text."""


class SheetUnreadable(Malformed):
    """The lines can be read neither as text in UTF-8 or GB 18030 nor as an XLSX workbook."""

    fix = "Save it from the spreadsheet program as XLSX or as CSV UTF-8 and send it again."


class SheetWithoutLines(Malformed):
    """There are no lines."""

    fix = "Write a PID or model and a quantity into each row."


class TooManyRows(Malformed):
    """There are more than {most} lines, and an order has no more."""

    fix = "Split them into several orders."


class RowsFarApart(Malformed):
    """There are more than {most} rows, and most of them are empty."""

    fix = "Delete the empty rows between the lines, and whatever stands far below them."


class RowWithoutProduct(Malformed):
    """The row names no product."""

    fix = "Write its PID or model into the first column."


class NotAQuantity(Malformed):
    """ "{text}" is not a quantity."""

    fix = "Write a whole number above zero, such as 1000; among commas, without one of its own."


@dataclass(frozen=True)
class Row:
    """One row that names a product."""

    number: int
    product: str
    quantity: int
    refusal: Refusal | None = None
    """Why the row itself cannot be read."""

    sku: str = ""
    """Which licence, where licences are ordered."""

    services: str = ""
    """What is to be done on top of it, as it is written."""


def read(content: bytes, *, licensed: bool = False) -> list[Row]:
    """Return the rows of a sheet; refuses with what makes the whole of it unreadable.

    `licensed` says that it is for an order of licences.
    """
    if len(content) > MOST_KIB * 1024:
        raise SheetTooLarge(most=MOST_KIB)
    cells = _workbook(content) if content.startswith(b"PK\x03\x04") else _text(content)
    rows: list[Row] = []
    order: Sequence[int] = OF_LICENSES if licensed else OF_MODULES
    for number, row in enumerate(cells, 1):
        named = [NAMES.get(cell.lower()) for cell in row]
        if {0, 1} <= {*named} and all(each.refusal for each in rows):
            rows.clear()  # Titles above the names of the columns are no lines.
            order = [named.index(each) if each in named else ABSENT for each in range(4)]
        elif any(row):
            rows.append(_row(number, row, order))
        if len(rows) > MOST_LINES:
            raise TooManyRows(most=MOST_LINES)
    if not rows:
        raise SheetWithoutLines
    return rows


def _row(number: int, cells: Sequence[str], order: Sequence[int]) -> Row:
    product, text, sku, services = (cells[at] if at < len(cells) else "" for at in order)
    product = product.lstrip("'")
    quantity = _quantity(text)
    wrong: Refusal | None = None
    if not product:
        wrong = RowWithoutProduct()
    elif not quantity:
        wrong = NotAQuantity(text=text[:40] or "–")
    on_top = services.lstrip("'")[:LONGEST_SERVICES]
    return Row(number, product[:200], quantity, wrong, sku[:200].lower(), on_top)


def _quantity(text: str) -> int:
    digits = plain(text).removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else 0


def _text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if declared := _DECLARED.match(text):
        text = text[declared.end() :]
    separator = declared[1] if declared else _separator_of(text)
    rows = _near(csv.reader(io.StringIO(text), delimiter=separator))
    try:
        yield from _clean(map(_doubtful, rows) if separator == "," else rows)
    except csv.Error:
        raise SheetUnreadable from None


def _separator_of(text: str) -> str:
    """Return what stands between cells: the first row may be blank, or a title without any."""
    lines = text.splitlines()[:LOOKED_AT]

    def likely(sign: str) -> tuple[int, bool, int]:
        return sum(sign in line for line in lines), sign == "\t", text.count(sign)

    return max("\t;,", key=likely)


def _decoded(content: bytes) -> str:
    """Return text as spreadsheet programs write it: those in Chinese write CSV in GB 18030."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # What some programs call Unicode text.
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.isdisjoint(text):
            return text
    raise SheetUnreadable


def _doubtful(row: list[str]) -> list[str]:
    """Mark a quantity that commas took apart: of `plug16,1,000` nobody wants one unit."""
    product, *parts = [cell.strip() for cell in row] or [""]
    apart = len(parts) > 1 and len(parts[0]) <= 3 and all(map(str.isdigit, parts))
    if apart and all(len(part) == 3 for part in parts[1:]):
        return [product, ",".join(parts) + " ?"]
    return row


def _workbook(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet that has any, blank ones too: people leave some between."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise SheetTooLarge(most=MOST_KIB)
        book = load_workbook(_placed(content), read_only=True, data_only=True)
        # Hidden sheets are lists to choose from; an empty one is what a new workbook begins with.
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        yield from _cells(next((each for each in shown if any(map(any, _cells(each)))), shown[0]))
    except Refusal:
        raise
    except Exception:
        # A damaged file is whatever the reader stumbles on: zlib.error, ParseError, TypeError …
        raise SheetUnreadable from None


def _placed(content: bytes) -> io.BytesIO:
    """Return a workbook whose sheets say where their cells stand, whatever they say.

    One that does not is read to its end for that before its first row is: 50,000 rows in a second.
    """
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as packed, ZipFile(file, "w") as placed:
        for part in packed.infolist():
            inside = packed.read(part)
            if b"<dimension" not in inside[:BEFORE_CELLS]:
                inside = inside.replace(UNPLACED, PLACED, 1)
            placed.writestr(part.filename, inside)
    return file


def _cells(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # Programs write `A1` for any: all rows but the first would be lost.
    for row in _near(sheet.iter_rows(max_col=20, values_only=True)):
        yield ["" if cell is None else str(cell).strip() for cell in row]


def _near(rows: Iterable[T]) -> Iterator[T]:
    """Yield rows until there are more than anybody orders by; RowsFarApart then."""
    for number, row in enumerate(rows, 1):
        if number > MOST_SEEN:
            raise RowsFarApart(most=MOST_SEEN)
        yield row


def _clean(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    for row in rows:
        yield [cell.strip() for cell in row]
