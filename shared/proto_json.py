"""What proto3 JSON makes of values that are more than a text or a number.

As google.protobuf.json_format does, without a message: an order and its event hold a dozen each.
"""

from datetime import UTC, datetime
from typing import Any

from shared.money import Money


def of_money(money: Money) -> dict[str, Any]:
    """Return a google.type.Money: whole units as text, the rest in billionths, zeros left out."""
    units, rest = divmod(abs(money.amount), 1)
    sign = -1 if money.amount < 0 else 1
    parts = {
        "currencyCode": money.currency,
        "units": str(sign * int(units)) if units else "",
        "nanos": sign * int(rest * 10**9),
    }
    return {name: part for name, part in parts.items() if part}


def of_moment(at: datetime) -> str:
    """Return a google.protobuf.Timestamp: in UTC, with as many digits as it needs, in threes."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    if at.microsecond and at.microsecond % 1000 == 0:
        text = text[:-3]
    return f"{text}Z"
