"""What people type, as the services want it."""

from datetime import UTC, datetime, time
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyMessage
from starlette.requests import Request

from shared.errors import Malformed
from shared.web import Form
from shared.web.typed import amount_of, day_of
from shared.wire import date_message, time_message


class NotEvenOne(Malformed):
    """{text} is not possible here: it has to be 1 or more."""

    fix = "Enter 1 or more, or leave it empty for what is usual."


def or_usual(form: Form, field: str) -> int:
    """Read a whole number, 0 where nothing was entered; NotEvenOne for a typed 0."""
    number = form.number(field)
    if form[field] and not number:
        raise NotEvenOne(field=field, text=form[field])
    return number


def amount(form: Form, field: str, currency: str) -> MoneyMessage:
    """Read an amount of money; AmountNotUnderstood if it is none."""
    return amount_of(form[field], field, currency)


def day(form: Form, field: str) -> Date | None:
    """Read a day; None if nothing was entered; DayNotUnderstood if it is none."""
    return date_message(day_of(form[field], field))


def start_of_day(form: Form, field: str) -> Timestamp | None:
    """Read a day and return its first second, in UTC; None if nothing was entered."""
    found = day_of(form[field], field)
    return time_message(datetime.combine(found, time(), UTC)) if found else None


def end_of_day(form: Form, field: str) -> Timestamp | None:
    """Read a day and return its last second, in UTC; None if nothing was entered."""
    found = day_of(form[field], field)
    return time_message(datetime.combine(found, time(23, 59, 59), UTC)) if found else None


def choices(enum: Any) -> list[str]:
    """Return what a list can be filtered by: the names of a protobuf `enum`'s values."""
    return [value.name for value in enum.DESCRIPTOR.values if value.number]


def chosen(request: Request, field: str, enum: Any) -> Any:
    """Return the value of a protobuf `enum` that the page is filtered by; 0 for all."""
    wanted = request.query_params.get(field, "")
    return enum.Value(wanted) if wanted in choices(enum) else 0
