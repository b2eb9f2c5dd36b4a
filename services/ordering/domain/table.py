"""A table as a file that spreadsheet programs read: CSV or XLSX.

What such a program would take for a formula is written with an apostrophe before it, in both.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | Decimal | datetime | None

FORMULAS = tuple("=+-@\t\r＝＋－＠")
MARK = "\ufeff"
ISO = 'yyyy-mm-dd"T"hh:mm:ss"Z"'
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML has no letter for."""


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table as text: amounts as decimals, times in UTC as ISO 8601 has them."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def as_workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table as a workbook: numbers are numbers, and times are times, in UTC."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    names = [WriteOnlyCell(sheet, name) for name in head]
    for name in names:
        name.font = Font(bold=True)
    sheet.append(names)
    for row in rows:
        sheet.append([_typed(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def disarmed(text: str) -> str:
    """Return `text` so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULAS) else text


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return disarmed(cell)
        case datetime():
            return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case Decimal():
            return f"{cell:f}"
        case None:
            return ""
    return str(cell)


def _typed(sheet: object, cell: Cell) -> object:
    match cell:
        case str():
            return disarmed(_UNWRITABLE.sub("", cell)) or None
        case datetime():
            # Workbooks know no zones.
            moment = WriteOnlyCell(sheet, cell.astimezone(UTC).replace(tzinfo=None, microsecond=0))
            moment.number_format = ISO
            return moment
    return cell
