"""Products as a CSV file, as spreadsheet programs write and read it.

What such a program would take for a formula is written with an apostrophe before it, and read
without; so a file that was exported can be imported again and says the same.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from services.catalog.domain.errors import sheets as errors
from shared.errors import Refusal
from shared.texts import straight

if TYPE_CHECKING:
    import _csv

COLUMNS = (
    "pid",
    "display_name",
    "model",
    "customer_name",
    "notes",
    "module",
    "firmware_version",
    "panel",
    "data_points",
)
"""What can be said about a product."""

SHOWN = ("lifecycle", "firmware_state", "owner", "owner_legal_name", "create_time")
"""What is only shown: written, and ignored when read."""

MOST_KIB, MOST_ROWS = 1024, 1000
FORMULAS = "=+-@\t\r＝＋－＠"
MARK = "\ufeff"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line that names a product."""

    line: int
    """Where it begins; the names of the columns are in line 1."""

    cells: Mapping[str, str]
    """What it says, by column; a column that is not in the file is not in here."""

    refusal: Refusal | None = None
    """Why the line itself cannot be read."""

    def says(self, column: str, otherwise: str = "") -> str:
        """Return what stands in a column; `otherwise` if the file has no such column."""
        return self.cells.get(column, otherwise)


def read(content: bytes) -> list[Row]:
    """Return the rows of a file; refuses with what makes the whole of it unreadable."""
    text = _text(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    records = _records(lines)
    columns = _columns(next(records, (1, []))[1])
    first = islice(records, MOST_ROWS + 1)
    rows = [_row(line, columns, cells) for line, cells in first]
    if not rows:
        raise errors.SheetWithoutProducts
    if len(rows) > MOST_ROWS:
        raise errors.TooManyRows(most=MOST_ROWS)
    return rows


def write(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a file with a line a row, each with a cell for every one of COLUMNS and SHOWN."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS + SHOWN)
    writer.writerows([disarmed(cell) for cell in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def disarmed(cell: str) -> str:
    """Return `cell` so that no spreadsheet program takes it for a formula."""
    return f"'{cell}" if _looks_like_a_formula(cell) else cell


def armed(cell: str) -> str:
    """Return what was disarmed as it was."""
    return cell[1:] if cell.startswith("'") and _looks_like_a_formula(cell) else cell


def _looks_like_a_formula(cell: str) -> bool:
    return cell.lstrip("'")[:1] in tuple(FORMULAS)


def _text(content: bytes) -> str:
    if len(content) > MOST_KIB * 1024:
        raise errors.SheetTooLarge(most=MOST_KIB)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # What some programs call Unicode text.
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise errors.SheetNotText from None
    if "\x00" in text:
        raise errors.SheetNotText
    return text


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _records(lines: "_csv.Reader") -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line it begins on."""
    while True:
        begins = lines.line_num + 1
        try:
            cells = [_tidy(cell) for cell in next(lines)]
        except StopIteration:
            return
        except csv.Error:
            raise errors.SheetBroken(line=begins) from None
        if any(cells):
            yield begins, cells


def _tidy(cell: str) -> str:
    """Return a cell without the blanks around it, its lines ending alike wherever it was typed.

    What turns the direction of a text is left out, as where it is typed into a page.
    """
    return straight(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.lower().replace(" ", "_") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    for position, column in enumerate(columns):
        if column not in COLUMNS + SHOWN:
            raise errors.SheetColumnUnknown(column=column[:80] or "–", known=", ".join(COLUMNS))
        if column in columns[:position]:
            raise errors.SheetColumnTwice(column=column)
    if columns and not {"display_name", "pid"} & {*columns}:
        raise errors.SheetColumnMissing
    return columns


def _row(line: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    said = {column: "" for column in columns if column in COLUMNS}
    said |= {
        column: armed(cell)
        for column, cell in zip(columns, cells, strict=False)
        if column in COLUMNS
    }
    wrong: Refusal | None = None
    if any(cells[len(columns) :]):
        wrong = errors.RowTooLong(cells=len(cells), columns=len(columns))
    elif not said.get("display_name") and not said.get("pid"):
        wrong = errors.RowWithoutName()
    return Row(line=line, cells=said, refusal=wrong)
