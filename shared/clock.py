"""The one place that asks what time it is, so that tests can tell it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, in UTC and with its zone."""
    return datetime.now(UTC)
