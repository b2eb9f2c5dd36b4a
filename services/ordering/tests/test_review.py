"""What the vendor's people decide (transitions 4-7)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.ordering.domain import life, review
from services.ordering.domain.errors import (
    BadDeposit,
    BadLeadTime,
    BadPrice,
    FirmwareRetiredMeanwhile,
    LineNotFound,
    NotAssigned,
    NotYourProject,
    OrderIsHeld,
    PriceConfirmedAlready,
    SoftwareConfirmedAlready,
    ValidityOver,
)
from services.ordering.domain.events import OrderConfirmed, OrderPriceConfirmed
from services.ordering.domain.gates import Gate
from services.ordering.domain.words import Party, State
from services.ordering.tests.builders import (
    BM,
    LAMP,
    PLUG,
    PM,
    a_draft,
    an_assortment,
    an_order,
    cny,
    confirm_price,
    confirm_software,
    kinds,
    submit,
    told,
)
from shared.clock import now
from shared.errors import Refusal
from shared.money import Money


def test_the_price_is_the_list_price_unless_another_is_given() -> None:
    order = an_order()
    confirm_price(order, prices={2: cny("8.00")})

    assert [line.unit_price for line in order.lines] == [cny("9.50"), cny("8.00")]
    [event] = told(order)
    assert event == OrderPriceConfirmed(
        order=order.name,
        order_no=order.order_no,
        total=cny("8950.00"),
        business_manager=BM,
        deputy_for="",
    )
    assert order.state is State.INTENTION


def test_terms_that_are_not_given_are_the_usual_ones() -> None:
    order = an_order()
    agreed = review.terms(order, usual=review.Usual(deposit_percent=30, validity=timedelta(30)))

    assert (agreed.deposit_percent, agreed.lead_time_days) == (30, 21)
    assert timedelta(29) < agreed.valid_until - now() <= timedelta(30)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"deposit_percent": 101}, BadDeposit),
        ({"deposit_percent": -1}, BadDeposit),
        ({"lead_time_days": -1}, BadLeadTime),
        ({"lead_time_days": 1001}, BadLeadTime),
        ({"valid_until": now() - timedelta(seconds=1)}, ValidityOver),
        ({"valid_until": now() + timedelta(days=4000)}, ValidityOver),
        ({"prices": {1: cny("0")}}, BadPrice),
        ({"prices": {1: cny("-1")}}, BadPrice),
        ({"prices": {1: cny("0.000000001")}}, BadPrice),
        ({"prices": {1: cny("10000000.01")}}, BadPrice),
        ({"prices": {1: Money("USD", cny("1").amount)}}, BadPrice),
        ({"prices": {9: cny("1")}}, LineNotFound),
    ],
)
def test_terms_and_prices_have_to_make_sense(asked: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        confirm_price(an_order(), **asked)


@pytest.mark.parametrize("price_first", [True, False])
def test_a24_both_confirmations_in_either_order_confirm_the_order(price_first: bool) -> None:
    order = an_order()
    steps = [confirm_price, confirm_software]
    for step in steps if price_first else reversed(steps):
        assert order.state is State.INTENTION
        step(order)

    assert order.state is State.CONFIRMED
    *_, last = told(order)
    assert isinstance(last, OrderConfirmed)
    assert last.purchase_order.terms == order.terms
    assert last.purchase_order.snapshot_digest == order.snapshot_digest
    assert last.price_confirmed_by == BM


def test_the_business_manager_is_waited_for_first_then_the_project_manager() -> None:
    order = an_order()
    waits = [order.waiting_on]
    confirm_price(order)
    assert [*waits, order.waiting_on] == [Party.BUSINESS_MANAGER, Party.PROJECT_MANAGER]


def test_only_the_assigned_people_confirm_and_the_refusal_says_who_they_are() -> None:
    with pytest.raises(NotAssigned, match="Bo Manager"):
        confirm_price(an_order(), by=PM)
    with pytest.raises(NotYourProject, match="its own project manager"):
        confirm_software(an_order(), by=BM)
    with pytest.raises(NotAssigned):
        review.reject(an_order(), by="accounts/somebody", reason="No.")


@pytest.mark.parametrize("by", [BM, PM])
def test_both_assigned_people_may_reject_with_a_reason(by: str) -> None:
    order = an_order()
    review.reject(order, by=by, reason="Not made any more.")

    assert (order.state, order.close_reason) == (State.REJECTED, "Not made any more.")
    assert (order.waiting_on, order.expires_at) == (None, None)
    assert kinds(order) == ["OrderRejected"]


def test_nothing_is_confirmed_twice() -> None:
    order = an_order()
    confirm_price(order)
    with pytest.raises(PriceConfirmedAlready):
        confirm_price(order)
    order = an_order()
    confirm_software(order)
    with pytest.raises(SoftwareConfirmedAlready):
        confirm_software(order)


def test_firmware_retired_meanwhile_is_not_confirmed() -> None:
    order = an_order()
    with pytest.raises(FirmwareRetiredMeanwhile, match=r"2\.4\.1"):
        confirm_software(order, retired=frozenset({order.lines[0].firmware}))


def test_a_held_order_is_not_confirmed_until_it_is_released() -> None:
    order = an_order()
    life.hold(order, by=BM, reason="The quantity looks wrong.")
    for confirm in (confirm_price, confirm_software):
        with pytest.raises(OrderIsHeld, match="The quantity looks wrong"):
            confirm(order)
    life.release(order, reason="It is right.")
    confirm_price(order)


def test_a_deputy_confirms_and_both_names_are_kept() -> None:
    order = an_order()
    confirm_price(order, by="accounts/deputy", deputy_of=[BM])

    assert (order.business_manager, order.price_confirmed_by) == (BM, "accounts/deputy")
    [told] = [e for _, e in order.release_events() if isinstance(e, OrderPriceConfirmed)]
    assert (told.business_manager, told.deputy_for) == ("accounts/deputy", BM)


EVE, SAM, STAND_IN = "accounts/eve", "accounts/sam", "accounts/stand-in"


@pytest.mark.parametrize(
    ("projects", "who", "deputy_of", "may"),
    [
        ({}, PM, [], True),
        ({}, EVE, [], False),
        ({PLUG: EVE, LAMP: EVE}, EVE, [], True),
        ({PLUG: EVE, LAMP: EVE}, PM, [], False),
        ({PLUG: EVE, LAMP: EVE}, BM, [], False),
        ({PLUG: EVE, LAMP: EVE}, STAND_IN, [EVE], True),
        ({PLUG: EVE, LAMP: EVE}, STAND_IN, [PM], False),
        # One order has one project manager: of several, and of some, the customer's own.
        ({PLUG: EVE, LAMP: SAM}, PM, [], True),
        ({PLUG: EVE, LAMP: SAM}, EVE, [], False),
        ({PLUG: EVE}, PM, [], True),
        ({PLUG: EVE}, EVE, [], False),
        ({PLUG: PM, LAMP: PM}, PM, [], True),
        # Of products that are not in the order nothing follows.
        ({"enterprises/acme/products/other": EVE}, PM, [], True),
    ],
)
def test_who_has_the_project_of_what_is_ordered_confirms_its_software(
    projects: dict[str, str], who: str, deputy_of: list[str], may: bool
) -> None:
    order = a_draft()
    submit(order, assortment=replace(an_assortment(), project_managers=projects))

    if may:
        confirm_software(order, by=who, deputy_of=deputy_of)
        assert order.gates.software is Gate.PASSED
    else:
        with pytest.raises(NotAssigned):
            confirm_software(order, by=who, deputy_of=deputy_of)


def test_a_deputy_of_somebody_else_is_nobody_here() -> None:
    with pytest.raises(NotAssigned):
        review.reject(an_order(), by="accounts/deputy", deputy_of=["accounts/x"], reason="No.")
    review.reject(an_order(), by="accounts/deputy", deputy_of=[PM], reason="No.")
