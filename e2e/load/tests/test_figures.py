"""Figures say how near the limit something is, and whether it is good enough."""

import json

import pytest

from e2e.load.bench import ALONE, ON_RABBITMQ, PARTS
from e2e.load.clients import request
from e2e.load.figures import LEGEND, Figure, heading, keep, line
from e2e.load.timing import Timing, figures_of, percentile


def test_a_rate_has_to_be_at_least_its_mark_and_a_time_at_most():
    def reached(unit: str, value: float, mark: float) -> bool | None:
        return Figure(name="a", unit=unit, value=value, mark=mark).reached

    assert reached("orders/s", 250, mark=250) is True
    assert reached("orders/s", 249, mark=250) is False
    assert reached("ms", 80, mark=80) is True
    assert reached("ms", 81, mark=80) is False
    assert Figure(name="c", unit="ms", value=1).reached is None


def test_a_line_says_what_was_missed():
    assert "MISSED" in line(Figure(name="a", value=100, unit="ms", limit=10, mark=80))
    assert "MISSED" not in line(Figure(name="a", value=70, unit="ms", limit=10, mark=80))


def test_what_bench_prints_first_says_what_its_columns_are():
    assert [word for word in heading().split() if f"{word}:" in LEGEND] == [
        "limit",
        "ratio",
        "mark",
    ]
    assert max(map(len, LEGEND.splitlines())) <= 100


def test_every_part_that_can_be_asked_for_is_said_what_it_is():
    told = [each.split()[0] for each in PARTS.splitlines() if each.startswith("  ")]
    assert told == [*ALONE, *ON_RABBITMQ]


def test_rate_and_percentiles_are_those_of_the_calls():
    taken = Timing(2.0, [number / 1000 for number in range(1, 101)])
    limit = Timing(1.0, [0.001] * 100)
    rate, p50, p99 = figures_of("submit", taken, limit, "orders/s")
    assert (rate.value, rate.limit, rate.ratio) == (50, 100, 0.5)
    assert (p50.value, p99.value) == pytest.approx((51, 100))
    assert p99.ratio == pytest.approx(100)
    assert percentile([0.003], 0.99) == pytest.approx(3)


def test_figures_are_kept_by_name(tmp_path):
    path = tmp_path / "new" / "bench.json"
    keep([Figure(name="a", value=2, unit="ms", limit=1, mark=3)], path)
    assert json.loads(path.read_text()) == {
        "a": {"value": 2, "limit": 1, "ratio": 2, "unit": "ms", "mark": 3}
    }


def test_a_request_is_http_as_it_goes_over_the_wire():
    wire = request("POST", "/v1/x", token="t", body=b"{}", key="k")
    head, _, body = wire.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/x HTTP/1.1\r\n")
    assert b"authorization: Bearer t\r\nidempotency-key: k" in head
    assert b"content-length: 2" in head
    assert body == b"{}"
