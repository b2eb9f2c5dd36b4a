"""Spans by OpenTelemetry; imported only where an OTLP endpoint is configured."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_w3c = TraceContextTextMapPropagator()


class Spans:
    """Makes the spans of one process and sends them in batches from a thread of its own."""

    def __init__(self, service: str, endpoint: str, exporter: SpanExporter | None = None) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        exporter = exporter or OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("millrun")

    @contextmanager
    def span(self, name: str, traceparent: str, kind: str) -> Iterator[str]:
        """Open a span below `traceparent`; yield the context of what happens inside it."""
        above = _w3c.extract({"traceparent": traceparent})
        with self._tracer.start_as_current_span(name, above, SpanKind[kind]):
            carrier: dict[str, str] = {}
            _w3c.inject(carrier)
            yield carrier.get("traceparent", traceparent)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()
