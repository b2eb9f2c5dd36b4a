"""What is decided about an order, over the wire: who may, and what it leaves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from google.type.money_pb2 import Money
from millrun.ordering.v1 import events_pb2
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.tests.builders import BM, LAMP, PLUG
from services.ordering.tests.desk import (
    ADMIN,
    BUYER,
    ENGINEER,
    FACTORY,
    FINANCE,
    MANAGER,
    OTHER_MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from shared.caller import Caller, Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.testing.callers import caller
from shared.testing.crowds import at_once
from shared.wire import time_message

Ask = Callable[..., pb.Order]
CNY_8 = Money(currency_code="CNY", units=8)


def confirm_price(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    return desk.ask(who).ConfirmPrice(rpc.ConfirmPriceRequest(name=name, **more))


def confirm_software(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    return desk.ask(who).ConfirmSoftware(rpc.ConfirmSoftwareRequest(name=name, **more))


EVE = caller(Role.PROJECT_MANAGER, account="accounts/eve")


def test_an_order_goes_to_who_has_the_project_of_its_product_and_is_told_so(desk: Desk) -> None:
    desk.authorization.project_managers = {PLUG: EVE.account}
    order = desk.submitted((PLUG, 100))

    assert order.project_manager == EVE.account
    assert desk.letters()[-1].data["purchaseOrder"]["projectManager"] == EVE.account
    with pytest.raises(Forbidden):
        confirm_software(desk, ENGINEER, order.name)
    assert confirm_software(desk, EVE, order.name).gates.software == pb.PASSED


def reject(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    request = rpc.RejectOrderRequest(name=name, reason="Not made any more.", **more)
    return desk.ask(who).RejectOrder(request)


def replace(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    return desk.ask(who).ReplaceOrder(rpc.ReplaceOrderRequest(name=name, **more))


def cancel(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    request = rpc.CancelOrderRequest(name=name, reason="A mistake.", **more)
    return desk.ask(who).CancelOrder(request)


def hold(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    request = rpc.HoldOrderRequest(name=name, reason="The address is not clear.", **more)
    return desk.ask(who).HoldOrder(request)


def release(desk: Desk, who: Caller, name: str, **more: Any) -> pb.Order:
    request = rpc.ReleaseOrderRequest(name=name, reason="It is clear now.", **more)
    return desk.ask(who).ReleaseOrder(request)


MAY: list[tuple[Ask, set[Caller]]] = [
    (confirm_price, {MANAGER}),
    (confirm_software, {ENGINEER}),
    (reject, {MANAGER, ENGINEER}),
    (replace, {BUYER, RND}),
    (cancel, {BUYER, RND}),
    (hold, {MANAGER, OTHER_MANAGER, ENGINEER, FINANCE}),
    (release, {MANAGER, OTHER_MANAGER, ENGINEER, FINANCE}),
]
WHO: dict[Ask, Caller] = {confirm_software: ENGINEER, replace: BUYER, cancel: BUYER}
EVERYBODY = [BUYER, RND, ADMIN, MANAGER, OTHER_MANAGER, ENGINEER, FINANCE, FACTORY]


def test_both_confirmations_confirm_the_order_with_its_prices_and_terms(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), (LAMP, 1000))
    until = time_message(now() + timedelta(days=10))
    order = confirm_price(
        desk,
        MANAGER,
        order.name,
        prices=[rpc.LinePrice(line_no=2, unit_price=CNY_8, reason="Agreed.")],
        deposit_percent=40,
        lead_time_days=12,
        valid_until=until,
        etag=order.etag,
    )
    assert (order.state, order.gates.price) == (pb.Order.INTENTION, pb.PASSED)
    assert order.total.units == 8950
    order = confirm_software(desk, ENGINEER, order.name, etag=order.etag)

    assert order == desk.get(order, MANAGER)
    assert order.state == pb.Order.CONFIRMED
    assert (order.terms.deposit_percent, order.terms.lead_time_days) == (40, 12)
    assert order.terms.valid_until == until
    assert order.waiting_on.party == pb.WaitingOn.SYSTEM
    assert desk.told() == [
        "OrderSubmitted",
        "OrderPriceConfirmed",
        "OrderSoftwareConfirmed",
        "OrderConfirmed",
    ]
    confirmed = desk.letters()[-1].open()
    assert isinstance(confirmed, events_pb2.OrderConfirmed)
    assert confirmed.price_confirmed_by == BM
    assert confirmed.purchase_order.terms == order.terms
    assert confirmed.purchase_order.total == order.total
    assert confirmed.purchase_order.snapshot_digest == order.snapshot_digest


def test_terms_that_are_not_given_are_the_vendors_usual_ones(desk: Desk) -> None:
    order = desk.submitted()
    order = confirm_price(desk, MANAGER, order.name)

    assert (order.terms.deposit_percent, order.terms.lead_time_days) == (30, 21)
    assert order.total.units == 950


@pytest.mark.parametrize(("ask", "may"), MAY, ids=lambda value: getattr(value, "__name__", ""))
def test_only_those_may_who_should(desk: Desk, ask: Ask, may: set[Caller]) -> None:
    for who in EVERYBODY:
        order = desk.submitted()
        if ask is release:
            hold(desk, FINANCE, order.name)
        before = desk.get(order)
        if who in may:
            ask(desk, who, order.name)
        else:
            with pytest.raises(Forbidden):
                ask(desk, who, order.name)
            assert desk.get(order) == before


def test_who_is_not_assigned_is_told_who_is(desk: Desk) -> None:
    order = desk.submitted()
    with pytest.raises(Forbidden) as refused:
        confirm_price(desk, OTHER_MANAGER, order.name)

    assert (refused.value.reason, refused.value.facts["assigned"]) == ("NOT_ASSIGNED", "Bo Manager")
    assert refused.value.remedy.startswith("Ask Bo Manager to do it")


@pytest.mark.parametrize("ask", [ask for ask, _ in MAY], ids=lambda ask: ask.__name__)
def test_a_stale_version_changes_nothing(desk: Desk, ask: Ask) -> None:
    order = desk.submitted()
    who = WHO.get(ask, MANAGER)
    with pytest.raises(Outdated, match="changed since you read it"):
        ask(desk, who, order.name, etag="99")
    assert desk.get(order) == order


@pytest.mark.parametrize("ask", [ask for ask, _ in MAY], ids=lambda ask: ask.__name__)
def test_a_repeated_request_gets_the_first_answer(desk: Desk, ask: Ask) -> None:
    order, request = desk.submitted(), request_id()
    if ask is release:
        hold(desk, MANAGER, order.name)
    who = WHO.get(ask, MANAGER)
    first = ask(desk, who, order.name, request_id=request)
    told = desk.told()

    assert ask(desk, who, order.name, request_id=request) == first
    assert desk.told() == told


def test_a_replacement_is_a_new_draft_and_both_are_linked(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), (LAMP, 1000))
    draft = replace(desk, RND, order.name)
    old = desk.get(order)

    assert (draft.state, draft.replaces, draft.buyer) == (
        pb.Order.DRAFT,
        order.name,
        RND.account,
    )
    assert (old.state, old.replaced_by) == (pb.Order.REPLACED, draft.name)
    assert not old.HasField("waiting_on")
    assert [(line.pid, line.quantity) for line in draft.lines] == [("plug16", 100), ("lamp9", 1000)]
    assert draft.form == order.form
    assert draft.order_no != order.order_no
    assert desk.submit(draft).state == pb.Order.INTENTION


def test_a_hold_is_shown_with_who_and_why_and_keeps_the_state(desk: Desk) -> None:
    order = desk.submitted()
    held = hold(desk, FINANCE, order.name)

    assert (held.hold.reason, held.hold.actor) == ("The address is not clear.", FINANCE.account)
    assert held.state == pb.Order.INTENTION
    with pytest.raises(Disallowed, match="The address is not clear"):
        confirm_price(desk, MANAGER, order.name)
    assert not release(desk, ENGINEER, order.name).HasField("hold")
    assert desk.told() == ["OrderSubmitted", "OrderHeld", "OrderReleased"]


def test_a_rejection_needs_a_reason(desk: Desk) -> None:
    order = desk.submitted()
    with pytest.raises(Malformed, match="reason"):
        desk.ask(MANAGER).RejectOrder(rpc.RejectOrderRequest(name=order.name))


def test_prices_have_to_make_sense(desk: Desk) -> None:
    order = desk.submitted()
    twice = [rpc.LinePrice(line_no=1, unit_price=CNY_8, reason="Agreed.")] * 2
    free = [rpc.LinePrice(line_no=1, unit_price=Money(currency_code="CNY"))]
    silent = [rpc.LinePrice(line_no=1, unit_price=CNY_8)]
    for prices in (twice, free, silent):
        with pytest.raises(Malformed):
            confirm_price(desk, MANAGER, order.name, prices=prices)
    with pytest.raises(NotFound):
        confirm_price(
            desk, MANAGER, order.name, prices=[rpc.LinePrice(line_no=9, unit_price=CNY_8)]
        )


def test_a_wrong_state_is_refused_in_words(desk: Desk) -> None:
    order = desk.create()
    with pytest.raises(Disallowed) as refused:
        confirm_price(desk, MANAGER, order.name)

    assert refused.value.reason == "ORDER_CANNOT_BE"
    assert str(refused.value) == (
        f"Order {order.order_no} is a draft and cannot be confirmed in price;"
        " that is possible while it is submitted."
    )


def test_a_draft_that_is_in_nobodys_hands_is_said_to_be_a_draft(desk: Desk) -> None:
    order, ask = desk.create(), desk.ask(MANAGER)
    change = rpc.OrderChange(line_no=1, quantity=200)
    for decide in (
        lambda: ask.AcceptCancellation(rpc.AcceptCancellationRequest(name=order.name)),
        lambda: ask.DeclineCancellation(
            rpc.DeclineCancellationRequest(name=order.name, reason="It is made.")
        ),
        lambda: ask.ProposeAmendment(
            rpc.ProposeAmendmentRequest(name=order.name, reason="More.", changes=[change])
        ),
    ):
        with pytest.raises(Disallowed, match=f"{order.order_no} is a draft and cannot be"):
            decide()


def test_many_who_confirm_at_once_confirm_once(desk: Desk) -> None:
    order = desk.submitted()
    outcomes = at_once(lambda _: confirm_price(desk, MANAGER, order.name), 8)

    assert sum(isinstance(outcome, pb.Order) for outcome in outcomes) == 1
    assert all(isinstance(each, pb.Order | Outdated | Disallowed) for each in outcomes)
    assert desk.told().count("OrderPriceConfirmed") == 1


def test_the_same_submit_by_many_at_once_tells_once(desk: Desk) -> None:
    order, request = desk.create(), request_id()
    outcomes = at_once(lambda _: desk.submit(order, request_id=request), 8)

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert desk.told() == ["OrderSubmitted"]


def test_i8_a_stranger_finds_nothing_to_replace(desk: Desk) -> None:
    order = desk.submitted()
    with pytest.raises(NotFound):
        replace(desk, STRANGER, order.name)
