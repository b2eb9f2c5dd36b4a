"""The issue of licences: the codes of one line of an order, from payment to the buyer's hands.

What is done with codes is counted here and written into a ledger; the codes themselves lie sealed
elsewhere (`store.licenses`). Issued is never more than paid (I7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.fulfillment.domain import errors, license_errors
from services.fulfillment.domain.events import LicensesIssued, LicensesOpened, LicensesReleased
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class State(Enum):
    """Where it stands."""

    OPEN = "open"
    ISSUED = "issued"
    DELIVERED = "delivered"
    CLOSED = "closed"


class Act(Enum):
    """What is done with codes."""

    ISSUED = "issued"
    OPENED = "opened"
    DOWNLOADED = "downloaded"
    RELEASED = "released"


@dataclass(eq=False, kw_only=True)
class Entry:
    """A line of the licence ledger; it is never changed."""

    id: UUID
    enterprise: str
    license_issue_id: UUID
    act: Act
    quantity: int
    account: str
    at: datetime
    digest: str = ""
    reason: str = ""


class LicenseIssue(Aggregate):
    """The codes of one line. It exists only because its order is paid (A7)."""

    id: UUID
    license_issue_no: str
    state: State
    order: str
    order_no: str
    line_no: int
    product: str
    product_display_name: str
    license_type: str
    license_type_display_name: str
    quantity: int
    """How many are paid."""

    issued_quantity: int
    opened_quantity: int
    """How many the buyer opened, each counted once."""

    sealed_quantity: int
    """How many can be opened now."""

    customer_batch_no: str
    snapshot_digest: str
    enterprise_legal_name: str
    hold_reason: str
    created_at: datetime

    @classmethod
    def open(
        cls,
        *,
        enterprise: str,
        license_issue_no: str,
        purchase_order: Mapping[str, Any],
        line: Mapping[str, Any],
    ) -> LicenseIssue:
        """Open the issue of one line's codes, copied from the order."""
        made = cls()
        made.id, made.created_at, made.sequence = new_id(), now(), 0
        made.enterprise, made.license_issue_no = enterprise, license_issue_no
        made.state, made.hold_reason = State.OPEN, ""
        made.order, made.order_no = purchase_order["order"], purchase_order["orderNo"]
        made.enterprise_legal_name = purchase_order.get("enterpriseLegalName", "")
        made.snapshot_digest = purchase_order.get("snapshotDigest", "")
        made.customer_batch_no = purchase_order.get("form", {}).get("customerBatchNo", "")
        made.line_no, made.quantity = line["lineNo"], line["quantity"]
        made.product, made.license_type = line["product"], line["licenseType"]
        made.product_display_name = line.get("displayName", "")
        made.license_type_display_name = line.get("licenseTypeDisplayName", "")
        made.issued_quantity = made.opened_quantity = made.sealed_quantity = 0
        return made

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/licenseIssues/{self.id}"

    @property
    def left(self) -> int:
        """How many are paid and not issued yet."""
        return self.quantity - self.issued_quantity

    def insist_issuable(self, count: int) -> None:
        """Refuse to issue `count` codes where that is not possible now, or more than paid (I7)."""
        self._insist_going_on()
        if count < 1:
            raise license_errors.NoCodes
        if count > self.left:
            raise license_errors.MoreThanPaid(wanted=count, left=self.left)

    def issue(self, count: int, *, digest: str, by: str) -> Entry:
        """Count `count` codes as issued and sealed; the last one makes it ISSUED."""
        self.insist_issuable(count)
        self.issued_quantity += count
        self.sealed_quantity += count
        if not self.left:
            self.state = State.ISSUED
        self.record(
            LicensesIssued(
                license_issue=self.name,
                license_issue_no=self.license_issue_no,
                order=self.order,
                order_no=self.order_no,
                line_no=self.line_no,
                quantity=count,
                issued_quantity=self.issued_quantity,
                paid_quantity=self.quantity,
                digest=digest,
            )
        )
        return self._entry(Act.ISSUED, count, by=by, digest=digest)

    def insist_openable(self) -> None:
        """Refuse where the buyer has nothing to open now."""
        self._insist_going_on()
        if not self.sealed_quantity:
            raise license_errors.NothingSealed(
                license_issue_no=self.license_issue_no,
                opened=self.opened_quantity,
                issued=self.issued_quantity,
            )

    def unseal(self, *, digest: str, by: str) -> Entry:
        """The buyer opens all that is sealed; that is their receipt of it."""
        self.insist_openable()
        opened, self.sealed_quantity = self.sealed_quantity, 0
        self.opened_quantity = self.issued_quantity
        if self.opened_quantity == self.quantity:
            self.state = State.DELIVERED
        self.record(
            LicensesOpened(
                license_issue=self.name,
                license_issue_no=self.license_issue_no,
                order=self.order,
                order_no=self.order_no,
                line_no=self.line_no,
                quantity=opened,
                opened_quantity=self.opened_quantity,
                account=by,
                digest=digest,
            )
        )
        return self._entry(Act.OPENED, opened, by=by, digest=digest)

    def downloaded(self, count: int, *, digest: str, by: str) -> Entry:
        """Whoever opened `count` codes has them."""
        return self._entry(Act.DOWNLOADED, count, by=by, digest=digest)

    def release(self, *, reason: str, by: str) -> Entry:
        """Seal what was opened once more, so that the buyer can open it again."""
        self._insist_going_on()
        count = self.issued_quantity - self.sealed_quantity
        if not count:
            raise license_errors.NothingOpened(license_issue_no=self.license_issue_no)
        self.sealed_quantity = self.issued_quantity
        self.record(
            LicensesReleased(
                license_issue=self.name,
                license_issue_no=self.license_issue_no,
                order=self.order,
                order_no=self.order_no,
                line_no=self.line_no,
                quantity=count,
                account=by,
                reason=reason,
            )
        )
        return self._entry(Act.RELEASED, count, by=by, reason=reason)

    def close(self) -> None:
        """The order ended: nothing is issued or opened any more."""
        self.state = State.CLOSED

    def expect(self, etag: str) -> None:
        """Insist that it is still as the caller saw it."""
        if etag and etag != self.etag:
            raise license_errors.LicenseIssueChanged(license_issue_no=self.license_issue_no)

    def _insist_going_on(self) -> None:
        if self.state is State.CLOSED:
            raise license_errors.LicenseIssueClosed(license_issue_no=self.license_issue_no)
        if self.hold_reason:
            raise errors.OrderIsHeld(order_no=self.order_no, reason=self.hold_reason)

    def _entry(
        self, act: Act, quantity: int, *, by: str, digest: str = "", reason: str = ""
    ) -> Entry:
        return Entry(
            id=new_id(),
            enterprise=self.enterprise,
            license_issue_id=self.id,
            act=act,
            quantity=quantity,
            account=by,
            at=now(),
            digest=digest,
            reason=reason,
        )
