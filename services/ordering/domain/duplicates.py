"""Orders that look like an earlier one: a buyer who means it says so (R15).

A purchase order number may repeat (A19): alike are only orders that also have a product in common,
in nearly the same quantity.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Disallowed

MOST_NAMED = 5
"""How many earlier orders a refusal names, and how many lines of each."""


class LikelyDuplicate(Disallowed):
    """Order {order} looks like an earlier one: {earlier}."""

    fix = (
        "Compare the two; if both are meant, tick the earlier one on the order form and submit "
        "again, or send {names} as acknowledged_duplicates."
    )


@dataclass(frozen=True)
class Likeness:
    """What makes an order look like an earlier one."""

    within: timedelta
    """How far apart they were submitted at most."""

    percent: int
    """By how much quantities differ at most, in hundredths."""

    def near(self, quantity: int) -> tuple[int, int]:
        """Return the least and the most that is nearly as many as `quantity`.

        >>> Likeness(timedelta(days=30), 20).near(104)
        (84, 124)
        """
        return -(-quantity * (100 - self.percent) // 100), quantity * (100 + self.percent) // 100


@dataclass(frozen=True, kw_only=True)
class DuplicateLine:
    """What an earlier order has in common with the one at hand."""

    product: str
    pid: str
    display_name: str
    """Empty where another enterprise ordered it."""

    quantity: int


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """An earlier order that the one at hand looks like."""

    name: str
    """What it is acknowledged by: the order, or the product if another enterprise ordered it."""

    order_no: str
    """Empty where another enterprise ordered it, as is `buyer`."""

    buyer: str
    submitted_at: datetime
    lines: Sequence[DuplicateLine]

    def __str__(self) -> str:
        named = [f"{line.quantity} of {line.pid}" for line in self.lines[:MOST_NAMED]]
        more = len(self.lines) - len(named)
        lines = ", ".join([*named, *([f"and {more} lines more"] if more else [])])
        what = self.order_no or "an order of another enterprise"
        return f"{what} of {self.submitted_at:%Y-%m-%d} ({lines})"


def insist_meant(order_no: str, alike: Sequence[Duplicate], acknowledged: Collection[str]) -> None:
    """Refuse with LikelyDuplicate what looks like an order that was not acknowledged."""
    unknown = [each for each in alike if each.name not in acknowledged]
    if unknown:
        named = unknown[:MOST_NAMED]
        raise LikelyDuplicate(
            order=order_no,
            earlier="; ".join(map(str, named)) + (" …" if len(unknown) > MOST_NAMED else ""),
            names=", ".join(dict.fromkeys(each.name for each in named)),
        )
