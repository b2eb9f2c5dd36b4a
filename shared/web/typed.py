"""What people type into a field, as the services want it."""

import re
from datetime import date
from decimal import Decimal

from google.type.money_pb2 import Money as MoneyMessage

from shared.errors import Malformed
from shared.money import Money
from shared.numerals import plain
from shared.wire import money_message


class AmountNotUnderstood(Malformed):
    """ "{text}" is not an amount of money."""

    fix = "Enter digits and one point at most, as 1234.50."


class DayNotUnderstood(Malformed):
    """ "{text}" is not a day of the calendar."""

    fix = "Enter year, month and day, as 2026-01-31."


_AMOUNT = re.compile(r"[+-]?(?=\.?[0-9])0*[0-9]{0,15}(?:\.[0-9]{0,9})?")
"""What a message of money holds, with no room for `1e3`: it is a price to nobody."""


def amount_of(text: str, field: str, currency: str) -> MoneyMessage:
    """Read an amount that was typed into `field`; AmountNotUnderstood if it is none."""
    digits = plain(text)
    if not _AMOUNT.fullmatch(digits):
        raise AmountNotUnderstood(field=field, text=text[:40])
    return money_message(Money(currency, Decimal(digits)))


def day_of(text: str, field: str) -> date | None:
    """Read a day that was typed into `field`; None for nothing, DayNotUnderstood if it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DayNotUnderstood(field=field, text=text[:40]) from None
