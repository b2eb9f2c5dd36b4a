"""Reading results of units, whatever spreadsheet they come from."""

import pytest

from services.console.units import LineNotUnderstood, NoResults, PastedTooMuch, results
from shared.web import Form

HEX = "AB12" * 16


def read(text: str):
    return [
        (unit.serial_no, unit.firmware_digest, unit.passed)
        for unit in results(Form({"units": [text]}))
    ]


@pytest.mark.parametrize("separator", ["\t", ",", ";", " , "])
def test_any_common_separator_will_do(separator: str) -> None:
    lines = [["serial_no", "firmware", "result"], ["S1", HEX, "PASS"], ["S2", HEX, "failed"]]
    digest = f"sha256:{HEX.lower()}"
    text = "\r\n".join(separator.join(cells) for cells in lines)
    assert read(text) == [("S1", digest, True), ("S2", digest, False)]


def test_a_digest_is_passed_on_as_it_is_however_wrong() -> None:
    assert read("S1\tnonsense\tok") == [("S1", "nonsense", True)]


def test_empty_lines_and_chinese_results_are_understood() -> None:
    assert [passed for _, _, passed in read(f"\nS1\t{HEX}\t合格\n\nS2\t{HEX}\t不合格\n")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    "line", ["S1 only", f"S1\t{HEX}", f"\t{HEX}\tpass", f"S1\t{HEX}\tx\tpass", f"S1\t{HEX}\tmaybe"]
)
def test_a_line_that_says_something_else_is_refused(line: str) -> None:
    with pytest.raises(LineNotUnderstood, match="Line 2"):
        read(f"S0\t{HEX}\tpass\n{line}")


def test_a_first_unit_with_a_mistyped_result_is_no_heading() -> None:
    """It was passed over in silence, whatever firmware it had."""
    with pytest.raises(LineNotUnderstood, match="Line 1"):
        read(f"S1\t{HEX}\tpased\nS2\t{HEX}\tpass")
    with pytest.raises(LineNotUnderstood, match="Line 1"):
        read(f"S1\tsha256:{HEX}\t\nS2\t{HEX}\tpass")


@pytest.mark.parametrize("text", ["", "\n\n", "serial,digest,result"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(NoResults):
        read(text)


def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(PastedTooMuch):
        read(f"S\t{HEX}\tpass\n" * 20_001)
