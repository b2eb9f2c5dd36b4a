"""Days that lists are filtered by, as they stand in an address: `?from=2026-01-31`."""

from datetime import UTC, date, datetime, time, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from shared.wire import time_message


def beginning(text: str) -> Timestamp | None:
    """Return when a day begins, in UTC; None for what is no day: a filter then lets all pass."""
    found = _day(text)
    return time_message(datetime.combine(found, time(), UTC)) if found else None


def end(text: str) -> Timestamp | None:
    """Return when the day after begins: what came before that is on the day or earlier."""
    found = _day(text)
    return time_message(datetime.combine(found, time(), UTC) + timedelta(days=1)) if found else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
