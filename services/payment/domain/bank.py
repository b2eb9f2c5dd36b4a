"""What a bank's statement says of a transfer: the day it counts from, and its own reference."""

from datetime import date, timedelta

from services.payment.domain.errors import NoValueDate, ValueDateAhead
from shared.clock import now
from shared.texts import TextTooLong

LONGEST_REFERENCE = 140
"""Characters of a reference: banks give what a transfer is for no more."""

MOST_AHEAD = 10
"""Days a value date may be to come: banks credit some transfers a few days ahead."""


def value_date(day: date | None) -> date:
    """Return the day the bank counts money from, which is near at most: a typo is noticed.

    Refuses with NoValueDate or ValueDateAhead.
    """
    if day is None:
        raise NoValueDate
    if day > now().date() + timedelta(days=MOST_AHEAD):
        raise ValueDateAhead(day=day.isoformat(), most=MOST_AHEAD, field="value_date")
    return day


def reference(text: str) -> str:
    """Return a bank's reference as it is shown: without the blanks around it, and one within.

    Refuses with TextTooLong.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_REFERENCE:
        raise TextTooLong(field="bank_reference", most=LONGEST_REFERENCE)
    return text
