"""What people type, as the services want it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyMessage
from starlette.requests import Request

from shared.errors import Malformed
from shared.money import Money
from shared.web import Form
from shared.wire import date_message, money_message, time_message

FINEST = 9
"""Digits after the point that an amount may have."""


class AmountNotUnderstood(Malformed):
    """ "{text}" is not an amount of money."""

    fix = "Enter digits and one point at most, as 1234.50."


class DayNotUnderstood(Malformed):
    """ "{text}" is not a day of the calendar."""

    fix = "Enter year, month and day, as 2026-01-31."


def amount(form: Form, field: str, currency: str) -> MoneyMessage:
    """Read an amount of money; AmountNotUnderstood if it is none."""
    return amount_of(form[field], field, currency)


def amount_of(text: str, field: str, currency: str) -> MoneyMessage:
    """Read an amount that was typed into `field`; AmountNotUnderstood if it is none."""
    try:
        value = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise AmountNotUnderstood(field=field, text=text[:40]) from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -FINEST or abs(value) >= 10**15:
        raise AmountNotUnderstood(field=field, text=text[:40])
    return money_message(Money(currency, value))


def day(form: Form, field: str) -> Date | None:
    """Read a day; None if nothing was entered; DayNotUnderstood if it is none."""
    return date_message(_day(form, field))


def start_of_day(form: Form, field: str) -> Timestamp | None:
    """Read a day and return its first second, in UTC; None if nothing was entered."""
    found = _day(form, field)
    return time_message(datetime.combine(found, time(), UTC)) if found else None


def end_of_day(form: Form, field: str) -> Timestamp | None:
    """Read a day and return its last second, in UTC; None if nothing was entered."""
    found = _day(form, field)
    return time_message(datetime.combine(found, time(23, 59, 59), UTC)) if found else None


def choices(enum: Any) -> list[str]:
    """Return what a list can be filtered by: the names of a protobuf `enum`'s values."""
    return [value.name for value in enum.DESCRIPTOR.values if value.number]


def chosen(request: Request, field: str, enum: Any) -> Any:
    """Return the value of a protobuf `enum` that the page is filtered by; 0 for all."""
    wanted = request.query_params.get(field, "")
    return enum.Value(wanted) if wanted in choices(enum) else 0


def _day(form: Form, field: str) -> date | None:
    try:
        return date.fromisoformat(form[field]) if form[field] else None
    except ValueError:
        raise DayNotUnderstood(field=field, text=form[field][:40]) from None
