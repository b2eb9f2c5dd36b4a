"""What runs in one process is logged to a file, and what matters is shown."""

import io
from io import StringIO
from pathlib import Path

import pytest

from deploy.local import journal
from deploy.local.journal import Journal, Reading, Screen
from deploy.local.progress import Progress

ERROR = "2026-11-29T21:06:26Z [error    ] failed\n"


class FullDisk(io.BytesIO):
    """A file there is no room for."""

    def write(self, _: object) -> int:
        """Refuse as the system does."""
        raise OSError(28, "No space left on device")


def test_all_is_kept_and_what_matters_is_shown(
    tmp_path: Path, screen: StringIO, progress: Progress
) -> None:
    with Journal(tmp_path / "logs" / "millrun.log", progress) as log:
        log.write("2026-11-29T21:06:26Z [info     ] refused\n" + ERROR)
    assert (tmp_path / "logs" / "millrun.log").read_text().count("\n") == 2
    assert screen.getvalue() == ERROR


def test_warnings_alike_are_shown_once_in_a_while_with_how_many_there_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = "2026-11-29T21:06:26Z [warning  ] refused                        trace_id={}"
    screen = Screen()
    shown = [screen.shows(refused.format(number)) for number in range(400)]
    assert shown == [refused.format(0), *[""] * 399]
    assert screen.shows("2026-11-29T21:06:26Z [warning  ] relay interrupted")

    monkeypatch.setattr(journal, "QUIET", 0)
    assert screen.shows(refused.format(400)) == (
        f"{refused.format(400)} (since the last one shown, 399 more are in the log)"
    )


def test_no_error_is_held_back() -> None:
    screen = Screen()
    assert [screen.shows(ERROR) for _ in range(3)] == [ERROR] * 3


def test_what_was_written_since_is_read_if_it_matters_with_its_traceback(tmp_path: Path) -> None:
    (tmp_path / "old.log").write_text(ERROR)
    since = Reading(tmp_path)
    with (tmp_path / "old.log").open("a") as old:
        old.write("2026-11-29T21:06:27Z [info     ] refused\n")
    info = "2026-11-29T21:06:28Z [info     ] refused\n"
    (tmp_path / "new.log").write_text(f"{info}{ERROR}Traceback:\n  here\n{info}")
    assert since.worth_showing() == [f"new | {ERROR.strip()}", "new | Traceback:", "new |   here"]


def test_nobodys_request_fails_because_its_log_has_no_room(
    monkeypatch: pytest.MonkeyPatch, screen: StringIO, progress: Progress
) -> None:
    monkeypatch.setattr(journal, "opened", lambda _: FullDisk())
    assert Journal(Path("unused"), progress).write(ERROR) == len(ERROR)
    assert screen.getvalue() == ERROR
