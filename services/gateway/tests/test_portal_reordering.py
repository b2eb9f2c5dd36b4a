"""Ordering again from the portal: known first is what cannot be had any more."""

import pytest
from millrun.authorization.v1.account_pb2 import Role
from millrun.ordering.v1.filling_pb2 import LeftOutLine
from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import ListOrdersResponse, ReorderOrderResponse

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import ORDER, PRODUCT, an_order, furnish
from shared.errors import Disallowed
from shared.testing.pages import Browser

NEW = f"{ACME}/orders/8"


class Ended(Disallowed):
    """Acme is not certified any more."""

    fix = "Ask your administrator."


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers |= {
        "GetOrder": lambda request: an_order(
            name=request.name,
            state=Order.DRAFT if request.name == NEW else Order.COMPLETED,
        ),
        "ReorderOrder": ReorderOrderResponse(order=an_order(name=NEW, state=Order.DRAFT)),
    }


def left_out() -> LeftOutLine:
    line = LeftOutLine(line_no=1, product=PRODUCT, pid="ws3gacme01", quantity=2000)
    line.display_name, line.message, line.fix = "Old <lamp>", "It is <gone>.", "Ask Ada."
    return line


def test_what_can_all_be_had_is_one_click_from_order_and_list(house: House, chen: Browser) -> None:
    for place in ("/orders/7", "/orders"):
        made = chen.fill(place, "/orders/7/reorder")
        assert made.url.path == "/orders/8"
        assert "A new order like MR-2026-000007, at the prices of today" in made.text
        tried, asked = [each for name, each in house.asked if name == "ReorderOrder"][-2:]
        assert (tried.validate_only, asked.validate_only) == (True, False)
        assert asked.name == ORDER
        assert asked.request_id


def test_what_cannot_be_had_is_shown_with_the_reason_before_anything_is_made(
    house: House, chen: Browser
) -> None:
    draft = an_order(name=NEW, state=Order.DRAFT)
    house.answers["ReorderOrder"] = ReorderOrderResponse(order=draft, left_out=[left_out()])
    shown = chen.fill("/orders/7", "/orders/7/reorder")
    assert house.was_asked("ReorderOrder") == 1
    for said in ("Old &lt;lamp&gt;", "It is &lt;gone&gt;.", "Ask Ada.", "1 of 1 lines"):
        assert said in shown.text
    assert 'href="/products/acme/ws3gacme01/why"' in shown.text
    made = chen.submit(shown, "/orders/7/reorder")
    assert made.url.path == "/orders/8"
    assert not house.request("ReorderOrder").validate_only


def test_why_it_cannot_be_had_is_chinese_in_chinese_words_within_it_too(
    house: House, chen: Browser
) -> None:
    said = left_out()
    said.reason = "DEVELOPMENT_COMPLETED"
    said.facts.update(pid=said.pid, lifecycle="trial production", purpose="an R&D sample")
    draft = an_order(name=NEW, state=Order.DRAFT)
    house.answers["ReorderOrder"] = ReorderOrderResponse(order=draft, left_out=[said])
    chen.headers["accept-language"] = "zh"
    shown = chen.fill("/orders/7", "/orders/7/reorder").text
    assert "产品 ws3gacme01 处于试产阶段：研发样品只能在开发阶段订购。" in shown


def test_a_service_that_cannot_be_had_is_no_line(house: House, chen: Browser) -> None:
    draft, without = an_order(name=NEW, state=Order.DRAFT), left_out()
    without.service_display_name = "Labels <own>"
    house.answers["ReorderOrder"] = ReorderOrderResponse(order=draft, left_out=[without])
    shown = chen.fill("/orders/7", "/orders/7/reorder").text
    assert "Every line can be ordered again, but not every service on it." in shown
    assert "without Labels &lt;own&gt;" in shown
    assert "1 of 1 lines" not in shown


def test_where_nothing_can_be_had_nothing_is_offered(house: House, chen: Browser) -> None:
    empty = Order(name=NEW, state=Order.DRAFT)
    house.answers["ReorderOrder"] = ReorderOrderResponse(order=empty, left_out=[left_out()])
    shown = chen.fill("/orders/7", "/orders/7/reorder")
    assert "so no new one is made" in shown.text
    assert 'action="/orders/7/reorder"' not in shown.text


def test_a_refusal_is_shown_on_the_order(house: House, chen: Browser) -> None:
    house.answers["ReorderOrder"] = Ended()
    refused = chen.fill("/orders", "/orders/7/reorder")
    assert refused.status_code == 409
    assert "Acme is not certified any more." in refused.text
    assert "MR-2026-000007" in refused.text


def test_drafts_and_the_orders_of_others_are_not_ordered_again(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse(
        orders=[an_order(name="enterprises/bora/orders/9"), an_order(state=Order.DRAFT)]
    )
    assert "/reorder" not in chen.get("/orders").text


def test_who_cannot_order_is_not_offered_to(house: House, stranger: Browser) -> None:
    house.roles = [Role.ADMINISTRATOR]
    stranger.fill("/sign-in", email="chen@acme.example", password="correct horse")
    for place in ("/orders/7", "/orders"):
        shown = stranger.get(place)
        assert shown.status_code == 200
        assert "/reorder" not in shown.text
