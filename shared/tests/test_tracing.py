"""One trace through everything; spans only where somebody collects them."""

import re
import subprocess
import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import tracing
from shared.spans import Spans

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_trace_that_came_along_goes_on() -> None:
    assert tracing.traceparent_from(TRACE) == TRACE
    with tracing.span("probe.GetNote", TRACE) as inner:
        assert inner == TRACE


@pytest.mark.parametrize(
    "sent",
    ["", "nonsense", TRACE + "0", TRACE.upper(), f"00-{'0' * 32}-b7ad6b7169203331-01"],
)
def test_a_broken_one_is_replaced(sent: str) -> None:
    made = tracing.traceparent_from(sent)
    assert made != sent
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", made)


def test_spans_hang_together(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    spans = Spans("probe", "", exporter)
    monkeypatch.setattr(tracing, "_tracing", spans)
    with tracing.span("probe.Ask", TRACE) as outer, tracing.span("other.Answer", outer, "CLIENT"):
        assert outer[3:35] == TRACE[3:35]
        assert outer != TRACE
    tracing.shutdown()
    answer, ask = exporter.get_finished_spans()
    assert (answer.name, ask.name) == ("other.Answer", "probe.Ask")
    assert answer.parent is not None
    assert ask.parent is not None
    assert format(answer.parent.span_id, "016x") == outer[36:52]
    assert format(ask.parent.trace_id, "032x") == TRACE[3:35]


def test_without_an_endpoint_opentelemetry_is_never_imported() -> None:
    """The SDK costs memory that most processes need not spend."""
    script = (
        "import sys; from shared import rpc, server, tracing;"
        "tracing.configure('probe', '');"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ".:gen"},
    )
    assert done.stdout.strip() == "[]"
