"""The list of orders: its filters stand in the address, each can be taken off, and it can be taken
away as a file."""

import pytest
from google.api.httpbody_pb2 import HttpBody
from google.type.money_pb2 import Money
from millrun.catalog.v1.catalog_pb2 import ListProductOwnersResponse
from millrun.catalog.v1.product_pb2 import ProductOwner
from millrun.ordering.v1.ordering_pb2 import ExportOrdersRequest, ListOrdersResponse

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import an_order, furnish
from shared.errors import Malformed
from shared.testing.pages import Browser

EVERYTHING = (
    "q=PO-7&state=CONFIRMED&state=DRAFT&waiting_on=BUYER&purpose=MASS_PRODUCTION"
    "&family=HARDWARE_MODULE&product=ws3&owner=enterprises/bora&order_no=MR-1&po_no=PO-7"
    "&batch_no=B-1&contract_no=MC-1&submitted_from=2026-01-01&submitted_to=2026-01-31"
    "&created_from=2025-12-01&created_to=2026-02-01&total_from=1,000.50&total_to=2000"
    "&currency=eur&sort=-total"
)


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["ListOrders"] = ListOrdersResponse(orders=[an_order()])


def test_everything_that_stands_in_the_address_is_asked_for(house: House, chen: Browser) -> None:
    assert chen.get(f"/orders?{EVERYTHING}").status_code == 200
    asked = house.request("ListOrders")

    assert (asked.search, list(asked.states), asked.waiting_on) == ("PO-7", [3, 1], 1)
    assert (list(asked.purposes), asked.family, asked.product) == ([4], 1, "ws3")
    assert (asked.owner, asked.order_no, asked.po_no) == ("enterprises/bora", "MR-1", "PO-7")
    assert (asked.customer_batch_no, asked.contract_no) == ("B-1", "MC-1")
    assert asked.submit_time_from.ToJsonString() == "2026-01-01T00:00:00Z"
    assert asked.submit_time_to.ToJsonString() == "2026-02-01T00:00:00Z"
    assert asked.create_time_to.ToJsonString() == "2026-02-02T00:00:00Z"
    assert asked.total_from == Money(currency_code="EUR", units=1000, nanos=500_000_000)
    assert asked.total_to == Money(currency_code="EUR", units=2000)
    assert asked.order_by == "total desc"


@pytest.mark.parametrize("form", ["format=XLSX&rows=LINES", "format=CSV&rows=ORDERS"])
def test_the_same_orders_come_as_a_file(house: House, chen: Browser, form: str) -> None:
    kind = (
        "text/csv"
        if "CSV" in form
        else "application/vnd.openxmlformats-officedocument" + (".spreadsheetml.sheet")
    )
    house.answers["ExportOrders"] = [HttpBody(content_type=kind, data=b"a,"), HttpBody(data=b"b")]
    file = chen.get(f"/orders/export?{form}&{EVERYTHING}")
    asked, listed = house.request("ExportOrders"), ExportOrdersRequest()
    listed.CopyFrom(asked)

    assert file.content == b"a,b"
    called = "order-lines-" if "LINES" in form else "'orders-"
    assert called in file.headers["content-disposition"]
    assert ("xlsx" if "XLSX" in form else "csv") in file.headers["content-disposition"]
    assert (asked.parent, asked.search, asked.order_by) == (ACME, "PO-7", "total desc")
    assert asked.format == (ExportOrdersRequest.XLSX if "XLSX" in form else ExportOrdersRequest.CSV)
    assert (asked.rows == ExportOrdersRequest.LINES) is ("LINES" in form)


def test_a_filter_that_is_on_is_shown_and_taken_off(house: House, chen: Browser) -> None:
    owners = [
        ProductOwner(owner=ACME, legal_name="Acme"),
        ProductOwner(owner="enterprises/bora", legal_name="Bora Ltd"),
    ]
    house.answers["ListProductOwners"] = ListProductOwnersResponse(owners=owners)
    html = chen.get("/orders?state=CONFIRMED&state=DRAFT&owner=enterprises/bora&page_token=x").text

    assert 'href="/orders?state=DRAFT&amp;owner=enterprises%2Fbora"' in html
    assert 'href="/orders?state=CONFIRMED&amp;state=DRAFT"' in html
    assert "<strong>Bora Ltd</strong>" in html
    assert "/orders/export?format=CSV&amp;rows=LINES&amp;state=CONFIRMED&amp;state=DRAFT" in html
    assert html.count('name="state" value="CONFIRMED" checked') == 1


def test_nothing_found_says_what_to_do(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse()
    filtered, empty = chen.get("/orders?q=PO-9").text, chen.get("/orders").text

    assert "Take a filter off" in filtered
    assert "/orders/export" not in filtered
    assert "Purchase your first module" in empty


@pytest.mark.parametrize(("typed", "short"), [("29", True), ("PO 滨江", True), ("029", False)])
def test_who_finds_nothing_by_two_characters_is_told_to_type_one_more(
    house: House, chen: Browser, typed: str, short: bool
) -> None:
    house.answers["ListOrders"] = ListOrdersResponse()
    html = chen.get("/orders", params={"q": typed}).text
    assert ("Two characters are looked for where a word begins" in html) is short


@pytest.mark.parametrize(
    ("typed", "field"),
    [("total_from=lots", "total_from"), ("submitted_to=yesterday", "submitted_to")],
)
def test_what_was_typed_wrong_is_said_beside_its_field(
    house: House, chen: Browser, typed: str, field: str
) -> None:
    shown = chen.get(f"/orders?{typed}")

    assert shown.status_code == 400
    assert f'id="{field}-error"' in shown.text


class TurnedRound(Malformed):
    """The range of total ends before it begins."""


def test_a_refused_filter_keeps_what_was_chosen(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = TurnedRound()
    shown = chen.get("/orders?total_from=2&total_to=1")

    assert shown.status_code == 400
    assert "ends before it begins" in shown.text
    assert 'value="2"' in shown.text
    part = chen.get("/orders?total_from=2&total_to=1", headers={"hx-request": "true"})
    assert (part.status_code, "ends before it begins" in part.text) == (200, True)


def test_what_is_still_being_typed_is_not_searched_for(house: House, chen: Browser) -> None:
    chen.get("/orders?q=M")
    assert house.request("ListOrders").search == ""
    chen.get("/orders?q=MR")
    assert house.request("ListOrders").search == "MR"


def test_the_last_day_of_the_calendar_is_a_day(house: House, chen: Browser) -> None:
    assert chen.get("/orders?submitted_to=9999-12-31").status_code == 200
    assert house.request("ListOrders").submit_time_to.ToJsonString() == "9999-12-31T00:00:00Z"
