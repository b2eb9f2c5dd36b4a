"""What is seen while things start."""

import re
from io import StringIO

import pytest

from deploy.local.demo import orders
from deploy.local.progress import Progress


class Terminal(StringIO):
    """A screen somebody sits at."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_each_step_is_one_line_with_its_seconds(screen: StringIO, progress: Progress) -> None:
    with progress.step("databases"):
        assert screen.getvalue() == ""
    assert re.fullmatch(r"    ok  databases +0\.0 s\n", screen.getvalue())


def test_a_step_that_fails_says_so(screen: StringIO, progress: Progress) -> None:
    with pytest.raises(LookupError), progress.step("databases"):
        raise LookupError
    assert screen.getvalue().startswith("  fail  databases")


def test_a_terminal_shows_what_is_under_way_below_what_is_said() -> None:
    screen = Terminal()
    progress = Progress(screen)
    with progress.step("RabbitMQ"), progress.step("databases"):
        progress.say("installing")
    lines = [line.split("\r\033[K")[-1] for line in screen.getvalue().split("\n")]
    assert lines[0] == "installing"
    assert [line[:20].strip() for line in lines[1:3]] == ["ok  databases", "ok  RabbitMQ"]
    assert "..  RabbitMQ, databases" in screen.getvalue()


def test_what_is_under_way_stays_in_one_line_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of one that wraps, all but the last would stay on the screen."""
    monkeypatch.setenv("COLUMNS", "30")
    screen = Terminal()
    progress = Progress(screen)
    with progress.step("RabbitMQ"), progress.step("databases"), progress.step("processes"):
        shown = screen.getvalue().split("\r\033[K")
    assert shown[-1].startswith("    ..  RabbitMQ, databases")
    assert shown[-1].endswith("…")
    assert all(len(each) < 30 for each in shown)


def test_every_order_of_the_demo_is_told_in_a_line_whose_seconds_stand_below_the_others(
    screen: StringIO, progress: Progress
) -> None:
    for tale in orders.TALES:
        with progress.step(f"demo: {tale.po_no} {tale.title}"):
            pass
    assert {len(line) for line in screen.getvalue().splitlines()} == {80}


def test_a_box_is_as_wide_as_what_it_says(screen: StringIO, progress: Progress) -> None:
    progress.box(["Portal  here", "Stop"])
    assert len({len(line) for line in screen.getvalue().splitlines()}) == 1
