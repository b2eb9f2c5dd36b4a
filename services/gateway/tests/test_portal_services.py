"""Services on top are chosen with the product, on the draft, and later (R22, R25)."""

import re

import pytest
from millrun.catalog.v1.catalog_pb2 import ListValueAddedServicesResponse
from millrun.ordering.v1 import order_pb2
from millrun.ordering.v1.order_pb2 import Order
from millrun.ordering.v1.ordering_pb2 import ListOrdersResponse

from services.gateway.tests.house import House
from services.gateway.tests.papers import an_order, furnish
from shared.errors import Disallowed
from shared.testing.on_top import BURN_IN, LABELS, labels
from shared.testing.pages import Browser

CHOOSE = "/orders/7/lines/1/services"


class ServiceBelowMinimum(Disallowed):
    """Burn-in is done to 5,000 units or more, and line 1 has 2,000."""

    fix = "Order 5,000 or more."


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["GetOrder"] = house.answers["ChangeOrderLineServices"] = a_draft()


def a_draft(**more: object) -> Order:
    return an_order(**{"state": Order.DRAFT, "purpose": order_pb2.MASS_PRODUCTION, **more})


def ticks(html: str) -> dict[str, tuple[bool, bool]]:
    """Return of each service whether it is ticked, and whether it can be."""
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*value="(valueAdded[^"]*)"([^>]*)>', html)
    return {name: ("checked" in rest, "disabled" not in rest) for name, rest in boxes}


def test_a_draft_shows_its_services_and_where_to_choose_them(chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert "Custom &lt;label&gt;" in html
    assert "CNY\u00a050.00 once for the line" in html
    assert "no setup fee; list CNY\u00a0300.00" in html
    assert f'href="{CHOOSE}"' in html


def test_samples_and_licences_offer_none(house: House, chen: Browser) -> None:
    for other in ({"purpose": order_pb2.RND_SAMPLE}, {"family": order_pb2.LICENSE}):
        house.answers["GetOrder"] = a_draft(**other)
        assert CHOOSE not in chen.get("/orders/7").text


def test_what_cannot_be_had_says_why(chen: Browser) -> None:
    html = chen.get(CHOOSE).text
    assert ticks(html) == {LABELS: (True, True), BURN_IN: (False, False)}
    assert "For 5,000 pieces or more." in html


def test_what_is_ticked_is_on_the_line_and_nothing_else(house: House, chen: Browser) -> None:
    arrived = chen.fill(CHOOSE, service=BURN_IN, etag="4")
    asked = house.request("ChangeOrderLineServices")
    assert (asked.line_no, list(asked.services), asked.etag) == (1, [BURN_IN], "4")
    assert arrived.url.path == "/orders/7"


def test_what_ordering_refuses_is_said_on_the_page(house: House, chen: Browser) -> None:
    house.answers["ChangeOrderLineServices"] = ServiceBelowMinimum()
    html = chen.fill(CHOOSE, service=BURN_IN).text
    assert "Burn-in is done to 5,000 units or more" in html
    assert "Order 5,000 or more." in html


def test_a_service_that_is_not_sold_any_more_can_be_taken_off(house: House, chen: Browser) -> None:
    house.answers["ListValueAddedServices"] = ListValueAddedServicesResponse()
    html = chen.get(CHOOSE).text
    assert ticks(html) == {LABELS: (True, True)}
    assert "It is not sold any more." in html


def test_a_module_without_services_says_so(house: House, chen: Browser) -> None:
    house.answers["ListValueAddedServices"] = ListValueAddedServicesResponse()
    order = a_draft()
    del order.lines[0].services[:]
    house.answers["GetOrder"] = order
    assert "There is no service for this module." in chen.get(CHOOSE).text


def test_a_line_that_was_removed_is_not_there(chen: Browser) -> None:
    assert chen.get("/orders/7/lines/9/services").status_code == 404


def test_services_are_added_with_the_product(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse()
    house.answers["CreateOrder"] = a_draft()
    html = chen.get(f"/purchase?service={LABELS}").text
    assert ticks(html) == {LABELS: (True, True), BURN_IN: (False, True)}
    chen.fill("/purchase", quantity="2,000", purpose="MASS_PRODUCTION", service=LABELS)
    (line,) = house.request("CreateOrder").order.lines
    assert [each.service for each in line.services] == [LABELS]


def test_the_products_page_leads_to_the_purchase_with_what_is_ticked(chen: Browser) -> None:
    html = chen.get("/products/acme/ws3gacme01").text
    assert '<form method="get" action="/purchase">' in html
    assert ticks(html) == {LABELS: (False, True), BURN_IN: (False, True)}


def test_services_of_a_submitted_order_are_changed_with_the_rest(
    house: House, chen: Browser
) -> None:
    order = a_draft(state=Order.CONFIRMED)
    house.answers["GetOrder"] = house.answers["AmendOrder"] = order
    fields = {"quantity_1": "2000", "street": "8 Wensan Road", "city": "Hangzhou"}
    given = {**fields, "reason": "Needed.", "offered_1": "yes"}
    chen.fill("/orders/7/change", **given, services_1=BURN_IN)
    (change,) = house.request("AmendOrder").changes
    assert (change.line_no, list(change.services.services)) == (1, [BURN_IN])
    chen.fill("/orders/7/change", **given, services_1=LABELS)
    assert not house.request("AmendOrder").changes


def test_what_was_agreed_on_is_shown_at_that_price(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft(state=Order.CONFIRMED)
    html = chen.get("/orders/7/change").text
    assert ticks(html) == {LABELS: (True, True), BURN_IN: (False, False)}
    assert "CNY\u00a00.10 a piece" in html
    assert "CNY\u00a0300.00 to set it up" not in html


def test_without_the_catalogue_nothing_is_taken_off_by_a_change(
    house: House, chen: Browser
) -> None:
    house.answers["GetOrder"] = house.answers["AmendOrder"] = a_draft(state=Order.CONFIRMED)
    house.answers["ListValueAddedServices"] = ServiceBelowMinimum()
    chen.fill("/orders/7/change", quantity_1="3000", street="8 Wensan Road", city="Hangzhou")
    (change,) = house.request("AmendOrder").changes
    assert change.quantity == 3000


def test_an_earlier_setup_is_named(house: House, chen: Browser) -> None:
    order = a_draft()
    order.lines[0].services[0].CopyFrom(labels(setup_order_no="MR-2025-000001"))
    house.answers["GetOrder"] = order
    assert "set up with order MR-2025-000001 already" in chen.get("/orders/7").text
