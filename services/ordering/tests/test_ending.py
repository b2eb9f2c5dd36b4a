"""Ending what is signed: at a price that is known first, and only when the manager agrees (17)."""

from collections.abc import Callable

import pytest

from services.ordering.domain import ending, errors, facts, life
from services.ordering.domain.events import OrderCancellationRequested, OrderCancelled
from services.ordering.domain.liability import STAGES
from services.ordering.domain.order import Order
from services.ordering.domain.words import Party, State
from services.ordering.tests.builders import an_order, cny, kinds, pay
from services.ordering.tests.changes import PERCENTAGES, ask_to_cancel

COSTS = {
    State.CONFIRMED: (cny("0.00"), cny("0.00")),
    State.CONTRACT_SIGNED: (cny("453.75"), cny("0.00")),
    State.DEPOSIT_PAID: (cny("907.50"), cny("1815.00")),
    State.IN_PRODUCTION: (cny("5445.00"), cny("0.00")),
    State.READY_TO_SHIP: (cny("9075.00"), cny("0.00")),
}


@pytest.mark.parametrize("state", State)
def test_what_it_costs_depends_on_how_far_the_order_is(state: State) -> None:
    costs = ending.liability_of(an_order(state), PERCENTAGES)
    if state not in STAGES:
        assert costs is None
        return
    assert costs is not None
    assert (costs.amount, costs.refund) == COSTS[state]
    assert costs.settled - costs.refund + costs.due == costs.amount


def test_an_order_ends_when_the_manager_accepts_and_the_rest_goes_back() -> None:
    order = an_order(State.DEPOSIT_PAID)
    ask_to_cancel(order)
    assert (order.state, order.waiting_on) == (State.DEPOSIT_PAID, Party.BUSINESS_MANAGER)
    ending.accept(order, percentages=PERCENTAGES)

    assert (order.state, order.close_reason) == (State.CANCELLED, "Not needed any more.")
    (_, asked), (_, told) = order.release_events()
    assert isinstance(asked, OrderCancellationRequested)
    assert isinstance(told, OrderCancelled)
    assert asked.liability == told.liability == cny("907.50")
    assert told.refund == cny("1815.00")


@pytest.mark.parametrize("bound", [pay, facts.buyer_signed])
def test_a15_what_a_buyer_signed_or_paid_alone_is_ended_by_request_at_no_cost(
    bound: Callable[[Order], None],
) -> None:
    order = an_order(State.CONFIRMED)
    with pytest.raises(errors.NobodyHasToBeAsked):
        ask_to_cancel(order)
    bound(order)
    settled = order.settled
    with pytest.raises((errors.MoneyReceived, errors.AlreadySigned)):
        life.cancel(order, reason="Not needed any more.")
    order.release_events()
    ask_to_cancel(order)
    assert order.waiting_on is Party.BUSINESS_MANAGER
    ending.accept(order, percentages=PERCENTAGES)

    assert order.state is State.CANCELLED
    *_, (_, told) = order.release_events()
    assert isinstance(told, OrderCancelled)
    assert told.liability == cny("0.00")
    assert (told.refund or cny("0.00")) == settled


def test_an_order_goes_on_when_the_manager_declines_or_the_buyer_thinks_better_of_it() -> None:
    order = an_order(State.DEPOSIT_PAID)
    task = order.waiting_task
    ask_to_cancel(order)
    ending.decline(order, reason="The material is cut.")
    ask_to_cancel(order)
    ending.withdraw(order)

    assert (order.state, order.waiting_task) == (State.DEPOSIT_PAID, task)
    assert kinds(order) == [
        "OrderCancellationRequested",
        "OrderCancellationDeclined",
        "OrderCancellationRequested",
        "OrderCancellationWithdrawn",
    ]


def test_nobody_is_made_to_pay_more_than_they_were_shown() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    ask_to_cancel(order)
    pay(order)
    with pytest.raises(errors.LiabilityChanged, match=r"907\.50"):
        ending.accept(order, percentages=PERCENTAGES)
    assert order.state is State.DEPOSIT_PAID


def test_a_wish_to_end_it_that_nobody_decided_is_given_up_once_some_is_on_its_way() -> None:
    order = an_order(State.READY_TO_SHIP)
    pay(order, in_full=True)
    ask_to_cancel(order)
    order.release_events()
    facts.shipped(order, items=[(1, 1)])
    assert order.state is State.PARTIALLY_SHIPPED
    assert (order.cancellation, order.waiting_task) == (None, "ship the goods")
    assert kinds(order) == ["OrderAdvanced", "OrderCancellationDeclined"]


def test_one_asks_once_and_nothing_is_decided_that_nobody_asked_for() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    with pytest.raises(errors.NoCancellationRequested):
        ending.accept(order, percentages=PERCENTAGES)
    ask_to_cancel(order)
    with pytest.raises(errors.CancellationRequestedAlready):
        ask_to_cancel(order)
