"""Values every message has, in and out of protobuf."""

from datetime import UTC, date, datetime
from decimal import Decimal

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyMessage

from shared.errors import Malformed
from shared.money import Money

NANOS = 10**9


class BadAmount(Malformed):
    """ "{amount}" is not an amount of money."""

    fix = "Send an ISO 4217 currency code, whole units, and nanos of the same sign below one unit."


class BadDate(Malformed):
    """ "{date}" is not a day of the calendar."""

    fix = "Send a full date: year, month and day."


class BadTime(Malformed):
    """The time sent is outside the years 1 to 9999."""

    fix = "Send a time in RFC 3339 form, as 2026-01-31T08:00:00Z."


def money_message(money: Money) -> MoneyMessage:
    """Return `money` as google.type.Money, exact to the nano."""
    units, rest = divmod(abs(money.amount), 1)
    sign = -1 if money.amount < 0 else 1
    return MoneyMessage(
        currency_code=money.currency, units=sign * int(units), nanos=sign * int(rest * NANOS)
    )


def money_from(message: MoneyMessage) -> Money:
    """Read an amount; BadAmount if it has no currency or its parts contradict each other."""
    code, units, nanos = message.currency_code, message.units, message.nanos
    fits = len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
    if not fits or abs(nanos) >= NANOS or units * nanos < 0:
        raise BadAmount(amount=f"{code[:8]} {units} {nanos}".strip())
    return Money(code, units + Decimal(nanos).scaleb(-9))


def time_message(at: datetime | None) -> Timestamp | None:
    """Return a moment as protobuf; None, which leaves a field unset, for None."""
    if at is None:
        return None
    message = Timestamp()
    message.FromDatetime(at)
    return message


def time_from(message: Timestamp) -> datetime | None:
    """Read a moment, in UTC and with its zone; None for an unset field; BadTime if out of range."""
    if not message.seconds and not message.nanos:
        return None
    try:
        return message.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise BadTime from None


def date_message(day: date | None) -> Date | None:
    """Return a day as google.type.Date; None, which leaves a field unset, for None."""
    return None if day is None else Date(year=day.year, month=day.month, day=day.day)


def date_from(message: Date) -> date | None:
    """Read a day; None for an unset field; BadDate if the calendar has no such day."""
    if not (message.year or message.month or message.day):
        return None
    try:
        return date(message.year, message.month, message.day)
    except ValueError:
        raise BadDate(date=f"{message.year}-{message.month}-{message.day}") from None
