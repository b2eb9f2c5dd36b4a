"""What ends an order before its time, or stops it (transitions 8, 9, 18, 19)."""

from datetime import timedelta

import pytest
import time_machine

from services.ordering.domain import facts, life
from services.ordering.domain.errors import (
    AlreadySigned,
    MoneyReceived,
    NotYetExpired,
    OrderChanged,
    OrderIsHeld,
    OrderIsNotHeld,
)
from services.ordering.domain.words import Party, State
from services.ordering.tests.builders import (
    BM,
    BUYER,
    PATIENCE,
    USUAL,
    WORK_ORDER,
    a_draft,
    an_order,
    confirm_price,
    confirm_software,
    kinds,
    pay,
)
from shared.clock import now


def test_r63_a_replacement_has_the_same_lines_and_form_and_both_know_of_each_other() -> None:
    order = an_order()
    confirm_price(order)
    draft = life.replace(order, order_no="MR-2026-000124", buyer=BUYER)

    assert (order.replaced_by, draft.replaces) == (draft.name, order.name)
    assert (order.state, draft.state) == (State.REPLACED, State.DRAFT)
    assert [(line.line_no, line.product, line.quantity) for line in draft.lines] == [
        (line.line_no, line.product, line.quantity) for line in order.lines
    ]
    assert draft.form == order.form
    assert draft.total == order.total
    assert draft.waiting_on is Party.BUYER
    assert draft.snapshot_digest == ""
    assert kinds(order) == ["OrderPriceConfirmed", "OrderReplaced"]
    assert kinds(draft) == []


def test_a_paid_order_is_neither_replaced_nor_cancelled_nor_does_it_expire() -> None:
    order = an_order(State.CONFIRMED)
    pay(order)

    with pytest.raises(MoneyReceived, match="replaced"):
        life.replace(order, order_no="MR-2026-000124", buyer=BUYER)
    with pytest.raises(MoneyReceived, match="cancelled"):
        life.cancel(order, reason="A mistake.")
    with pytest.raises(MoneyReceived, match="expired"):
        life.expire(order, at=order.updated_at + timedelta(days=999))


def test_an_order_the_buyer_signed_is_neither_cancelled_nor_does_it_expire() -> None:
    order = an_order(State.CONFIRMED)
    facts.buyer_signed(order)

    with pytest.raises(AlreadySigned):
        life.cancel(order, reason="A mistake.")
    with pytest.raises(AlreadySigned):
        life.expire(order, at=order.updated_at + timedelta(days=999))


def test_a_withdrawn_draft_is_nobodys_news_but_a_withdrawn_intention_is() -> None:
    draft, order = a_draft(), an_order()
    for each in (draft, order):
        life.cancel(each, reason="A mistake.")
        assert (each.state, each.close_reason) == (State.CANCELLED, "A mistake.")

    assert kinds(draft) == []
    assert kinds(order) == ["OrderCancelled"]


def test_a_hold_names_who_and_why_and_is_told_once() -> None:
    order = an_order()
    life.hold(order, by=BM, reason="The quantity looks wrong.")

    assert [(each.actor, each.reason) for each in order.holds] == [
        (BM, "The quantity looks wrong.")
    ]
    with pytest.raises(OrderIsHeld):
        life.hold(order, by=BM, reason="Again.")
    life.release(order, reason="It is right.")
    with pytest.raises(OrderIsNotHeld):
        life.release(order, reason="Again.")
    assert kinds(order) == ["OrderHeld", "OrderReleased"]


def test_a_held_order_does_not_expire() -> None:
    order = an_order()
    assert order.expires_at
    life.hold(order, by=BM, reason="Wait.")

    with pytest.raises(OrderIsHeld):
        life.expire(order, at=order.expires_at)


def test_an_intention_expires_when_nobody_acts_and_not_before() -> None:
    order = an_order()
    assert order.submitted_at
    assert order.expires_at == order.submitted_at + PATIENCE
    with pytest.raises(NotYetExpired):
        life.expire(order, at=order.expires_at - timedelta(seconds=1))

    life.expire(order, at=order.expires_at)

    assert order.state is State.EXPIRED
    assert kinds(order) == ["OrderExpired"]


def test_a_confirmed_software_buys_time_and_a_confirmed_price_sets_the_date() -> None:
    order = an_order()
    before = order.expires_at
    confirm_software(order)
    assert order.expires_at
    assert before
    assert order.expires_at > before

    confirm_price(order, valid_until=order.created_at + timedelta(days=3))
    assert order.expires_at == order.created_at + timedelta(days=3)


def test_a_change_of_something_seen_before_is_refused_when_it_changed_since() -> None:
    order = an_order()
    order.insist_unchanged("")
    order.insist_unchanged("1")
    with pytest.raises(OrderChanged):
        order.insist_unchanged("2")


def test_what_is_held_for_two_reasons_at_once_has_all_that_time_back() -> None:
    order = an_order(State.DEPOSIT_PAID)
    promised = order.promised_at
    assert promised
    with time_machine.travel(now(), tick=False) as clock:
        facts.batch_stopped(order, work_order=WORK_ORDER, batch="A", reason="Unit 7.")
        clock.shift(timedelta(days=5))
        facts.batch_stopped(order, work_order=WORK_ORDER, batch="B", reason="Unit 9.")
        clock.shift(timedelta(days=5))
        facts.batch_resumed(order, work_order=WORK_ORDER, batch="A")
        clock.shift(timedelta(days=2))
        facts.batch_resumed(order, work_order=WORK_ORDER, batch="B")
    assert order.promised_at == promised + timedelta(days=12)


def test_a_contract_that_is_made_after_its_order_was_held_can_still_be_signed() -> None:
    order = an_order()
    confirm_price(order)
    with time_machine.travel(now(), tick=False) as clock:
        life.hold(order, by=BM, reason="Wait.")
        clock.shift(USUAL.validity + timedelta(days=10))
        life.release(order, reason="Go on.")
        confirm_software(order)
        assert order.terms
        assert order.expires_at
        assert order.terms.valid_until == order.expires_at > now()
