"""Money as the API spells it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

NANO = Decimal("1e-9")


def money(amount: Decimal | str, currency: str = "CNY") -> dict[str, Any]:
    """Return `amount` as JSON.

    >>> money("2.35")
    {'currencyCode': 'CNY', 'units': '2', 'nanos': 350000000}
    """
    units, rest = divmod(Decimal(amount), 1)
    return {"currencyCode": currency, "units": str(int(units)), "nanos": int(rest / NANO)}


def amount_of(told: Mapping[str, Any]) -> Decimal:
    """Return what JSON says, exactly; nothing said is nothing.

    >>> amount_of({"currencyCode": "CNY", "units": "2", "nanos": 350000000})
    Decimal('2.350000000')
    """
    return Decimal(told.get("units", 0)) + int(told.get("nanos", 0)) * NANO
