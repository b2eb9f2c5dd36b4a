"""The work order: what production has to make for one line of an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.fulfillment.domain import errors
from services.fulfillment.domain.batch import Batch, UnitResult
from services.fulfillment.domain.batch import State as BatchState
from services.fulfillment.domain.events import (
    BatchCompleted,
    BatchResumed,
    BatchStarted,
    BatchStopped,
    BatchWithdrawn,
    ProductionStarted,
)
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class State(Enum):
    """Where a work order stands."""

    OPEN = "open"
    STARTED = "started"
    FINISHED = "finished"
    CLOSED = "closed"


BECOMES = {
    State.OPEN: {State.STARTED, State.CLOSED},
    State.STARTED: {State.FINISHED, State.CLOSED},
    State.FINISHED: {State.CLOSED},
    State.CLOSED: set[State](),
}


class WorkOrder(Aggregate):
    """What is made for one line. It exists only because its order was cleared (R5)."""

    id: UUID
    work_order_no: str
    state: State
    order: str
    order_no: str
    line_no: int
    product: str
    product_display_name: str
    module_display_name: str
    firmware_version: str
    firmware_digest: str
    quantity: int
    customer_batch_no: str
    material_model: str
    snapshot_digest: str
    delivery_address: Mapping[str, Any]
    services: Sequence[Mapping[str, Any]]
    """What is to be done to every unit besides, as the order has it; without prices."""

    enterprise_legal_name: str
    hold_reason: str
    cleared_for_shipping: bool
    created_at: datetime
    updated_at: datetime
    batches: list[Batch]
    """All that were ever started, withdrawn ones among them."""

    @classmethod
    def open(
        cls,
        *,
        enterprise: str,
        work_order_no: str,
        purchase_order: Mapping[str, Any],
        line: Mapping[str, Any],
    ) -> WorkOrder:
        """Open the work order of one line, with what is built copied from the order (R10, R11)."""
        made, form = cls(), purchase_order.get("form", {})
        made.id, made.created_at, made.sequence = new_id(), now(), 0
        made.updated_at = made.created_at
        made.enterprise, made.work_order_no, made.state = enterprise, work_order_no, State.OPEN
        made.order, made.order_no = purchase_order["order"], purchase_order["orderNo"]
        made.enterprise_legal_name = purchase_order.get("enterpriseLegalName", "")
        made.snapshot_digest = purchase_order.get("snapshotDigest", "")
        made.line_no, made.quantity, made.product = (
            line["lineNo"],
            line["quantity"],
            line["product"],
        )
        made.product_display_name = line.get("displayName", "")
        made.module_display_name = line.get("moduleDisplayName", "")
        made.firmware_version = line.get("firmwareVersion", "")
        made.firmware_digest = line["firmwareDigest"]
        made.customer_batch_no = form.get("customerBatchNo", "")
        made.material_model = form.get("materialModel", "")
        made.delivery_address = form.get("deliveryAddress", {})
        made.services = line.get("services", [])
        made.hold_reason, made.cleared_for_shipping, made.batches = "", False, []
        return made

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/workOrders/{self.id}"

    @property
    def standing(self) -> list[Batch]:
        """The batches it is made in: those that were not withdrawn."""
        return [each for each in self.batches if each.state is not BatchState.WITHDRAWN]

    @property
    def withdrawn(self) -> list[Batch]:
        """The batches that were withdrawn, and count for nothing."""
        return [each for each in self.batches if each.state is BatchState.WITHDRAWN]

    @property
    def finished_quantity(self) -> int:
        """How many units are in finished batches."""
        return sum(each.quantity for each in self.batches if each.state is BatchState.COMPLETED)

    @property
    def shipped_quantity(self) -> int:
        """How many units were shipped."""
        return sum(each.shipped_quantity for each in self.batches)

    @property
    def left_to_start(self) -> int:
        """How many units are in no batch yet."""
        return self.quantity - sum(each.quantity for each in self.standing)

    def start(self) -> None:
        """Begin production (transition 12)."""
        self._insist_going_on()
        self._become(State.STARTED)
        self.record(
            ProductionStarted(
                work_order=self.name, order=self.order, order_no=self.order_no, line_no=self.line_no
            )
        )

    def start_batch(self, production_batch_no: str, quantity: int) -> Batch:
        """Begin a batch of `quantity` units, or of all that is left for 0."""
        self._insist_going_on()
        self._insist_started()
        wanted = quantity or self.left_to_start
        if quantity < 0 or not wanted:
            raise errors.NoQuantity(quantity=wanted)
        if wanted > self.left_to_start:
            raise errors.TooManyUnits(
                work_order_no=self.work_order_no, wanted=wanted, left=self.left_to_start
            )
        batch = Batch.start(
            enterprise=self.enterprise, production_batch_no=production_batch_no, quantity=wanted
        )
        self.batches.append(batch)
        self.record(
            BatchStarted(
                work_order=self.name,
                order=self.order,
                order_no=self.order_no,
                line_no=self.line_no,
                production_batch_no=production_batch_no,
                quantity=wanted,
            )
        )
        return batch

    def check_flash(self, batch: Batch, units: Sequence[UnitResult]) -> list[UnitResult]:
        """Return the results that are recorded: up to the first unit with another firmware.

        That unit counts as failed and stops the batch, and ordering holds the order when it hears
        of it (§6.2).
        """
        self._insist_going_on()
        self._insist_started()
        batch.insist_running()
        for position, unit in enumerate(units):
            if unit.firmware_digest != self.firmware_digest:
                self._stop(batch, unit)
                return [*units[:position], replace(unit, passed=False)]
        return list(units)

    def resume_batch(self, production_batch_no: str, reason: str) -> None:
        """The cause of a stop is gone, as `reason` says; the batch goes on."""
        self._insist_not_closed()
        self.batch(production_batch_no).resume()
        self.record(
            BatchResumed(
                work_order=self.name,
                order=self.order,
                order_no=self.order_no,
                production_batch_no=production_batch_no,
                reason=reason,
            )
        )

    def withdraw_batch(self, production_batch_no: str, reason: str) -> None:
        """A batch was started by mistake, as `reason` says: its units are in no batch again.

        That may be while the order is held: nothing is made or moved by it.
        """
        self._insist_not_closed()
        batch = self.batch(production_batch_no)
        batch.withdraw(reason)
        self.record(
            BatchWithdrawn(
                work_order=self.name,
                order=self.order,
                order_no=self.order_no,
                line_no=self.line_no,
                production_batch_no=production_batch_no,
                quantity=batch.quantity,
                reason=reason,
            )
        )

    def attach_test_data(self, production_batch_no: str, digest: str) -> None:
        """Keep the digest of a batch's test data, in place of an earlier one (R26)."""
        self._insist_not_closed()
        batch = self.batch(production_batch_no)
        batch.insist_running()
        batch.test_data_digest = digest
        self.touch()

    def complete_batch(self, production_batch_no: str) -> None:
        """A batch is finished (transition 13); with the last one, the work order is."""
        self._insist_going_on()
        batch = self.batch(production_batch_no)
        batch.complete()
        if self.finished_quantity == self.quantity:
            self._become(State.FINISHED)
        self.record(
            BatchCompleted(
                work_order=self.name,
                order=self.order,
                order_no=self.order_no,
                line_no=self.line_no,
                production_batch_no=production_batch_no,
                quantity=batch.quantity,
                test_data_digest=batch.test_data_digest,
            )
        )

    def ship(self, production_batch_no: str, quantity: int) -> None:
        """Take finished units out, once the balance is paid (transition 14, A3)."""
        self._insist_going_on()
        if not self.cleared_for_shipping:
            raise errors.NotClearedForShipping(order_no=self.order_no)
        self.batch(production_batch_no).ship(quantity)
        self.touch()

    def close(self) -> None:
        """The order ended; nothing more is made for it."""
        if self.state is not State.CLOSED:
            self._become(State.CLOSED)

    def batch(self, production_batch_no: str) -> Batch:
        """Return the batch with that number; else refuse with BatchNotFound.

        A withdrawn one is meant only if no other has its number.
        """
        for batch in [*self.standing, *reversed(self.withdrawn)]:
            if batch.production_batch_no == production_batch_no:
                return batch
        raise errors.BatchNotFound(
            work_order_no=self.work_order_no, production_batch_no=production_batch_no
        )

    def expect(self, etag: str) -> None:
        """Insist that the work order is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.WorkOrderChanged(work_order_no=self.work_order_no)

    def touch(self) -> None:
        """Count a change of one of its batches as a change of its own."""
        self.updated_at = now()

    def _stop(self, batch: Batch, unit: UnitResult) -> None:
        reason = (
            f"Unit {unit.serial_no} has firmware {unit.firmware_digest[:19]}, "
            f"ordered is {self.firmware_digest[:19]}."
        )
        batch.stop(reason)
        self.record(
            BatchStopped(
                work_order=self.name,
                order=self.order,
                order_no=self.order_no,
                production_batch_no=batch.production_batch_no,
                reason=reason,
            )
        )

    def _insist_not_closed(self) -> None:
        if self.state is State.CLOSED:
            raise errors.WorkOrderClosed(order_no=self.order_no)

    def _insist_going_on(self) -> None:
        self._insist_not_closed()
        if self.hold_reason:
            raise errors.OrderIsHeld(order_no=self.order_no, reason=self.hold_reason)

    def _insist_started(self) -> None:
        if self.state is not State.STARTED:
            raise errors.NotStarted(work_order_no=self.work_order_no, state=self.state.value)

    def _become(self, state: State) -> None:
        if state not in BECOMES[self.state]:
            raise errors.WorkOrderCannotBecome(
                work_order_no=self.work_order_no, state=self.state.value, wanted=state.value
            )
        self.state = state
