"""W3C trace context: one id for everything a request set in motion, across services and events.

The context is always carried. Spans are made only where an OTLP endpoint is configured, and only
then is the OpenTelemetry SDK imported: it costs memory that most processes need not spend.
"""

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class _Tracing(Protocol):
    """Opens spans: the OpenTelemetry one of this process, once it is configured."""

    def span(self, name: str, traceparent: str, kind: str) -> AbstractContextManager[str]: ...
    def close(self) -> None: ...


_tracing: "_Tracing | None" = None


def traceparent_from(sent: str) -> str:
    """Return the trace context that came with a request; a new one if none came or it is broken."""
    return sent if _TRACEPARENT.fullmatch(sent) else new_traceparent()


def new_traceparent() -> str:
    """Start a trace."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


@contextmanager
def span(name: str, traceparent: str, kind: str = "SERVER") -> Iterator[str]:
    """Open a span below `traceparent` for a block; yield the context to send on from inside it.

    `kind` is one of OpenTelemetry's: SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL.
    """
    if _tracing is None:
        yield traceparent
    else:
        with _tracing.span(name, traceparent, kind) as inner:
            yield inner


def is_on() -> bool:
    """Whether spans are made at all; the hottest code asks before it opens one."""
    return _tracing is not None


def configure(service: str, endpoint: str) -> None:
    """Send spans of this process, as `service`, to an OTLP endpoint; nothing if it is empty."""
    global _tracing
    if endpoint and _tracing is None:
        from shared.spans import Spans

        _tracing = Spans(service, endpoint)


def shutdown() -> None:
    """Send what was not sent yet, and make no more spans."""
    global _tracing
    if _tracing is not None:
        stopping, _tracing = _tracing, None
        stopping.close()
