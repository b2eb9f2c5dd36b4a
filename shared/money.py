"""Amounts of money: exact, in one currency, rounded in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from operator import add

MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0}
"""How many digits a currency has after the point, where it is not two (ISO 4217)."""

HIGHEST_PRICE = Decimal(10_000_000)
"""What one unit costs at most: two hundred lines of ten million each can be counted in coins."""


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount in one currency; unit prices may be finer than the smallest coin."""

    currency: str
    amount: Decimal

    @classmethod
    def of_minor(cls, currency: str, minor: int) -> Money:
        """Return `minor` smallest coins of `currency`."""
        return cls(currency, Decimal(minor).scaleb(-MINOR_DIGITS.get(currency, 2)))

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in `currency`."""
        return cls.of_minor(currency, 0)

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        """Add up at least one amount; all must be in one currency, else ValueError."""
        return reduce(add, amounts)

    @property
    def minor(self) -> int:
        """The amount in smallest coins; an amount finer than that must be rounded first."""
        scaled = self.amount.scaleb(MINOR_DIGITS.get(self.currency, 2))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.amount} {self.currency} is finer than the smallest coin")
        return int(scaled)

    def rounded(self) -> Money:
        """Round half up to the smallest coin: the one rounding rule there is."""
        step = Decimal(1).scaleb(-MINOR_DIGITS.get(self.currency, 2))
        return Money(self.currency, self.amount.quantize(step, ROUND_HALF_UP))

    def percent(self, percentage: int) -> Money:
        """Return `percentage` hundredths of it, rounded to the smallest coin."""
        return Money(self.currency, self.amount * percentage / 100).rounded()

    def __add__(self, other: Money) -> Money:
        self._insist_same_currency(other)
        return Money(self.currency, self.amount + other.amount)

    def __sub__(self, other: Money) -> Money:
        self._insist_same_currency(other)
        return Money(self.currency, self.amount - other.amount)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.currency, self.amount * quantity)

    def __str__(self) -> str:
        digits = MINOR_DIGITS.get(self.currency, 2)
        finer = -int(self.amount.normalize().as_tuple().exponent)
        return f"{self.amount:,.{max(digits, finer)}f} {self.currency}"

    def _insist_same_currency(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} and {self.currency} do not add up")
