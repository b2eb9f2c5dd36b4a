"""I1, I2, I6 and I9 under any mix of commands and facts, in any order."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.ordering.domain import draft, facts, life, review
from services.ordering.domain.chart import headline
from services.ordering.domain.gates import Gate
from services.ordering.domain.words import CLOSED, State
from services.ordering.tests.builders import (
    BM,
    BUYER,
    CAPS,
    CONTRACT,
    PM,
    WORK_ORDER,
    a_draft,
    a_form,
    an_assortment,
    an_invoice_title,
    cny,
    confirm_price,
    confirm_software,
    submit,
)
from shared.errors import Refusal

LINES = st.sampled_from([1, 2])
UNITS = st.sampled_from([1, 50, 100])
PRODUCED = frozenset(
    {
        State.IN_PRODUCTION,
        State.READY_TO_SHIP,
        State.PARTIALLY_SHIPPED,
        State.SHIPPED,
        State.DELIVERED,
        State.COMPLETED,
    }
)


class AnyLife(RuleBasedStateMachine):
    """An order to which everything happens that can, and much that cannot."""

    @initialize(invoiced=st.booleans())
    def begin(self, invoiced: bool) -> None:
        title = an_invoice_title() if invoiced else None
        self.order = a_draft(form=a_form(invoice_title=title))
        self.told: list[tuple[int, Any]] = []
        self.digest = ""
        self.closed: dict[str, Any] = {}

    def _try(self, do: Any, *args: Any, **more: Any) -> None:
        before = self.order.state
        try:
            do(self.order, *args, **more)
        except Refusal:
            assert self.order.state is before
        self.told += self.order.release_events()

    @rule(quantity=UNITS)
    def change(self, quantity: int) -> None:
        offers = an_assortment()
        self._try(draft.change_line, line_no=1, quantity=quantity, assortment=offers, caps=CAPS)

    @rule()
    def submit(self) -> None:
        self._try(submit)

    @rule(price=st.sampled_from(["0", "9.25", "11"]))
    def confirm_price(self, price: str) -> None:
        self._try(confirm_price, prices={1: cny(price)})

    @rule()
    def confirm_software(self) -> None:
        self._try(confirm_software)

    @rule(do=st.sampled_from(["reject", "cancel", "replace", "expire"]), often=st.integers(0, 7))
    @precondition(lambda self: self.order.state not in CLOSED)
    def leave(self, do: str, often: int) -> None:
        if often:  # Most orders should live longer than that.
            return
        if do == "reject":
            self._try(review.reject, by=PM, reason="No.")
        elif do == "cancel":
            self._try(life.cancel, reason="No.")
        elif do == "replace":
            self._try(life.replace, order_no="MR-2026-000124", buyer=BUYER)
        else:
            self._try(life.expire, at=self.order.updated_at + timedelta(days=40))

    @rule()
    def hold(self) -> None:
        self._try(life.hold, by=BM, reason="Wait.")

    @rule()
    def release(self) -> None:
        self._try(life.release, reason="Go on.")

    @rule()
    def sign(self) -> None:
        self._try(facts.contract_signed, contract=CONTRACT)

    @rule(percent=st.sampled_from([10, 30, 100]))
    def pay(self, percent: int) -> None:
        total = self.order.total
        assert total
        self._try(
            facts.payment_settled,
            settled=total.percent(percent),
            deposit_covered=percent >= 30,
            paid_in_full=percent == 100,
        )

    @rule()
    def start(self) -> None:
        self._try(facts.production_started)

    @rule(line_no=LINES, quantity=UNITS)
    def finish(self, line_no: int, quantity: int) -> None:
        self._try(facts.batch_completed, line_no=line_no, quantity=quantity)

    @rule(go_on=st.booleans(), batch=st.sampled_from("AB"))
    def stop(self, go_on: bool, batch: str) -> None:
        if go_on:
            self._try(facts.batch_resumed, work_order=WORK_ORDER, batch=batch)
        else:
            self._try(facts.batch_stopped, work_order=WORK_ORDER, batch=batch, reason="Unit 7.")

    @rule(line_no=LINES, quantity=UNITS, arrived=st.booleans())
    def carry(self, line_no: int, quantity: int, arrived: bool) -> None:
        self._try(facts.received if arrived else facts.shipped, items=[(line_no, quantity)])

    @rule(issued=st.booleans())
    def invoice(self, issued: bool) -> None:
        self._try(facts.invoice_issued if issued else facts.invoice_requested)

    @invariant()
    def i1_no_production_without_confirmation_signature_and_deposit(self) -> None:
        gates = self.order.gates
        if self.order.state in PRODUCED or "OrderClearedForProduction" in self._kinds():
            four = (gates.price, gates.software, gates.contract, gates.deposit)
            assert four == (Gate.PASSED,) * 4

    @invariant()
    def i2_the_digest_never_changes(self) -> None:
        self.digest = self.digest or self.order.snapshot_digest
        assert self.order.snapshot_digest == self.digest
        assert bool(self.digest) == (self.order.submitted_at is not None)

    @invariant()
    def i6_shipped_and_open_is_ordered(self) -> None:
        for line in self.order.lines:
            assert line.shipped_quantity + line.open_quantity == line.quantity
            assert 0 <= line.open_quantity <= line.quantity

    @invariant()
    def i9_the_sequence_has_no_gaps(self) -> None:
        assert [number for number, _ in self.told] == list(range(1, len(self.told) + 1))
        assert self.order.sequence == len(self.told)

    @invariant()
    def the_headline_is_the_derived_one(self) -> None:
        assert self.order.state is headline(self.order)

    @invariant()
    def clearances_are_told_at_most_once(self) -> None:
        kinds = self._kinds()
        for once in ("OrderClearedForProduction", "OrderClearedForShipping", "OrderCompleted"):
            assert kinds.count(once) <= 1

    @invariant()
    def an_open_order_waits_for_somebody_and_a_closed_one_never_changes(self) -> None:
        assert (self.order.waiting_on is None) == self.order.is_closed
        if self.order.is_closed:
            self.closed = self.closed or dict(vars(self.order))
            assert vars(self.order) == self.closed

    def _kinds(self) -> list[str]:
        return [type(event).__name__ for _, event in self.told]


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
