"""Clocks tick, each for itself, and one that fails goes on."""

import threading
from typing import Any, cast

import psycopg
import pytest
import structlog
from sqlalchemy.exc import OperationalError

from shared import call
from shared.metrics import registry
from shared.service import Clock, Runtime
from shared.testing import LONG, eventually
from shared.ticking import Ticking


class Named:
    name = "probe"


class Somewhere:
    service = Named()


RUNTIME = cast(Runtime, Somewhere())


def test_a_clock_that_did_something_ticks_again_at_once() -> None:
    work = [3, 2, 1, 0]
    ticks: list[int] = []

    def work_off(_: Runtime) -> int:
        ticks.append(len(work))
        return work.pop(0) if work else 0

    with Ticking(RUNTIME, (Clock(every=60, tick=work_off),)):
        eventually(lambda: len(ticks) == 4)
    assert ticks == [4, 3, 2, 1]


def test_a_slow_clock_delays_no_other() -> None:
    release = threading.Event()
    ticks: list[int] = []

    def wait(_: Runtime) -> int:
        release.wait(LONG)
        return 0

    def count(_: Runtime) -> int:
        ticks.append(1)
        return 0

    with Ticking(RUNTIME, (Clock(every=60, tick=wait), Clock(every=0.01, tick=count))):
        eventually(lambda: len(ticks) > 5)
        release.set()


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_clock_that_fails_is_counted_and_ticks_again() -> None:
    def failures() -> float:
        labels = {"service": "probe", "clock": "stumble"}
        return registry.get_sample_value("millrun_clock_failures_total", labels) or 0

    ticks: list[Any] = []

    def stumble(_: Runtime) -> int:
        ticks.append(call.current().trace_id)
        if len(ticks) == 1:
            raise RuntimeError("once")
        return 0

    before = failures()
    with (
        structlog.testing.capture_logs() as logs,
        Ticking(RUNTIME, (Clock(every=0.01, tick=stumble),)),
    ):
        eventually(lambda: len(ticks) > 2)
    assert failures() == before + 1
    assert [each["event"] for each in logs] == ["clock failed"]
    assert len(set(ticks)) == len(ticks), "each tick is a trace of its own"


def test_a_database_that_is_away_is_said_in_a_line_and_not_in_a_traceback() -> None:
    def stumble(_: Runtime) -> int:
        raise OperationalError("", {}, psycopg.OperationalError("connection refused\nIs it there?"))

    with (
        structlog.testing.capture_logs() as logs,
        Ticking(RUNTIME, (Clock(every=0.01, tick=stumble),)),
    ):
        eventually(lambda: len(logs) > 1)
    assert {(each["event"], each["log_level"]) for each in logs} == {("clock failed", "warning")}
    assert "connection refused" in logs[0]["cause"]
    assert not any("exc_info" in each for each in logs)
