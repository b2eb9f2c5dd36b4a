"""Purchase license: added to an order of licences, opened once on the order's page."""

import re
from typing import Any

import pytest
from google.api.httpbody_pb2 import HttpBody
from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesResponse
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.fulfillment.v1.license_pb2 import LicenseIssue
from millrun.ordering.v1.order_pb2 import Family, Gate, Gates, Order, Purpose
from millrun.ordering.v1.ordering_pb2 import ListOrdersResponse

from services.gateway.tests.house import ACME, CHEN, House
from services.gateway.tests.papers import (
    PRODUCT,
    a_license_issue,
    an_order,
    an_order_of_licences,
    furnish,
)
from shared.clock import now
from shared.errors import Disallowed
from shared.testing.pages import Browser

CODES = "/orders/7/licenses/6"
NAME = f"{ACME}/licenseIssues/6"


class TooFew(Disallowed):
    """7 are too few."""

    fix = "Order 10 or more."


class NothingSealed(Disallowed):
    """There is no code to be opened in ML-2026-000006: 100 of 100 were opened."""

    fix = "Ask your business manager to release them."


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    video = LicenseType(name="licenseTypes/video", sku="video", display_name="Live <video>")
    house.answers |= {
        "ListLicenseTypes": ListLicenseTypesResponse(license_types=[video]),
        "ListOrders": ListOrdersResponse(),
        "GetOrder": an_order_of_licences(),
        "CreateOrder": an_order_of_licences(state=Order.DRAFT),
        "AddOrderLine": an_order_of_licences(state=Order.DRAFT),
    }


def test_r8_licences_begin_an_order_of_their_own(house: House, chen: Browser) -> None:
    chen.fill(
        "/licenses",
        product=PRODUCT,
        license_type="licenseTypes/video",
        quantity="100",
        purpose="MASS_PRODUCTION",
    )
    order = house.request("CreateOrder").order
    assert (order.family, order.purpose) == (Family.LICENSE, Purpose.MASS_PRODUCTION)
    [line] = order.lines
    assert (line.product, line.license_type, line.quantity) == (PRODUCT, "licenseTypes/video", 100)


def test_a12_they_go_into_the_draft_of_licences_and_never_into_one_of_modules(
    house: House, chen: Browser
) -> None:
    modules = an_order(name=f"{ACME}/orders/1", state=Order.DRAFT)
    licences = an_order_of_licences(name=f"{ACME}/orders/2", state=Order.DRAFT)
    strangers = an_order_of_licences(name=f"{ACME}/orders/3", state=Order.DRAFT, buyer="accounts/x")
    house.answers["ListOrders"] = ListOrdersResponse(orders=[modules, licences, strangers])
    html = chen.get("/licenses").text
    assert re.findall(r'name="draft_MASS_PRODUCTION" value="([^"]*)"', html) == [licences.name]
    html = chen.get("/purchase").text
    assert re.findall(r'name="draft_MASS_PRODUCTION" value="([^"]*)"', html) == [modules.name]


def test_a_refused_quantity_stays_and_the_sentence_is_shown(house: House, chen: Browser) -> None:
    house.answers["CreateOrder"] = TooFew()
    asked = {"product": PRODUCT, "license_type": "licenseTypes/video", "quantity": "7"}
    refused = chen.fill("/licenses", purpose="MASS_PRODUCTION", **asked)
    assert refused.status_code == 409
    assert "Order 10 or more." in refused.text
    assert 'value="7"' in refused.text


def test_the_order_shows_codes_in_place_of_production_and_shipments(chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert "100 of 100 issued, 0 opened" in html
    assert "IPC SDK, live &lt;video&gt;" in html
    assert f'href="{CODES}"' in html
    assert "Shipments</h2>" not in html


def test_codes_are_opened_with_a_confirmation_and_then_downloaded(
    house: House, chen: Browser
) -> None:
    html = chen.get(CODES).text
    assert "your name is written down" in html
    assert "Download the codes" not in html
    opened = a_license_issue(sealed_quantity=0, opened_quantity=100, state=LicenseIssue.DELIVERED)
    opened.download_until.FromDatetime(now())
    shown = chen.get(CODES)
    house.answers |= {"OpenLicenses": opened, "GetLicenseIssue": opened}
    html = chen.submit(shown, f"{CODES}/open").text
    assert house.request("OpenLicenses").name == NAME
    assert house.request("OpenLicenses").etag == "2"
    assert "Download the codes" in html

    body = HttpBody(content_type="text/csv", data=b"no,product,license,code\n1,p,s,KEY\n")
    house.answers["DownloadLicenses"] = [body]
    file = chen.get(f"{CODES}/codes?as=ML-2026-000006")
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''ML-2026-000006.csv"
    assert file.content == body.data
    assert file.headers["cache-control"] == "no-store"


def test_afterwards_they_are_masked_and_it_is_said_who_can_help(
    house: House, chen: Browser
) -> None:
    house.answers["GetLicenseIssue"] = a_license_issue(
        sealed_quantity=0, opened_quantity=100, state=LicenseIssue.DELIVERED
    )
    html = chen.get(CODES).text
    assert "ask your business manager to release them" in html
    assert "…-9F3K" in html
    assert "/open" not in html


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        ({"hold_reason": "Finance asks."}, "The order is on hold."),
        ({"state": LicenseIssue.CLOSED}, "The order ended."),
        ({"issued_quantity": 0, "sealed_quantity": 0}, "There is no sealed code."),
    ],
)
def test_a_button_that_cannot_be_used_says_why(
    house: House, chen: Browser, issue: dict[str, Any], why: str
) -> None:
    house.answers["GetLicenseIssue"] = a_license_issue(**issue)
    html = chen.get(CODES).text
    assert why in html
    assert re.search(r"<button[^>]* disabled[^>]*>", html)


def test_who_was_slower_reads_why_there_is_nothing_to_open(house: House, chen: Browser) -> None:
    house.answers["OpenLicenses"] = NothingSealed()
    assert "100 of 100 were opened" in chen.fill(CODES, f"{CODES}/open").text


def test_whose_they_are_is_said_as_people_say_it(house: House, chen: Browser) -> None:
    issue = a_license_issue()
    for account in (CHEN, "accounts/other"):
        issue.entries.add(act="OPENED", quantity=100, account=account)
    house.answers["GetLicenseIssue"] = issue
    html = chen.get(CODES).text
    said = re.findall(r'data-label="Who">([^<]*)<', html)
    assert said == ["the vendor", "you", "a colleague"]


FULL = Gates(
    price=Gate.PASSED,
    software=Gate.NOT_REQUIRED,
    contract=Gate.NOT_REQUIRED,
    deposit=Gate.NOT_REQUIRED,
    production=Gate.NOT_REQUIRED,
    shipment=Gate.NOT_REQUIRED,
)


def test_an_order_of_licences_speaks_of_neither_deposit_nor_production(chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert "Paid in full" in html
    assert "Codes issued" in html
    for never in ("Deposit paid", "Produced", "Shipped", ">Received<", "Delivery address"):
        assert never not in html


def test_its_form_asks_for_no_address_and_says_what_happens_then(
    house: House, chen: Browser
) -> None:
    house.answers["GetOrder"] = an_order_of_licences(state=Order.DRAFT)
    html = chen.get("/orders/7/form").text
    assert 'name="street"' not in html
    assert "no address is needed" in html
    assert "You pay the whole amount." in html
    assert "shipped" not in html
    assert not house.was_asked("ListAddressBookEntries")
    chen.fill("/orders/7/form", po_no="PO-8", invoice="NONE")
    assert house.request("SubmitOrder").form.po_no == "PO-8"


def test_a_contract_over_them_is_signed_before_all_is_paid(house: House, chen: Browser) -> None:
    signed = Gates(software=Gate.NOT_REQUIRED, deposit=Gate.NOT_REQUIRED)
    house.answers["GetOrder"] = an_order_of_licences(state=Order.DRAFT, gates=signed)
    assert "You sign the contract and pay the whole amount." in chen.get("/orders/7/form").text


def test_a_change_of_them_asks_for_no_address(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order_of_licences(state=Order.INTENTION, gates=FULL)
    assert 'name="street"' not in chen.get("/orders/7/change").text
    chen.fill("/orders/7/change", "", quantity_1="200", reason="more")
    [change] = house.request("AmendOrder").changes
    assert change.quantity == 200


def test_what_cannot_be_cancelled_is_not_said_to_be_signed(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order_of_licences(state=Order.DELIVERED)
    html = chen.get("/orders/7").text
    assert "It is paid for; ask your business manager." in html
    assert "The contract is signed" not in html
