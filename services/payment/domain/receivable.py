"""What a buyer still owes after an order ended: a task of finance until paid or waived (17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.payment.domain import errors
from shared.clock import now
from shared.ids import new_id
from shared.money import Money

LONGEST_REASON = 1000


class State(Enum):
    """Where a receivable stands."""

    OPEN = "open"
    PAID = "paid"
    WAIVED = "waived"


@dataclass(eq=False, kw_only=True)
class Receivable:
    """Money the buyer owes for an order that ended, beyond what was paid when it did."""

    id: UUID
    enterprise: str
    reason: str
    """Why the order ended."""

    amount: Money
    settled: Money
    """How much of it came."""

    reference: str
    """What the payer writes on the transfer (ISO 11649)."""

    state: State
    created_at: datetime
    waive_reason: str = ""
    waived_by: str = ""
    closed_at: datetime | None = None

    @classmethod
    def owe(cls, *, enterprise: str, amount: Money, reference: str, reason: str = "") -> Receivable:
        """Money that is to come."""
        return cls(
            id=new_id(),
            enterprise=enterprise,
            reason=reason,
            amount=amount,
            settled=Money.zero(amount.currency),
            reference=reference,
            state=State.OPEN,
            created_at=now(),
        )

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"enterprises/{self.enterprise}/receivables/{self.id}"

    @property
    def open(self) -> Money:
        """How much is still to come; nothing once it was waived."""
        left = self.amount - self.settled
        return left if self.state is State.OPEN else Money.zero(left.currency)

    @property
    def waived(self) -> Money:
        """How much of it nobody asks for any more."""
        left = self.amount - self.settled
        return left if self.state is State.WAIVED else Money.zero(left.currency)

    def pay(self, amount: Money) -> None:
        """So much of it came, which is no more than is open."""
        self.settled = self.settled + amount
        if self.settled == self.amount:
            self.state, self.closed_at = State.PAID, now()

    def waive(self, *, reason: str, by: str) -> None:
        """Nobody asks for what is open of it any more; ReceivableClosed, BadWaiver."""
        if self.state is not State.OPEN:
            raise errors.ReceivableClosed(receivable=self.name, state=self.state.value)
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise errors.BadWaiver(most=LONGEST_REASON)
        self.state, self.closed_at = State.WAIVED, now()
        self.waive_reason, self.waived_by = reason.strip(), by
