"""Money that goes back to a buyer: owed when an order ends or money comes too late, then sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from services.payment.domain import errors
from services.payment.domain import payment as payments
from services.payment.domain.payment import Payment
from shared.clock import now
from shared.ids import new_id
from shared.money import Money
from shared.texts import folded


class Cause(Enum):
    """Why money goes back."""

    ORDER_ENDED = "the order ended"
    LATE_MONEY = "it came after the order had ended"
    SURPLUS = "more came than was open"


class State(Enum):
    """Where a refund stands."""

    OWED = "owed"
    RETURNED = "sent back"


class Share(NamedTuple):
    """A part of a refund, and the payment it is taken from."""

    payment: Payment
    amount: Money


@dataclass(eq=False, kw_only=True)
class Refund:
    """A task of finance until the money is sent."""

    id: UUID
    enterprise: str
    cause: Cause
    reason: str
    """Why the order ended; empty for late money."""

    amount: Money
    payment_id: UUID | None
    """The payment that was set aside; None if it is taken from what was paid for the order."""

    state: State
    created_at: datetime
    bank_reference: str | None = None
    """As it was typed; it is one with all that are read alike."""

    bank_reference_folded: str | None = None
    value_date: date | None = None
    issued_by: str = ""
    issued_at: datetime | None = None

    @classmethod
    def owe(
        cls,
        *,
        enterprise: str,
        cause: Cause,
        amount: Money,
        reason: str = "",
        payment_id: UUID | None = None,
    ) -> Refund:
        """Money that is to be sent back."""
        return cls(
            id=new_id(),
            enterprise=enterprise,
            cause=cause,
            reason=reason,
            amount=amount,
            payment_id=payment_id,
            state=State.OWED,
            created_at=now(),
        )

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"enterprises/{self.enterprise}/refunds/{self.id}"

    @property
    def takes_from_suspense(self) -> bool:
        """Whether it is money that was never due, and was set aside as it came."""
        return self.payment_id is not None

    @property
    def takes_from_settled(self) -> bool:
        """Whether less is left of what was paid for the order since."""
        return self.cause is Cause.ORDER_ENDED and self.state is State.RETURNED

    def shares(self, paid: Iterable[Payment]) -> list[Share]:
        """Return which of the payments it is taken from, the latest first, and how much of each."""
        if self.payment_id is not None:
            return [Share(each, self.amount) for each in paid if each.id == self.payment_id]
        settled = (each for each in paid if each.state is payments.State.SETTLED)
        return list(_taken(self.amount, sorted(settled, key=lambda each: each.id, reverse=True)))

    def issue(self, *, bank_reference: str, value_date: date, issued_by: str) -> None:
        """The bank sent it."""
        if self.state is not State.OWED:
            raise errors.RefundIssuedBefore(refund=self.name, bank_reference=self.bank_reference)
        self.state = State.RETURNED
        self.bank_reference, self.value_date = bank_reference, value_date
        self.bank_reference_folded = folded(bank_reference)
        self.issued_by, self.issued_at = issued_by, now()


def _taken(amount: Money, latest_first: Iterable[Payment]) -> Iterator[Share]:
    left = amount
    for payment in latest_first:
        part = min(left, payment.amount)
        if part.amount:
            yield Share(payment, part)
        left -= part
