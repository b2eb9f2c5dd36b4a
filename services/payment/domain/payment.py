"""One payment, from instruction to settlement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from services.payment.domain import errors
from services.payment.domain.method import Channel, Method
from shared.clock import now
from shared.ids import new_id
from shared.money import Money
from shared.texts import folded


class Kind(Enum):
    """What an instalment is for."""

    DEPOSIT = "deposit"
    BALANCE = "balance"
    FULL = "full amount"
    ENDING = "ending"
    """What is owed for an order that ended."""


class State(Enum):
    """Where a payment stands."""

    INSTRUCTED = "instructed"
    SETTLED = "settled"
    VOIDED = "withdrawn"
    SUSPENSE = "to be sent back"
    RETURNED = "sent back"


BECOMES = {
    State.INSTRUCTED: {State.SETTLED, State.VOIDED, State.SUSPENSE},
    State.SETTLED: set[State](),
    State.VOIDED: set[State](),
    State.SUSPENSE: {State.RETURNED},
    State.RETURNED: set[State](),
}


@dataclass(eq=False, kw_only=True)
class Payment:
    """Money for an order: on its way, there, or not coming."""

    id: UUID
    enterprise: str
    instalment: Kind
    method: Method
    amount: Money
    reference: str
    state: State
    created_at: datetime
    bank_reference: str | None = None
    """As it was typed; it is one with all that are read alike."""

    bank_reference_folded: str | None = None
    """As it is compared; None for what came along with another payment."""

    value_date: date | None = None
    booked_by: str = ""
    settled_at: datetime | None = None

    @classmethod
    def instruct(
        cls, *, enterprise: str, instalment: Kind, method: Method, amount: Money, reference: str
    ) -> Payment:
        """Money that is to come."""
        return cls(
            id=new_id(),
            enterprise=enterprise,
            instalment=instalment,
            method=method,
            amount=amount,
            reference=reference,
            state=State.INSTRUCTED,
            created_at=now(),
        )

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"enterprises/{self.enterprise}/payments/{self.id}"

    @property
    def channel(self) -> Channel:
        """Online or offline."""
        return self.method.channel

    @property
    def is_live(self) -> bool:
        """Whether it counts: it came, or it may still come."""
        return self.state in {State.INSTRUCTED, State.SETTLED}

    def settle(self, *, bank_reference: str, value_date: date, booked_by: str) -> None:
        """The bank has the money."""
        self._arrive(State.SETTLED, bank_reference, value_date, booked_by)

    def set_aside(self, *, bank_reference: str, value_date: date, booked_by: str) -> None:
        """The bank has money that nothing is due for any more."""
        self._arrive(State.SUSPENSE, bank_reference, value_date, booked_by)

    def came_along(self) -> None:
        """It came in one transfer with another payment, which is the one booked under it."""
        self.bank_reference_folded = None

    def _arrive(self, state: State, bank_reference: str, value_date: date, booked_by: str) -> None:
        self._become(state)
        self.bank_reference, self.value_date = bank_reference, value_date
        self.bank_reference_folded = folded(bank_reference)
        self.booked_by, self.settled_at = booked_by, now()

    def void(self) -> None:
        """It will not come."""
        self._become(State.VOIDED)

    def give_back(self) -> None:
        """It was in suspense, and is not with us any more."""
        self._become(State.RETURNED)

    def _become(self, state: State) -> None:
        if state not in BECOMES[self.state]:
            raise errors.PaymentCannotBecome(
                payment=self.name,
                reference=self.reference,
                state=self.state.value,
                wanted=state.value,
            )
        self.state = state
