"""What runs in one process is logged to a file, and what matters is shown."""

import io
from io import StringIO
from pathlib import Path

import pytest

from deploy.local import journal
from deploy.local.journal import Journal, Reading
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
