"""Until when whoever an order waits on agreed to act, step by step."""

from datetime import datetime, timedelta

import pytest
import time_machine
from pydantic import ValidationError

from services.ordering.domain import life
from services.ordering.domain.due import TASKS, due_at
from services.ordering.domain.order import Order
from services.ordering.domain.words import State
from services.ordering.settings import OrderingSettings
from services.ordering.tests.builders import BM, an_order, an_order_of_licenses
from shared.clock import now

DAY = timedelta(days=1)


def settings(**given: object) -> OrderingSettings:
    return OrderingSettings(database_url="postgresql+psycopg://nobody/none", **given)  # type: ignore[arg-type]


def due(order: Order, **given: object) -> datetime | None:
    return due_at(order, settings(**given).agreed)


def within(order: Order, **given: object) -> timedelta:
    """Return how long whoever is waited on has."""
    until = due(order, **given)
    assert until is not None
    assert order.waiting_since is not None
    return until - order.waiting_since


@pytest.mark.parametrize(
    ("state", "days"),
    [
        (State.INTENTION, 2),
        (State.CONTRACT_SIGNED, 7),
        (State.DEPOSIT_PAID, 3),
        (State.READY_TO_SHIP, 7),
        (State.SHIPPED, 7),
    ],
)
def test_each_step_has_the_time_that_is_agreed_for_it(state: State, days: int) -> None:
    assert within(an_order(state)) == days * DAY


def test_nobody_agreed_to_submit_and_nothing_is_due_of_what_ended() -> None:
    assert due(an_order(State.DRAFT)) is None
    assert due(an_order(State.COMPLETED)) is None


def test_a_contract_can_be_signed_until_its_terms_end() -> None:
    order = an_order(State.CONFIRMED)
    order.contract = "enterprises/acme/contracts/c1"
    order.advance()
    assert order.waiting_task == "sign the contract"
    assert order.terms is not None
    assert due(order) == order.terms.valid_until


def test_goods_are_due_the_lead_time_after_production_was_cleared_whenever_it_started() -> None:
    order = an_order(State.DEPOSIT_PAID)
    assert order.terms is not None
    cleared = order.waiting_since
    assert cleared is not None
    promised = cleared + order.terms.lead_time_days * DAY
    order.waiting_since, order.waiting_task = cleared + 5 * DAY, "finish a batch"
    assert due(order) == order.promised_at == promised
    assert due(order, task_days={"finish a batch": 3}) == cleared + 8 * DAY


def test_a_purchase_intention_is_never_due_after_it_expires() -> None:
    order = an_order(State.INTENTION)
    assert due(order, vendor_days=30) == order.expires_at


def test_a_task_may_take_another_time_than_its_party_usually_does() -> None:
    order = an_order(State.INTENTION)
    assert within(order, task_days={"confirm the price": 1}) == DAY
    assert within(order, vendor_days=4) == 4 * DAY


@pytest.mark.parametrize("days", [{"confirm the weather": 1}, {"confirm the price": 0}])
def test_a_time_for_what_is_no_task_or_no_time_at_all_is_not_taken(days: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        settings(task_days=days)


def test_whatever_an_order_waits_for_can_have_a_time() -> None:
    waited = {an_order(state).waiting_task for state in State} - {""}
    assert waited <= TASKS
    assert an_order_of_licenses().waiting_task in TASKS


def test_nothing_is_due_of_what_is_held_and_everybody_gets_that_time_back() -> None:
    order = an_order(State.DEPOSIT_PAID)
    promised = order.promised_at
    assert promised is not None
    life.hold(order, by=BM, reason="The panel changes.")
    assert due(order) is None
    with time_machine.travel(now() + 10 * DAY):
        life.release(order, reason="It is settled.")
        assert within(order) == 3 * DAY
        assert order.promised_at is not None
        assert order.promised_at - promised >= 10 * DAY


def test_a_purchase_intention_that_was_held_does_not_expire_the_moment_it_goes_on() -> None:
    order = an_order(State.INTENTION)
    life.hold(order, by=BM, reason="The panel changes.")
    with time_machine.travel(now() + 20 * DAY):
        life.release(order, reason="It is settled.")
        assert order.expires_at is not None
        assert order.expires_at > now() + 10 * DAY
