"""Logs: a fixed lower-case phrase and keywords; who asked what is added here, once.

`structlog.get_logger()` anywhere, `configure` once a process. Never logged: tokens, passwords,
bodies; what looks like one by its name is blotted out all the same.
"""

import logging
import sys
from typing import Any, Literal

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from shared import call

SECRET = ("token", "password", "secret", "authorization", "cookie", "private")
"""Parts of a keyword's name that mean its value stays out of every log."""


def configure(
    service: str, *, level: str = "info", format: Literal["console", "json"] = "console"
) -> None:
    """Log to standard error at `level` and above, for people (console) or for machines (json)."""
    number = logging.getLevelNamesMapping()[level.upper()]
    common, said = _processors(service), _FOR_MACHINES if format == "json" else _FOR_PEOPLE
    structlog.configure(
        processors=[*common, *said],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries log in the standard way; what they warn of belongs in the same stream, in one form.
    handler = logging.StreamHandler(sys.stderr)
    unwrap = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[_library, unwrap, *common, *said])
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


def _library(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Say which library it was."""
    event["logger"] = event["_record"].name
    return event


# Never with the local variables of a traceback, as both would have it: a password may be one.
_FOR_MACHINES: list[Processor] = [
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    structlog.processors.JSONRenderer(),
]


def keep_on_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Spell out control characters: what somebody sent must not look like a line of its own."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = value.encode("unicode_escape").decode()
    return event


_FOR_PEOPLE: list[Processor] = [
    keep_on_line,
    structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    ),
]


def _processors(service: str) -> list[Processor]:
    def add_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        add_service,
        add_call,
        blot_secrets,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def add_call(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Say which call this was logged in: what was asked, by whom, in which trace."""
    now = call.current()
    about: dict[str, Any] = {
        "rpc": now.rpc,
        "caller": now.caller.account,
        "enterprise": now.caller.enterprise,
        "trace_id": now.trace_id,
    }
    for key, value in about.items():
        if value:
            event.setdefault(key, value)
    return event


def blot_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace what must not be read in a log."""
    for key in event:
        if any(word in key.lower() for word in SECRET):
            event[key] = "***"
    return event
