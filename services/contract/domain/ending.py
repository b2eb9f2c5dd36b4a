"""Why a version of a contract holds no more: a cause, and what others said and agreed about it.

Whoever shows it words it in the reader's language; the sentence here is for everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from shared.money import Money


class Cause(Enum):
    """Why it ended; the value is the sentence, with what is known besides."""

    ORDER_CANCELLED = "The order was cancelled: {note}"
    ORDER_REPLACED = "The order was replaced by another one."
    ORDER_EXPIRED = "The order expired."
    NEWER_VERSION = "Version {note} took its place."
    AMENDMENT_TAKEN_BACK = "The amendment was taken back."


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Why a version ended."""

    cause: Cause
    note: str = ""
    """Why the order ended, in the words of whoever ended it; or the number of the newer version."""

    liability: Money | None = None
    """What the buyer owes for the order that ended."""

    def __str__(self) -> str:
        said = self.cause.value.format(note=self.note)
        return f"{said} The buyer owes {self.liability} for it." if self.liability else said

    def kept(self) -> Mapping[str, Any]:
        """Return it as it is stored."""
        owed = self.liability
        return {"cause": self.cause.name, "note": self.note} | (
            {"currency": owed.currency, "owed": str(owed.amount)} if owed else {}
        )

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Ending:
        """Return what was stored."""
        owed = Money(kept["currency"], Decimal(kept["owed"])) if "owed" in kept else None
        return cls(cause=Cause[kept["cause"]], note=kept["note"], liability=owed)
