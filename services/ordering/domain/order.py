"""The order: what is known about it, and how its headline follows.

What can be done to it stands beside this, by phase of its life: `draft`, `review`, `life`, and
`facts` for what other services tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from services.ordering.domain import events
from services.ordering.domain.agreeing import can_change
from services.ordering.domain.amendment import Proposal
from services.ordering.domain.attachment import Attachment, submitted_with
from services.ordering.domain.chart import ALLOWED, Act, headline, steps_between
from services.ordering.domain.errors import LineNotFound, OrderCannotBe, OrderChanged
from services.ordering.domain.form import OrderForm
from services.ordering.domain.gates import Gate, Gates
from services.ordering.domain.liability import Cancellation
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Basket
from services.ordering.domain.profiles import profile_of
from services.ordering.domain.purchase_order import (
    PurchaseOrder,
    Snapshot,
    Terms,
    canonical,
    digest_of,
)
from services.ordering.domain.waiting import waited_on
from services.ordering.domain.words import CLOSED, Family, Party, Purpose, State
from shared.clock import now
from shared.domain import Aggregate
from shared.money import Money

ANNOUNCED = {
    State.CONTRACT_SIGNED: events.OrderContractSigned,
    State.DEPOSIT_PAID: events.OrderDepositPaid,
    State.COMPLETED: events.OrderCompleted,
}
"""Steps with an event of their own."""

CLEARED = {
    Family.HARDWARE_MODULE: events.OrderClearedForProduction,
    Family.LICENSE: events.OrderClearedForLicensing,
}
"""How the vendor is told that what was ordered may be made or issued, by what it is."""

TOO_LATE = "It came too late: the order went on meanwhile."
"""Why nothing comes of what was asked for."""

ADVANCED = frozenset(
    {
        State.IN_PRODUCTION,
        State.READY_TO_SHIP,
        State.PARTIALLY_SHIPPED,
        State.SHIPPED,
        State.DELIVERED,
    }
)
"""Steps told as OrderAdvanced: only the last one when a fact leads over several."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What stops an order for now."""

    reason: str
    actor: str
    """Who stopped it, as `accounts/…`; empty when the system did."""

    since: datetime
    cause: str = ""
    """The batch that stopped it; empty when a person did."""


class Order(Aggregate):
    """A customer's purchase order, from draft to completion."""

    id: UUID
    order_no: str
    state: State
    exit: State | None
    """The state it left its way with; None while it is on it or has come to its end."""

    purpose: Purpose
    family: Family
    owner: str
    """Who owns the products, as `acme`; empty before the first line (A12)."""

    currency: str
    """Of all its money; empty before the first line."""

    lines: list[OrderLine]
    last_line_no: int
    form: OrderForm
    total_amount: Decimal
    settled_amount: Decimal
    attachments: tuple[Attachment, ...]
    gates: Gates
    waiting_on: Party | None
    waiting_task: str
    waiting_since: datetime | None
    holds: tuple[Hold, ...]
    snapshot_digest: str
    buyer: str
    enterprise_legal_name: str
    business_manager: str
    business_manager_display_name: str
    business_manager_email: str
    project_manager: str
    price_confirmed_by: str
    terms: Terms | None
    contract: str
    contract_no: str
    revision: int
    """How often what was ordered was frozen again since it was submitted; 0 as it was submitted."""

    amendment: int
    """How often it was amended since it was confirmed."""

    proposal: Proposal | None
    """A change that somebody has yet to agree to."""

    addendum_open: bool
    """Whether an addendum to the signed contract has yet to be signed; production waits for it."""

    cancellation: Cancellation | None
    """The buyer asks to end it, and the business manager has yet to decide."""

    buyer_signed: bool
    invoice_requested: bool
    invoice: str
    """The latest invoice that was heard of; names are in the order in which they were asked for.

    What is told of an earlier one comes too late: invoices are heard of in no order between them.
    """

    promised_at: datetime | None
    """When the goods are to be finished: the lead time after production was cleared."""

    production_cleared: bool
    """Whether OrderClearedForProduction was told; it is told once."""

    shipping_cleared: bool
    """Whether finished goods may leave, for the address there is now."""

    close_reason: str
    replaces: str
    replaced_by: str
    created_at: datetime
    submitted_at: datetime | None
    updated_at: datetime
    expires_at: datetime | None
    """When it ends by itself, if nobody acts; None once it is paid for or signed."""

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/orders/{self.id}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing can become of it any more."""
        return self.state in CLOSED

    @property
    def total(self) -> Money | None:
        """The sum of all lines and the services on top of them; None without any."""
        return Money(self.currency, self.total_amount) if self.currency else None

    @property
    def settled(self) -> Money | None:
        """How much was settled so far; None while it has no currency."""
        return Money(self.currency, self.settled_amount) if self.currency else None

    @property
    def is_paid(self) -> bool:
        """Whether the whole amount is settled (A3)."""
        return self.gates.balance is Gate.PASSED

    @property
    def basket(self) -> Basket:
        """What is ordered, as other services are asked about it."""
        on_top = any(line.services for line in self.lines)
        empty = Basket(self.purpose, {}, self.family, on_top)
        return empty.having((line.product, line.quantity) for line in self.lines)

    def earliest_day(self, at: date) -> date | None:
        """Return by when it could be made if production began on the day `at`.

        None once production may begin, and for what is not made.
        """
        days = (line.lead_time for line in self.lines)
        lead = self.terms.lead_time_days if self.terms else max(days, default=0)
        waits = self.exit is None and not self.production_cleared
        return at + timedelta(days=lead) if lead and waits else None

    def insist(self, act: Act) -> None:
        """Refuse with OrderCannotBe what the chart does not allow now."""
        if act not in ALLOWED[self.state]:
            profile = profile_of(self)
            raise OrderCannotBe(
                order=self.order_no,
                state=profile.called(self.state),
                wanted=act.value,
                possible=profile.named(state for state, acts in ALLOWED.items() if act in acts),
            )

    def insist_unchanged(self, etag: str) -> None:
        """Refuse with OrderChanged if the caller saw another version; an empty etag is any."""
        if etag and etag != self.etag:
            raise OrderChanged(order=self.order_no)

    def line(self, line_no: int) -> OrderLine:
        """Return the line `line_no`, else LineNotFound."""
        for line in self.lines:
            if line.line_no == line_no:
                return line
        raise LineNotFound(order=self.order_no, line_no=line_no)

    def purchase_order(self, *, priced: bool = True) -> PurchaseOrder:
        """Return what was ordered as other services need it."""
        return PurchaseOrder(
            order=self.name,
            order_no=self.order_no,
            enterprise=f"enterprises/{self.enterprise}",
            enterprise_legal_name=self.enterprise_legal_name,
            owner=f"enterprises/{self.owner}",
            purpose=self.purpose,
            family=self.family,
            buyer=self.buyer,
            business_manager=self.business_manager,
            project_manager=self.project_manager,
            form=self.form,
            lines=tuple(line.as_ordered(priced=priced) for line in self.lines),
            total=self.total if priced else None,
            snapshot_digest=self.snapshot_digest,
            terms=self.terms,
            revision=self.revision,
            no_contract=not profile_of(self).has_contract,
            attachments=submitted_with(self),
        )

    def freeze(self, *, by: str, reason: str = "") -> Snapshot:
        """Return what is ordered now, frozen for good under its revision (I2)."""
        ordered = replace(self.purchase_order(), snapshot_digest="")
        content = canonical(ordered)
        self.snapshot_digest = digest_of(content)
        return Snapshot(
            enterprise=self.enterprise,
            order_id=self.id,
            revision=self.revision,
            digest=self.snapshot_digest,
            content=content,
            reason=reason,
            by=by,
        )

    def settle_total(self) -> None:
        """Add up the lines again, after one changed."""
        self.currency = self.lines[0].currency if self.lines else ""
        zero = Money(self.currency, Decimal(0))
        self.total_amount = Money.total([zero, *(line.total for line in self.lines)]).amount

    def count_money(self) -> None:
        """Say anew whether what was settled covers deposit and balance of what is ordered now."""
        due, paid = Money(self.currency, self.total_amount), self.settled_amount
        percent = self.terms.deposit_percent if self.terms else 100
        self.gates = self.gates.again("deposit", "balance").passing(
            deposit=paid >= due.percent(percent).amount, balance=paid >= due.amount
        )

    def advance(self, at: datetime | None = None) -> None:
        """Follow what just changed: headline, announcements, clearances, who is waited on."""
        self.updated_at = at or now()
        before, self.state = self.state, headline(self)
        steps = steps_between(self, before, self.state)
        self._announce([step for step in steps if step is not State.COMPLETED])
        self._clear()
        self._announce([step for step in steps if step is State.COMPLETED])
        self._give_up()
        wait = waited_on(self)
        if wait is None:
            self.waiting_on, self.waiting_task, self.waiting_since = None, "", None
            self.expires_at = self.proposal = self.cancellation = None
        elif (self.waiting_on, self.waiting_task) != wait:
            self.waiting_on, self.waiting_task = wait
            self.waiting_since = self.updated_at

    def _give_up(self) -> None:
        """Say no to what was asked for and cannot be any more: nobody could agree, or decline."""
        if self.is_closed:
            return
        asked = self.proposal.changes if self.proposal else ()
        cleared = self.production_cleared
        if not all(can_change(each.field, self.state, cleared=cleared) for each in asked):
            self.proposal = None
            self.record(
                events.OrderAmendmentDeclined(
                    order=self.name, order_no=self.order_no, reason=TOO_LATE
                )
            )
        if self.cancellation and Act.DECIDE_CANCELLATION not in ALLOWED[self.state]:
            self.cancellation = None
            self.record(
                events.OrderCancellationDeclined(
                    order=self.name, order_no=self.order_no, reason=TOO_LATE
                )
            )

    def _announce(self, steps: list[State]) -> None:
        advanced = [step for step in steps if step in ADVANCED]
        for step in steps:
            if told := ANNOUNCED.get(step):
                self.record(told(order=self.name, order_no=self.order_no))
            elif advanced and step is advanced[-1]:
                self.record(
                    events.OrderAdvanced(order=self.name, order_no=self.order_no, state=step)
                )

    def _clear(self) -> None:
        """Open production once, and shipping to each address; a hold or an addendum delays both."""
        if self.holds or self.addendum_open or self.exit is not None:
            return
        if not self.production_cleared and profile_of(self).cleared(self.gates):
            self.production_cleared = True
            if self.terms and self.gates.production is not Gate.NOT_REQUIRED:
                self.promised_at = self.updated_at + timedelta(days=self.terms.lead_time_days)
            ordered = self.purchase_order(priced=False)
            told = CLEARED[self.family]
            self.record(told(order=self.name, purchase_order=ordered))
        if self.gates.shipment is not Gate.PENDING:
            return
        if not self.shipping_cleared and self.production_cleared and self.is_paid:
            self.shipping_cleared = True
            self.record(events.OrderClearedForShipping(order=self.name, order_no=self.order_no))
