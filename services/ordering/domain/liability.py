"""What ending an order costs the buyer, by how far it is: shown first, then agreed to (17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.ordering.domain.words import State, Word
from shared.money import Money


class Stage(Word):
    """How far an order is, as it counts for ending it."""

    CONFIRMED = "confirmed"
    SIGNED = "signed"
    DEPOSIT_PAID = "deposit paid"
    IN_PRODUCTION = "in production"
    READY = "ready to ship"


STAGES = {
    State.CONFIRMED: Stage.CONFIRMED,
    State.CONTRACT_SIGNED: Stage.SIGNED,
    State.DEPOSIT_PAID: Stage.DEPOSIT_PAID,
    State.IN_PRODUCTION: Stage.IN_PRODUCTION,
    State.READY_TO_SHIP: Stage.READY,
}

Percentages = Mapping[Stage, int]
"""How much of the total the buyer owes at each stage, in hundredths."""


@dataclass(frozen=True, kw_only=True)
class Liability:
    """What ending an order costs now."""

    stage: Stage
    percent: int
    amount: Money
    settled: Money

    @property
    def refund(self) -> Money:
        """How much of what was paid goes back."""
        return max(self.settled - self.amount, Money.zero(self.amount.currency))

    @property
    def due(self) -> Money:
        """How much is yet to be paid."""
        return max(self.amount - self.settled, Money.zero(self.amount.currency))


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """A buyer's wish to end an order, with what they were shown it costs."""

    by: str
    reason: str
    since: datetime
    stage: Stage
    percent: int
    amount: Decimal


def liability(
    state: State, *, total: Money, settled: Money, percentages: Percentages
) -> Liability | None:
    """Return what ending an order costs; None where nobody has to be asked, or it is too late."""
    stage = STAGES.get(state)
    if stage is None:
        return None
    percent = percentages[stage]
    return Liability(stage=stage, percent=percent, amount=total.percent(percent), settled=settled)
