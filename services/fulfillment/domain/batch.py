"""A batch: units that are burnt and tested together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.fulfillment.domain import errors
from shared.clock import now
from shared.ids import new_id


class State(Enum):
    """Where a batch stands."""

    STARTED = "started"
    STOPPED = "stopped"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


BECOMES = {
    State.STARTED: {State.STOPPED, State.COMPLETED, State.WITHDRAWN},
    State.STOPPED: {State.STARTED, State.WITHDRAWN},
    State.COMPLETED: set[State](),
    State.WITHDRAWN: set[State](),
}


@dataclass(frozen=True)
class UnitResult:
    """The result of burning and testing one unit."""

    serial_no: str
    firmware_digest: str
    passed: bool

    def __post_init__(self) -> None:
        if not re.fullmatch(r"sha256:[0-9a-f]{64}", self.firmware_digest):
            raise errors.NotADigest(digest=self.firmware_digest[:80])


@dataclass(eq=False, kw_only=True)
class Batch:
    """A part of a work order, under a production batch number (A16)."""

    id: UUID
    enterprise: str
    production_batch_no: str
    quantity: int
    state: State
    passed_quantity: int
    failed_quantity: int
    shipped_quantity: int
    stop_reason: str
    test_data_digest: str
    started_at: datetime
    completed_at: datetime | None
    withdraw_reason: str
    withdrawn_at: datetime | None

    @classmethod
    def start(cls, *, enterprise: str, production_batch_no: str, quantity: int) -> Batch:
        """Begin to make `quantity` units."""
        return cls(
            id=new_id(),
            enterprise=enterprise,
            production_batch_no=production_batch_no,
            quantity=quantity,
            state=State.STARTED,
            passed_quantity=0,
            failed_quantity=0,
            shipped_quantity=0,
            stop_reason="",
            test_data_digest="",
            started_at=now(),
            completed_at=None,
            withdraw_reason="",
            withdrawn_at=None,
        )

    @property
    def waiting_quantity(self) -> int:
        """How many finished units wait to be shipped."""
        return self.quantity - self.shipped_quantity if self.state is State.COMPLETED else 0

    def count(self, *, passed: int, failed: int) -> None:
        """Say how many units passed and how many did not, of all recorded so far."""
        if passed > self.quantity:
            raise errors.UnitsBeyondBatch(
                production_batch_no=self.production_batch_no,
                quantity=self.quantity,
                recorded=passed,
            )
        self.passed_quantity, self.failed_quantity = passed, failed

    def stop(self, reason: str) -> None:
        """A unit had the wrong firmware: nothing goes on (§6.2, the flash gate)."""
        self._become(State.STOPPED)
        self.stop_reason = reason

    def resume(self) -> None:
        """The cause is gone."""
        self._become(State.STARTED)
        self.stop_reason = ""

    def withdraw(self, reason: str) -> None:
        """It was started by mistake, and nothing of it was made."""
        self._insist_nothing_made()
        self._become(State.WITHDRAWN)
        self.withdraw_reason, self.withdrawn_at = reason, now()

    def complete(self) -> None:
        """All units passed and test data is there (transition 13)."""
        self.insist_may_become(State.COMPLETED)
        if self.passed_quantity != self.quantity:
            raise errors.BatchNotDone(
                production_batch_no=self.production_batch_no,
                passed=self.passed_quantity,
                quantity=self.quantity,
            )
        if not self.test_data_digest:
            raise errors.TestDataMissing(production_batch_no=self.production_batch_no)
        self._become(State.COMPLETED)
        self.completed_at = now()

    def ship(self, quantity: int) -> None:
        """Take finished units out (I6)."""
        if quantity < 1:
            raise errors.NoQuantity(quantity=quantity)
        if quantity > self.waiting_quantity:
            raise errors.NotThatManyFinished(
                production_batch_no=self.production_batch_no,
                wanted=quantity,
                left=self.waiting_quantity,
            )
        self.shipped_quantity += quantity

    def insist_running(self) -> None:
        """Insist that units and test data may still be added."""
        if self.state is not State.STARTED:
            raise errors.BatchNotRunning(
                production_batch_no=self.production_batch_no, state=self.state.value
            )

    def insist_may_become(self, state: State) -> None:
        """Insist that the chart has a way to `state`."""
        if state not in BECOMES[self.state]:
            raise errors.BatchCannotBecome(
                production_batch_no=self.production_batch_no,
                state=self.state.value,
                wanted=state.value,
            )

    def _insist_nothing_made(self) -> None:
        """Insist that no unit was burnt, also none that failed or stopped it, and none reported."""
        number = self.production_batch_no
        if self.state is State.COMPLETED:
            raise errors.BatchIsMade(production_batch_no=number, shipped=self.shipped_quantity)
        if recorded := self.passed_quantity + self.failed_quantity:
            raise errors.BatchIsBurnt(production_batch_no=number, recorded=recorded)
        if self.test_data_digest:
            raise errors.BatchIsReported(production_batch_no=number)

    def _become(self, state: State) -> None:
        self.insist_may_become(state)
        self.state = state
