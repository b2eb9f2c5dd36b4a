"""Files of products as spreadsheet programs write and read them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain import sheet
from services.catalog.domain.errors import sheets as errors
from shared.errors import Refusal

HEAD = "pid,display_name,model\r\n"


def says(content: str, **more: str) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in sheet.read(content.encode(**more))]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfpid,display_name\r\np1,Lamp\r\n",
        b"pid;display_name\np1;Lamp\n",
        b"PID\tDisplay Name\np1\tLamp",
        "pid,display_name\np1,Lamp\n".encode("utf-16"),
        b'"pid","display_name"\r\n"p1"," Lamp "\r\n\r\n,\r\n',
        b"display_name,pid,lifecycle,owner,,\r\nLamp,p1,TRIAL_PRODUCTION,enterprises/x,,\r\n",
    ],
)
def test_every_way_of_writing_it_says_the_same(content: bytes):
    (row,) = sheet.read(content)

    assert (row.line, dict(row.cells)) == (2, {"pid": "p1", "display_name": "Lamp"})
    assert row.refusal is None


def test_what_a_program_copied_along_to_turn_a_text_is_not_part_of_it():
    content = HEAD + "p1,\u202aLamp\u202c,M\r\n"

    assert says(content) == [(2, {"pid": "p1", "display_name": "Lamp", "model": "M"})]


def test_a_row_is_where_it_begins_whatever_stands_in_it():
    content = HEAD + 'p1,"two\r\nlines",M\r\n\r\np2,Lamp\r\n'

    assert [(line, cells["display_name"]) for line, cells in says(content)] == [
        (2, "two\nlines"),
        (5, "Lamp"),
    ]


def test_a_cell_that_is_not_there_is_empty_and_a_column_that_is_not_there_says_nothing():
    (row,) = sheet.read((HEAD + "p1\r\n").encode())

    assert (row.says("model"), row.says("notes", "as it was")) == ("", "as it was")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.SheetWithoutProducts),
        (HEAD.encode(), errors.SheetWithoutProducts),
        (b"\xff\xfa\x00", errors.SheetNotText),
        ("pid,display_name\np1,智能\n".encode("gb18030"), errors.SheetNotText),
        (b"pid,display_name\np1,a\x00b\n", errors.SheetNotText),
        (b"PK\x03\x04\x14\x00\x06\x00", errors.SheetNotText),
        (b'pid,display_name\np1,"Lamp\n', errors.SheetBroken),
        (b'pid,display_name\np1,"La"mp\n', errors.SheetBroken),
        (b"pid,price\np1,1\n", errors.SheetColumnUnknown),
        (b"pid,,display_name\np1,,Lamp\n", errors.SheetColumnUnknown),
        (b"pid,model,Model\np1,a,b\n", errors.SheetColumnTwice),
        (b"model,notes\na,b\n", errors.SheetColumnMissing),
        (HEAD.encode() + b"p1,Lamp,M\n" * 1001, errors.TooManyRows),
        (HEAD.encode() + b"p1,Lamp,M\n" * 1001 + b'p1,"broken', errors.TooManyRows),
        (HEAD.encode() + b"p1," + b"x" * 1024 * 1024, errors.SheetTooLarge),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    content: bytes, refusal: type[Refusal]
):
    with pytest.raises(refusal) as refused:
        sheet.read(content)

    assert refused.value.remedy


@pytest.mark.parametrize(
    ("line", "refusal"),
    [("p1,Lamp,M,more", errors.RowTooLong), (",,M", errors.RowWithoutName)],
)
def test_a_line_that_cannot_be_read_is_refused_and_the_others_are_not(
    line: str, refusal: type[Refusal]
):
    first, second = sheet.read(f"{HEAD}{line}\r\np2,Lamp\r\n".encode())

    assert isinstance(first.refusal, refusal)
    assert second.refusal is None


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "＝1", "'=1", "''+1"])
def test_what_would_be_a_formula_is_written_as_text_and_read_as_it_was(cell: str):
    assert sheet.disarmed(cell) == f"'{cell}"
    assert sheet.armed(sheet.disarmed(cell)) == cell


@pytest.mark.parametrize("cell", ["", "Lamp", "1-2", "'Lamp'", "O'Neil", "smart-plug@3"])
def test_what_is_no_formula_is_written_as_it_is(cell: str):
    assert sheet.disarmed(cell) == cell == sheet.armed(cell)


@given(st.text())
def test_whatever_is_written_is_read_as_it_was_and_is_no_formula(cell: str):
    assert sheet.armed(sheet.disarmed(cell)) == cell
    assert not sheet.disarmed(cell).startswith(tuple(sheet.FORMULAS))


def test_a_file_opens_in_a_spreadsheet_program():
    row = ["p1", "Lämp 智能", *[""] * 12]

    content = sheet.write([row])

    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert list(lines) == [list(sheet.COLUMNS + sheet.SHOWN), row]
