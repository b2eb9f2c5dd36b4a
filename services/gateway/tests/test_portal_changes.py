"""The page to change an order on offers what can still be changed, and says why the rest stays."""

import pytest
from google.protobuf.json_format import MessageToDict
from millrun.ordering.v1.amending_pb2 import Amendment, Difference
from millrun.ordering.v1.ending_pb2 import Liability
from millrun.ordering.v1.order_pb2 import Order

from services.gateway.tests.house import House
from services.gateway.tests.papers import an_order, furnish
from shared.testing.pages import Browser

CHANGE = "/orders/7/change"
LINES, DATE, ADDRESS = 'name="quantity_1"', 'name="delivery_date"', 'name="street"'
EVERYTHING = {LINES, DATE, ADDRESS}
TOLD = "Production was told what to make"


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)


@pytest.mark.parametrize(
    ("state", "offered", "why"),
    [
        (Order.INTENTION, EVERYTHING, ""),
        (Order.CONTRACT_SIGNED, EVERYTHING, ""),
        (Order.DEPOSIT_PAID, {DATE, ADDRESS}, TOLD),
        (Order.IN_PRODUCTION, {DATE, ADDRESS}, TOLD),
        (Order.READY_TO_SHIP, {ADDRESS}, "It is made already."),
        (Order.SHIPPED, set(), "It is on its way."),
        (Order.CANCELLED, set(), "It has ended."),
        (Order.DRAFT, set(), "It is a draft"),
    ],
)
def test_what_cannot_be_changed_any_more_is_no_field_and_says_why(
    house: House, chen: Browser, state: "Order.State.ValueType", offered: set[str], why: str
) -> None:
    house.answers["GetOrder"] = an_order(state=state)
    html = chen.get(CHANGE).text
    assert {field for field in EVERYTHING if field in html} == offered
    assert why in html
    assert ("why-change-the-order" in html) is (not offered), "the button says why, too"


def test_what_was_no_field_is_left_as_it_is(house: House, chen: Browser) -> None:
    order = an_order(state=Order.IN_PRODUCTION)
    house.answers |= {"GetOrder": order, "AmendOrder": order}
    place = order.form.delivery_address
    typed = {"recipient": place.recipient, "street": "9 Quay Street", "city": place.city}
    chen.fill(CHANGE, "", **typed, delivery_date="", reason="We moved.")
    [change] = house.request("AmendOrder").changes
    assert list(MessageToDict(change)) == ["deliveryAddress"]

    chen.fill(CHANGE, "", delivery_date="2099-01-01", reason="Later.")
    [change] = house.request("AmendOrder").changes
    assert list(MessageToDict(change)) == ["deliveryDate"]


def test_a_chinese_reader_is_told_why_in_chinese(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order(state=Order.IN_PRODUCTION)
    html = chen.get(CHANGE, headers={"accept-language": "zh"}).text
    assert "生产已下达" in html
    assert TOLD not in html


def test_who_cannot_ask_to_end_an_order_is_told_so_and_asked_for_no_reason(
    house: House, chen: Browser
) -> None:
    house.answers |= {
        "GetOrder": an_order(),
        "GetLiability": Liability(stage=Liability.SIGNED, percent=5),
    }
    assert 'name="reason"' in chen.get("/orders/7/end").text
    house.answers["GetLiability"] = Liability()
    html = chen.get("/orders/7/end").text
    assert 'name="reason"' not in html
    assert 'disabled aria-describedby="why-ask-to-end-the-order"' in html


@pytest.mark.parametrize(
    ("state", "suffices", "signed"),
    [
        (Order.CONFIRMED, True, "the contract, in its next version"),
        (Order.CONTRACT_SIGNED, True, "an addendum to the contract"),
        (Order.CONTRACT_SIGNED, False, "the contract, anew"),
    ],
)
def test_a_change_says_what_is_to_be_signed_for_it(
    house: House, chen: Browser, state: "Order.State.ValueType", suffices: bool, signed: str
) -> None:
    order = an_order(state=state)
    order.amendment.CopyFrom(Amendment(to_be_signed=True, addendum_suffices=suffices))
    house.answers["GetOrder"] = order
    assert signed in chen.get("/orders/7").text


def test_a_change_of_the_address_says_that_goods_stay_until_it_is_signed(
    house: House, chen: Browser
) -> None:
    order = an_order(state=Order.READY_TO_SHIP)
    address = Difference(field="form.delivery_address", before="Road 1", after="Road 2")
    order.amendment.CopyFrom(
        Amendment(to_be_signed=True, addendum_suffices=True, changes=[address])
    )
    house.answers["GetOrder"] = order
    said = "an addendum to the contract; nothing is shipped before"
    assert said in chen.get("/orders/7").text
    order.amendment.changes[0].field = "form.invoice_title"
    assert said not in chen.get("/orders/7").text
