"""Results of burnt and tested units, pasted from a spreadsheet or uploaded as CSV."""

import csv
import re
from collections.abc import Iterator

from millrun.fulfillment.v1.work_pb2 import UnitResult

from shared.errors import Malformed
from shared.web import Form

PASSED = {"pass", "passed", "ok", "yes", "true", "1", "通过", "合格"}
FAILED = {"fail", "failed", "nok", "ng", "no", "false", "0", "失败", "不合格"}
MOST = 20_000
"""Results read at once; a batch has fewer."""


class NoResults(Malformed):
    """No results were sent."""

    fix = "Paste one line a unit: serial number, firmware digest, passed or failed."


class PastedTooMuch(Malformed):
    """These are more than {most} lines."""

    fix = "Send them in several parts; a serial number counts once."


class LineNotUnderstood(Malformed):
    """Line {line} is not understood: "{text}"."""

    fix = "Each line has a serial number, a firmware digest, and passed or failed."


def results(form: Form) -> list[UnitResult]:
    """Return what was pasted or uploaded; refuses lines that say something else."""
    upload = form.upload("file")
    text = upload.content.decode("utf-8-sig", "replace") if upload else form["units"]
    found = list(_read(text, "file" if upload else "units"))
    if not found:
        raise NoResults(field="units")
    return found


def _read(text: str, field: str) -> Iterator[UnitResult]:
    lines = text.splitlines()
    if len(lines) > MOST:
        raise PastedTooMuch(field=field, most=MOST)
    separator = next((each for each in "\t;," if each in text), ",")
    for number, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
        cells = [cell.strip() for cell in cells]
        if any(cells) and not (number == 1 and _is_heading(cells)):
            yield _unit(cells, number, field)


def _is_heading(cells: list[str]) -> bool:
    """Whether a line names columns: it has no result, and no digit where a digest would stand.

    A unit whose result is mistyped is none: it would be passed over in silence.
    """
    return _result(cells[-1]) is None and not re.search("[0-9]", "".join(cells[1:2]))


def _unit(cells: list[str], number: int, field: str) -> UnitResult:
    passed = _result(cells[-1])
    if len(cells) != 3 or not cells[0] or passed is None:
        raise LineNotUnderstood(field=field, line=number, text=" ".join(cells)[:80])
    digest = cells[1].lower()
    if re.fullmatch("[0-9a-f]{64}", digest):
        digest = f"sha256:{digest}"
    return UnitResult(serial_no=cells[0], firmware_digest=digest, passed=passed)


def _result(word: str) -> bool | None:
    word = word.lower()
    return True if word in PASSED else False if word in FAILED else None
