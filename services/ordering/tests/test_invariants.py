"""I1, I2, I6 and I9 under any mix of commands and facts, in any order, for every flow profile.

Of I4 and I5 an order knows a part: its invoice, and what came. I3, and the rest of them, hold where
the money is: `services/payment/tests/test_invariants.py`; I7 where codes are; I8 in
`test_visibility.py` and `e2e/tenants`.
"""

import dataclasses
import inspect
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from time_machine import travel

from services.ordering.domain import amending, attaching, draft, ending, facts, life, review
from services.ordering.domain.agreeing import can_change
from services.ordering.domain.amendment import Change, Effect, Field
from services.ordering.domain.chart import ALLOWED, Act, headline
from services.ordering.domain.form import InvoiceType, OrderForm
from services.ordering.domain.gates import Gate, Gates
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.profiles import BULK
from services.ordering.domain.purchase_order import Snapshot, digest_of
from services.ordering.domain.words import (
    CLOSED,
    Family,
    FirmwareState,
    Lifecycle,
    Party,
    Purpose,
    State,
)
from services.ordering.tests import builders, changes
from services.ordering.tests.builders import (
    BM,
    BUYER,
    CAPS,
    CONTRACT,
    LABELS,
    LAMP,
    PATIENCE,
    PLUG,
    PM,
    WAY,
    WORK_ORDER,
    a_draft,
    a_form,
    a_service,
    an_assortment,
    an_invoice_title,
    an_offer,
    an_order,
    an_order_of_licenses,
    cny,
    confirm_price,
    confirm_software,
    licensing,
    submit,
    with_services,
)
from services.ordering.tests.changes import (
    ACTING,
    PERCENTAGES,
    agree,
    amend,
    ask_to_cancel,
    labels_on,
    to_address,
    to_date,
    to_firmware,
    to_quantity,
    to_services,
    to_title,
    without,
)
from shared.clock import now
from shared.errors import Refusal
from shared.money import Money
from shared.testing.broken import hunting

LINES = st.sampled_from([1, 2])
UNITS = st.sampled_from([1, 50, 100])
TOO_MANY = 1_000_000
BEGAN = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEGUN = (
    *(State.DRAFT, State.INTENTION, State.CONFIRMED, State.CONTRACT_SIGNED, State.DEPOSIT_PAID),
    *(State.IN_PRODUCTION, State.READY_TO_SHIP),
)
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


def _bulk(form: OrderForm) -> tuple[Order, Assortment]:
    return a_draft(form=form), with_services(a_service(minimum_quantity=0))


def _sample(form: OrderForm) -> tuple[Order, Assortment]:
    offer = an_offer(lifecycle=Lifecycle.DEVELOPMENT, firmware_state=FirmwareState.BETA)
    offers = an_assortment(offer)
    purpose = Purpose.RND_SAMPLE
    return a_draft((PLUG, 50), form=form, purpose=purpose, assortment=offers), offers


def _licences(form: OrderForm, *, signed: bool = False) -> tuple[Order, Assortment]:
    order = an_order_of_licenses(signed=signed)
    draft.save_form(order, form)
    return order, licensing()


KINDS: dict[str, Callable[[OrderForm], tuple[Order, Assortment]]] = {
    "bulk": _bulk,
    "sample": _sample,
    "licence": _licences,
    "licence under contract": partial(_licences, signed=True),
}
"""Drafts of every profile, and what is offered meanwhile."""

CLEARED = {"OrderClearedForProduction", "OrderClearedForLicensing"}
SHIPPING = ("OrderClearedForShipping", "OrderShippingStopped")
"""How shipping is cleared, and taken back: in turns."""

SPECIAL = {
    "type": InvoiceType.SPECIAL_VAT,
    "address": "Hauptstrasse 1",
    "phone": "+49 30 1234",
    "bank": "First Bank",
    "bank_account": "123",
}

LABELLED = labels_on(an_order(), 1, a_service(minimum_quantity=0))


def a_change(field: Field, line_no: int, quantity: int) -> Change:
    """Return a change of `field`; what it is does not matter, only that it is another one."""
    match field:
        case Field.QUANTITY:
            return to_quantity(line_no, quantity * 3)
        case Field.SERVICES:
            return to_services(line_no, *((LABELLED,) if quantity % 2 else ()))
        case Field.LINE_REMOVED:
            return without(line_no)
        case Field.FIRMWARE:
            return to_firmware(line_no)
        case Field.DELIVERY_DATE:
            return to_date(f"{now() + timedelta(days=quantity + 1):%Y-%m-%d}")
        case Field.DELIVERY_ADDRESS:
            return to_address(street=f"Nebenstrasse {quantity}")
    return to_title(title=f"Acme {quantity}", **(SPECIAL if quantity % 2 else {}))


class AnyLife(RuleBasedStateMachine):
    """An order to which everything happens that can, and much that cannot."""

    @initialize(
        kind=st.sampled_from(["bulk", "bulk", "bulk", *KINDS]),
        invoiced=st.booleans(),
        far=st.sampled_from(BEGUN),
    )
    def begin(self, kind: str, invoiced: bool, far: State) -> None:
        """Begin somewhere on the way, so that the end of it is walked as often as its beginning."""
        self.time = travel(BEGAN, tick=False)
        self.clock = self.time.start()
        title = an_invoice_title() if invoiced else None
        self.kind = kind
        self.order, self.offers = KINDS[kind](a_form(invoice_title=title))
        self.frozen: list[tuple[int, str, bytes]] = []
        self.signed_for = 0
        self.came = Decimal(0)
        self.may_be_special = True
        self.made: dict[int, int] = {}
        self.invoiced: Decimal | None = None
        self.held: list[tuple[datetime, datetime | None]] = []
        self.cleared_at: datetime | None = None
        self.closed: dict[str, Any] = {}
        way: tuple[tuple[State, Callable[[Order], object]], ...] = WAY if kind == "bulk" else ()
        if kind != "bulk" and far is not State.DRAFT:
            self._keep(submit(self.order, assortment=self.offers))
        for _, go in way:
            if self.order.state is far:
                break
            done = go(self.order)
            if isinstance(done, Snapshot):
                self._keep(done)
        self.came = self.order.settled_amount
        self.told: list[tuple[int, Any]] = self.order.release_events()

    def teardown(self) -> None:
        """Come back from whenever it was."""
        if hasattr(self, "time"):
            self.time.stop()

    def _try(self, do: Any, *args: Any, **more: Any) -> None:
        before, held = self.order.state, bool(self.order.holds)
        try:
            do(self.order, *args, **more)
        except Refusal:
            assert self.order.state is before
        if held != bool(self.order.holds):
            began = self.held.pop()[0] if held else now()
            self.held.append((began, now() if held else None))
        if self.order.state is State.EXPIRED is not before:
            self._insist_nobody_acted(before)
        self.told += self.order.release_events()

    @rule(hours=st.sampled_from([0, 1, 1, 20, 20, 13 * 24, 15 * 24, 40 * 24]))
    def wait(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))

    @rule(hours=st.lists(st.sampled_from([1, 20, 40 * 24]), min_size=3, max_size=3))
    def be_held_twice_at_once(self, hours: list[int]) -> None:
        """Have reasons to stop come and go within each other: left to chance, they hardly do."""
        first, second, third = hours
        self._try(life.hold, by=BM, reason="Wait.")
        self.wait(first)
        self.stop(go_on=False, batch="A")
        self.stop(go_on=False, batch="B")
        self.wait(second)
        self.stop(go_on=True, batch="A")
        self.wait(third)
        self._try(life.release, reason="Go on.")

    @rule(hours=st.lists(st.sampled_from([1, 20, 40 * 24]), min_size=2, max_size=2))
    def be_held_by_one_after_the_other(self, hours: list[int]) -> None:
        for batch in "AB":
            self.stop(go_on=False, batch=batch)
        for batch, each in zip("AB", hours, strict=True):
            self.wait(each)
            self.stop(go_on=True, batch=batch)

    @rule(times=st.integers(1, 2))
    def the_clock_comes(self, times: int) -> None:
        """Late, in time or too early, and perhaps twice: it ends what is due, and nothing else."""
        for _ in range(times):
            order, held = self.order, bool(self.order.holds)
            due = order.expires_at is not None and order.expires_at <= now()
            acted = held or bool(order.settled_amount) or order.buyer_signed
            self._try(life.expire, at=now())
            assert (order.state is State.EXPIRED) == (due and not acted) or order.is_closed

    def _insist_nobody_acted(self, before: State) -> None:
        """What is submitted waits as long as was said, and longer by what it was held."""
        assert not self.order.settled_amount
        assert not self.order.buyer_signed
        submitted = self.order.submitted_at
        assert submitted
        if before is State.INTENTION:
            assert now() - submitted - self._held_since(submitted) >= PATIENCE

    def _held_since(self, moment: datetime) -> timedelta:
        """Return how long it was held since then."""
        spans = ((max(began, moment), ended or now()) for began, ended in self.held)
        return sum((max(end - begin, timedelta()) for begin, end in spans), timedelta())

    @rule(quantity=UNITS)
    def change(self, quantity: int) -> None:
        told: dict[str, Any] = {"line_no": 1, "assortment": self.offers, "caps": CAPS}
        self._try(draft.change_line, quantity=quantity, **told)
        self._try(draft.change_services, services=[LABELS][: quantity % 2], **told)
        self._try(draft.save_form, a_form(remarks=f"{quantity} pieces"))

    @rule(gone=st.booleans(), vendor=st.booleans(), which=st.sampled_from("ab"))
    def attach(self, gone: bool, vendor: bool, which: str) -> None:
        """A file comes or goes; what was frozen stays as it is."""
        digest = f"sha256:{which * 64}"
        if gone:
            self._try(attaching.remove, digest, by_vendor=vendor)
        else:
            file: dict[str, Any] = {
                "media_type": "text/plain",
                "size_bytes": 1,
                "by": BUYER,
                "by_vendor": vendor,
            }
            self._try(attaching.attach, file_name="note.txt", digest=digest, **file)

    @rule(product=st.sampled_from([PLUG, LAMP]), line_no=LINES, add=st.booleans())
    @precondition(lambda self: self.order.state is State.DRAFT)
    def fill(self, product: str, line_no: int, add: bool) -> None:
        if add:
            wanted = draft.Wanted(product=product, quantity=100)
            self._try(draft.add_line, wanted, assortment=self.offers, caps=CAPS)
        else:
            self._try(draft.remove_line, line_no=line_no)

    @rule()
    def submit(self) -> None:
        self._try(lambda order: self._keep(submit(order, assortment=self.offers)))

    def _freeze(self, outcome: amending.Outcome) -> None:
        if outcome.snapshot:
            self._keep(outcome.snapshot)

    def _keep(self, snapshot: Snapshot) -> None:
        self.frozen.append((snapshot.revision, snapshot.digest, snapshot.content))

    @rule(price=st.sampled_from(["0", "9.25", "11"]))
    def confirm_price(self, price: str) -> None:
        self._try(confirm_price, prices={1: cny(price)})

    @rule()
    def confirm_software(self) -> None:
        self._try(confirm_software)

    @rule(do=st.sampled_from(["reject", "cancel", "replace"]), often=st.integers(0, 3))
    @precondition(lambda self: self.order.state not in CLOSED)
    def leave(self, do: str, often: int) -> None:
        if often:  # Most orders should live longer than that.
            return
        if do == "reject":
            self._try(review.reject, by=PM, reason="No.")
        elif do == "cancel":
            self._try(life.cancel, reason="No.")
        else:
            self._try(life.replace, order_no="MR-2026-000124", buyer=BUYER)

    @rule()
    def hold(self) -> None:
        self._try(life.hold, by=BM, reason="Wait.")

    @rule()
    def release(self) -> None:
        self._try(life.release, reason="Go on.")

    @rule()
    @precondition(lambda self: self.order.gates.contract is not Gate.NOT_REQUIRED)
    def sign(self) -> None:
        """Both sign what is ordered now."""
        self.signed_for = max(self.signed_for, self.order.amendment)
        version = self.order.amendment + 1
        self._try(facts.contract_signed, contract=CONTRACT, version=version)

    @rule(again=st.booleans())
    @precondition(lambda self: self.order.gates.contract is not Gate.NOT_REQUIRED)
    @precondition(lambda self: self.order.state in {State.CONFIRMED, State.CONTRACT_SIGNED})
    def hear_of_the_contract(self, again: bool) -> None:
        """The document is made, or made anew; or the manager returns what the buyer signed."""
        if again:
            self._try(facts.signature_returned, version=self.order.amendment + 1)
        else:
            self._try(facts.contract_generated, contract=CONTRACT, contract_no="MC-2026-000001")

    @rule(percent=st.sampled_from([10, 30, 100]))
    @precondition(lambda self: self.order.lines)
    def pay(self, percent: int) -> None:
        """Money comes; what payment tells is all that came so far, which never gets less."""
        total, before = self.order.total, self.order.settled
        assert total
        assert before
        self._hear_of_money(max(total.percent(percent), before))

    def _hear_of_money(self, settled: Money) -> None:
        if self.order.submitted_at is not None and not self.order.is_closed:
            self.came = settled.amount
        self._try(facts.payment_settled, settled=settled)

    @rule(
        field=st.sampled_from(Field),
        line_no=LINES,
        quantity=UNITS,
        party=st.sampled_from(list(ACTING)),
    )
    def propose(self, field: Field, line_no: int, quantity: int, party: Party) -> None:
        change = a_change(field, line_no, quantity)
        self._try(lambda order: self._freeze(amend(order, change, party=party)))

    @rule(field=st.sampled_from(Field), line_no=LINES, quantity=UNITS)
    def change_with_everybody(self, field: Field, line_no: int, quantity: int) -> None:
        """Have a change agreed to at once: left to chance, it hardly ever gets that far.

        Where one field cannot be changed, the next one is tried.
        """
        fields, before = list(Field), self.order.revision
        first = fields.index(field)
        for each in (*fields[first:], *fields[:first]):
            change = a_change(each, line_no, quantity)
            self._try(lambda order, change=change: self._freeze(amend(order, change)))
            for party in list(ACTING):
                if self.order.proposal is not None:
                    self._try(lambda order, party=party: self._freeze(agree(order, party)))
            if self.order.revision != before:
                return

    @rule(percent=st.sampled_from([30, 100]), field=st.sampled_from(Field), quantity=UNITS)
    @precondition(lambda self: self.order.state in {State.CONFIRMED, State.CONTRACT_SIGNED})
    def be_changed_with_money_there(self, percent: int, field: Field, quantity: int) -> None:
        """Have a change agreed to that comes when it is paid for, or invoiced, too."""
        self.pay(percent)
        if percent == 100:
            self.invoice(issued=True)
        self.change_with_everybody(field, 1, quantity)

    @rule(party=st.sampled_from(list(ACTING)))
    def agree(self, party: Party) -> None:
        self._try(lambda order: self._freeze(agree(order, party)))

    @rule(party=st.sampled_from(list(ACTING)))
    def turn_down(self, party: Party) -> None:
        self._try(amending.decline, party=party, reason="No.")

    @rule(do=st.sampled_from(["request", "withdraw", "decline", "accept"]), often=st.integers(0, 5))
    def end(self, do: str, often: int) -> None:
        if do == "request":
            self._try(ask_to_cancel)
        elif do == "accept" and not often:
            self._try(ending.accept, percentages=PERCENTAGES)
        elif do == "withdraw":
            self._try(ending.withdraw)
        elif do == "decline":
            self._try(ending.decline, reason="No.")

    @rule(behind=st.integers(-1, 2))
    @precondition(lambda self: self.order.gates.contract is not Gate.NOT_REQUIRED)
    def sign_a_version(self, behind: int) -> None:
        """A version is signed that is the one that holds, an earlier one, or the next."""
        version = max(1, self.order.amendment + 1 - behind)
        self._try(facts.buyer_signed, version=version)
        # Nobody signs a version that is not there yet.
        if version <= self.order.amendment + 1:
            self.signed_for = max(self.signed_for, version - 1)
            self._try(facts.contract_signed, contract=CONTRACT, version=version)

    @rule()
    def start(self) -> None:
        self._try(facts.production_started)

    @rule()
    @precondition(lambda self: self.order.production_cleared and not self.order.is_closed)
    def make_and_pay_all(self) -> None:
        """Have all happen at once that can without a word of anybody: chance hardly does it."""
        self._try(facts.production_started)
        self._try(builders.finish)
        assert self.order.total
        self._hear_of_money(self.order.total)

    @rule(line_no=LINES, quantity=UNITS)
    def finish(self, line_no: int, quantity: int) -> None:
        self._try(facts.batch_completed, line_no=line_no, quantity=quantity)

    @rule(go_on=st.booleans(), batch=st.sampled_from("AB"))
    def stop(self, go_on: bool, batch: str) -> None:
        if go_on:
            self._try(facts.batch_resumed, work_order=WORK_ORDER, batch=batch)
        else:
            self._try(facts.batch_stopped, work_order=WORK_ORDER, batch=batch, reason="Unit 7.")

    @rule(batch=st.sampled_from("AB"))
    def withdraw_the_batch(self, batch: str) -> None:
        self._try(facts.batch_withdrawn, work_order=WORK_ORDER, batch=batch)

    @rule(line_no=LINES, quantity=UNITS | st.just(TOO_MANY), arrived=st.booleans())
    def carry(self, line_no: int, quantity: int, arrived: bool) -> None:
        self._try(facts.received if arrived else facts.shipped, items=[(line_no, quantity)])

    @rule(line_no=LINES, quantity=UNITS | st.just(TOO_MANY), opened=st.booleans())
    @precondition(lambda self: self.order.family is Family.LICENSE)
    def license(self, line_no: int, quantity: int, opened: bool) -> None:
        if opened:
            self._try(facts.licenses_opened, line_no=line_no, opened=quantity)
        else:
            self._try(facts.licenses_issued, line_no=line_no, issued=quantity)

    @rule(issued=st.booleans(), astray=st.sampled_from([False, False, False, True]))
    @precondition(lambda self: self.order.state not in {State.DRAFT, State.INTENTION})
    def invoice(self, issued: bool, astray: bool = False) -> None:
        """It is over another sum if payment had not heard yet that the order was changed."""
        total = self.order.total
        if issued:
            self._try(facts.invoice_issued, amount=total.percent(50) if total and astray else total)
        else:
            self._try(facts.invoice_requested)
        self._note_what_is_invoiced()

    @rule(reversed_too=st.booleans())
    @precondition(lambda self: self.invoiced is not None)
    def reverse_the_invoice(self, reversed_too: bool) -> None:
        """What is invoiced no more, or will not be, may come to another sum."""
        if reversed_too:
            self._try(facts.invoice_reversed)
        else:
            self._try(facts.invoice_outdated, invoice=self.order.invoice)
        self._note_what_is_invoiced()

    def _note_what_is_invoiced(self) -> None:
        if self.order.gates.invoice is not Gate.PASSED:
            self.invoiced = None
        elif self.invoiced is None:
            self.invoiced = self.order.total_amount

    @invariant()
    def i1_no_production_without_confirmation_signature_and_deposit(self) -> None:
        gates = self.order.gates
        if self.order.state in PRODUCED or CLEARED & {*self._kinds()}:
            four = (gates.price, gates.software, gates.contract, gates.deposit)
            assert all(gate.is_open for gate in four)
            assert four == (Gate.PASSED,) * 4 if self.kind == "bulk" else gates.balance.is_open

    @invariant()
    def i2_the_digest_never_changes(self) -> None:
        """Each revision is frozen once, under a digest of its own; the last is what holds."""
        assert [revision for revision, _, _ in self.frozen] == list(range(len(self.frozen)))
        assert len({digest for _, digest, _ in self.frozen}) == len(self.frozen)
        assert bool(self.frozen) == (self.order.submitted_at is not None)
        if self.frozen:
            revision, digest, content = self.frozen[-1]
            assert (self.order.revision, self.order.snapshot_digest) == (revision, digest)
            assert digest_of(content) == digest
            lines = {line["lineNo"]: line for line in json.loads(content)["lines"]}
            assert lines.keys() == {line.line_no for line in self.order.lines}
            for line in self.order.lines:
                known = lines[line.line_no]
                assert line.firmware_digest == known.get("firmwareDigest", "")
                assert line.quantity == known["quantity"]

    @invariant()
    def i4_an_invoice_that_is_not_special_stays_so_once_money_came(self) -> None:
        """It came by a way that was allowed then; under a special invoice it might not be (A6)."""
        title = self.order.form.invoice_title
        if self.order.settled_amount:
            special = title is not None and title.type is InvoiceType.SPECIAL_VAT
            assert self.may_be_special or not special
            self.may_be_special = special

    @invariant()
    def i5_what_the_order_shows_as_paid_is_what_came(self) -> None:
        assert self.order.settled_amount == self.came

    @invariant()
    def i5_what_is_due_follows_what_is_ordered(self) -> None:
        order = self.order
        assert order.total_amount == sum((line.total.amount for line in order.lines), Decimal(0))
        if order.amendment and order.gates.balance is Gate.PASSED:
            assert order.settled_amount >= order.total_amount

    @invariant()
    def i5_what_is_ordered_is_what_an_invoice_was_issued_over(self) -> None:
        assert self.invoiced in {None, self.order.total_amount}

    @invariant()
    def nobody_changes_alone_what_the_other_side_has_to_agree_to(self) -> None:
        if self.order.proposal is not None and not self.order.is_closed:
            proposal = self.order.proposal
            assert proposal.party in proposal.agreed
        quantities = {line.line_no: line.quantity for line in self.order.lines}
        if self.order.production_cleared:
            self.made = self.made or quantities
            assert quantities == self.made

    @invariant()
    def what_an_order_waits_for_can_be_decided(self) -> None:
        order, cleared = self.order, self.order.production_cleared
        asked = order.proposal.changes if order.proposal else ()
        assert all(can_change(each.field, order.state, cleared=cleared) for each in asked)
        assert order.cancellation is None or Act.DECIDE_CANCELLATION in ALLOWED[order.state]

    @invariant()
    def nothing_is_made_while_an_addendum_is_not_signed(self) -> None:
        kinds, order = self._kinds(), self.order
        if order.gates.contract is Gate.NOT_REQUIRED:
            return
        if order.gates.contract is Gate.PASSED and not order.addendum_open:
            assert self.signed_for >= order.amendment
        if "OrderClearedForProduction" in kinds and "OrderAmended" in kinds:
            cleared = kinds.index("OrderClearedForProduction")
            assert kinds[:cleared].count("OrderAmended") <= self.signed_for

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
    def what_is_held_is_promised_as_much_later(self) -> None:
        order = self.order
        if order.promised_at is not None:
            self.cleared_at = self.cleared_at or now()
            assert order.terms
            over = [ended for _, ended in self.held if ended]
            held = self._held_since(self.cleared_at) if len(over) == len(self.held) else None
            days = timedelta(days=order.terms.lead_time_days)
            assert held is None or order.promised_at == self.cleared_at + days + held

    @invariant()
    def what_is_to_be_signed_can_be_as_long_as_that_is_waited_for(self) -> None:
        order = self.order
        if order.state is State.CONFIRMED and order.gates.contract is Gate.PENDING:
            assert order.terms
            assert order.expires_at is None or order.expires_at <= order.terms.valid_until

    @invariant()
    def goods_are_promised_when_production_is_cleared_and_not_before(self) -> None:
        made = self.order.gates.production is not Gate.NOT_REQUIRED
        assert (self.order.promised_at is not None) == (made and self.order.production_cleared)

    @invariant()
    def who_is_waited_on_can_do_it(self) -> None:
        """Production is not waited on while something else, unnamed, keeps it from going on."""
        order = self.order
        cleared = {
            "start production": order.production_cleared,
            "issue the licence codes": order.production_cleared,
            "ship the goods": order.shipping_cleared,
        }
        assert order.holds or cleared.get(order.waiting_task, True)

    @invariant()
    def r5_the_deposit_there_is_is_the_one_of_what_is_ordered(self) -> None:
        order = self.order
        assert order.gates.balance is not Gate.PASSED or order.settled_amount >= order.total_amount
        if order.terms and order.total and order.gates.deposit is Gate.PASSED:
            due = order.total.percent(order.terms.deposit_percent)
            assert order.settled_amount >= due.amount

    @invariant()
    def t19_an_order_nobody_signed_or_paid_for_ends_by_itself(self) -> None:
        order = self.order
        if order.state in {State.INTENTION, State.CONFIRMED} and not order.settled_amount:
            assert order.expires_at or order.buyer_signed

    @invariant()
    def clearances_are_told_at_most_once(self) -> None:
        kinds = self._kinds()
        for once in (*CLEARED, "OrderCompleted"):
            assert kinds.count(once) <= 1

    @invariant()
    def shipping_is_cleared_once_for_each_address(self) -> None:
        told = [kind for kind in self._kinds() if kind in SHIPPING]
        assert told == [SHIPPING[n % 2] for n in range(len(told))]
        assert self.order.shipping_cleared == (told[-1:] == [SHIPPING[0]])

    @invariant()
    def an_open_order_waits_for_somebody_and_a_closed_one_never_changes(self) -> None:
        assert (self.order.waiting_on is None) == self.order.is_closed
        if self.order.is_closed:
            self.closed = self.closed or dict(vars(self.order))
            assert vars(self.order) == self.closed

    def _kinds(self) -> list[str]:
        return [type(event).__name__ for _, event in self.told]


COMMANDS = (draft, review, life, amending, ending, attaching)

ASIDE = {
    *("effect", "meaning", "awaited", "liability_of", "terms", "party_of", "insist_assigned"),
    *("insist_room", "add_hold", "keep_holds", "refill"),
}
"""What only answers, and what facts and a submit go through."""


def test_the_machine_tells_every_fact_and_gives_every_command() -> None:
    told = inspect.getsource(AnyLife) + inspect.getsource(changes)
    known = {
        name
        for name, each in vars(facts).items()
        if inspect.isfunction(each) and each.__module__ == facts.__name__ and name[0] != "_"
    } - {"fact"}
    assert {name for name in known if f"facts.{name}" not in told} == set()
    given = told + inspect.getsource(builders)
    for module in COMMANDS:
        of = module.__name__.rpartition(".")[2]
        for name, each in vars(module).items():
            if inspect.isfunction(each) and each.__module__ == module.__name__ and name[0] != "_":
                about = next(iter(inspect.signature(each).parameters), "")
                assert about != "order" or name in ASIDE or f"{of}.{name}" in given, name


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def _without_deposit(gates: Gates) -> bool:
    return all(each.is_open for each in (gates.price, gates.software, gates.contract))


def _silent(order: Order, event: Any) -> None:
    order.sequence += 2
    vars(order).setdefault("_recorded", []).append((order.sequence, event))


def _uncounted(order: Order, line: Any, counted: int, what: str) -> int:
    return counted


def _same_digest(content: bytes) -> str:
    return "sha256:" + "0" * 64


def _any_version(order: Order, version: int) -> bool:
    return True


def _anything(order: Order, field: Field) -> None:
    """Allow every change in every state."""


def _follows_nothing(order: Order, change: Effect) -> None:
    """Let an order come to another sum than the one on its invoice."""


def _as_it_was_due(order: Order) -> None:
    """Pass what was once paid for, whatever is ordered now."""
    settled, total = order.settled_amount, Money(order.currency, order.total_amount)
    percent = order.terms.deposit_percent if order.terms else 100
    order.gates = order.gates.passing(
        deposit=settled >= total.percent(percent).amount, balance=settled >= total.amount
    )


def _unnamed(order: Order) -> bool:
    return not order.production_cleared


def _lost(order: Order, what: Any) -> None:
    """Give nothing back; let everything pass."""


def _closed_takes_facts(order: Order) -> bool:
    return False


@facts.fact
def _on_top(order: Order, *, settled: Money) -> None:
    """Take what came in all for what came now."""
    order.settled_amount += settled.amount
    order.count_money()


BROKEN: dict[str, tuple[str, Any]] = {
    "I1: production starts without a deposit": (
        "services.ordering.domain.profiles.BULK",
        dataclasses.replace(BULK, cleared=_without_deposit),
    ),
    "I2: every revision has one digest": (
        "services.ordering.domain.order.digest_of",
        _same_digest,
    ),
    "I4: the invoice becomes a special one after money came": (
        "services.ordering.domain.amending.InvoiceType",
        SimpleNamespace(SPECIAL_VAT=None),
    ),
    "I5: what came is counted twice": ("services.ordering.domain.facts.payment_settled", _on_top),
    "I5: what is invoiced is changed": (
        "services.ordering.domain.amending._insist_not_invoiced",
        _follows_nothing,
    ),
    "I6: more is shipped than ordered": ("services.ordering.domain.facts._counted", _uncounted),
    "I9: a number of the sequence is left out": ("shared.domain.Aggregate.record", _silent),
    "what was signed before the change counts": (
        "services.ordering.domain.facts._is_current",
        _any_version,
    ),
    "what is being made is changed": (
        "services.ordering.domain.amending._insist_allowed",
        _anything,
    ),
    "R5: the deposit of before the change is enough": (
        "services.ordering.domain.order.Order.count_money",
        _as_it_was_due,
    ),
    "nobody is named for an addendum that stops shipping": (
        "services.ordering.domain.waiting._stops",
        _unnamed,
    ),
    "T18: time that was held is lost": ("services.ordering.domain.life._give_back", _lost),
    "a closed order goes on": (
        "services.ordering.domain.order.Order.is_closed",
        property(_closed_takes_facts),
    ),
}
"""Rules broken on purpose: what does not notice them proves nothing."""


@pytest.mark.parametrize("rule_broken", BROKEN)
def test_a_broken_rule_is_noticed(rule_broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*BROKEN[rule_broken])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(AnyLife, settings=hunting(steps=25))
