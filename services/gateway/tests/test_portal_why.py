"""Why can't I order this?, on its page: what is missing, who can change it, and asking them."""

import pytest
from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesResponse
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.ordering.v1.explanation_pb2 import PurchaseCheck
from millrun.ordering.v1.order_pb2 import Purpose

from services.gateway.tests.house import House
from services.gateway.tests.papers import PRODUCT, furnish
from shared.errors import Disallowed, NotFound
from shared.testing.explained import an_explanation
from shared.testing.pages import Browser

PAGE = "/products/acme/ws3gacme01/why"


class AskedToday(Disallowed):
    """You asked about that today already."""

    fix = "Wait for the answer."


class NoProduct(NotFound):
    """There is no such product."""


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["ExplainPurchase"] = an_explanation("AUTHORIZATION", "PACKING")


def test_it_says_what_is_missing_and_who_can_change_it(chen: Browser, house: House) -> None:
    shown = chen.get(PAGE).text
    assert house.request("ExplainPurchase").name == PRODUCT
    assert "The authorization is &lt;missing&gt;." in shown
    assert "Ada Admin" in shown
    assert shown.count('class="check-failed"') == 2
    assert shown.count('class="check-passed"') == len(PurchaseCheck.Kind.keys()) - 3


def test_what_can_be_ordered_leads_to_the_order(chen: Browser, house: House) -> None:
    house.answers["ExplainPurchase"] = an_explanation()
    shown = chen.get(PAGE).text
    assert 'href="/purchase?q=ws3gacme01"' in shown
    assert 'name="kind"' not in shown


def test_another_quantity_and_purpose_can_be_asked_about(chen: Browser, house: House) -> None:
    chen.get(f"{PAGE}?quantity=250&purpose=TRIAL_PRODUCTION")
    asked = house.request("ExplainPurchase")
    assert (asked.quantity, asked.purpose) == (250, Purpose.TRIAL_PRODUCTION)


def test_whoever_can_change_it_is_asked_from_here(chen: Browser, house: House) -> None:
    kinds = {"kind": "AUTHORIZATION", "purpose": "MASS_PRODUCTION", "quantity": "100"}
    told = chen.fill(PAGE, PAGE, **kinds, note="By Friday, please.")
    asked = house.request("AskForPurchase")
    assert (asked.name, asked.kind) == (PRODUCT, PurchaseCheck.AUTHORIZATION)
    assert (asked.note, asked.quantity) == ("By Friday, please.", 100)
    assert asked.request_id
    assert "They were told" in told.text


def test_who_asked_today_is_told_so(chen: Browser, house: House) -> None:
    house.answers["AskForPurchase"] = AskedToday()
    kinds = {"kind": "AUTHORIZATION", "purpose": "MASS_PRODUCTION", "quantity": "100"}
    assert "You asked about that today already." in chen.fill(PAGE, PAGE, **kinds).text


def test_nobody_is_offered_to_be_asked_about_what_is_in_ones_own_hands(
    chen: Browser, house: House
) -> None:
    house.answers["ExplainPurchase"] = an_explanation("PACKING", askable=False)
    assert 'name="kind"' not in chen.get(PAGE).text


def test_a_product_that_is_not_there_is_not_found(chen: Browser, house: House) -> None:
    house.answers["ExplainPurchase"] = NoProduct()
    assert chen.get(PAGE).status_code == 404


def test_what_cannot_be_ordered_yet_leads_here(chen: Browser) -> None:
    assert f'href="{PAGE}"' in chen.get("/products/acme/ws3gacme01").text


def test_licences_are_asked_about_on_the_same_page(chen: Browser, house: House) -> None:
    video = LicenseType(name="licenseTypes/video", display_name="Live <video>")
    house.answers["ListLicenseTypes"] = ListLicenseTypesResponse(license_types=[video])
    assert "Live &lt;video&gt;" in chen.get(PAGE).text
    missing = an_explanation("PRICE")
    missing.license_type, missing.license_type_display_name = video.name, video.display_name
    house.answers["ExplainPurchase"] = missing
    shown = chen.get(f"{PAGE}?license_type=licenseTypes/video").text
    assert house.request("ExplainPurchase").license_type == video.name
    assert "Live &lt;video&gt; · Wall Switch &lt;3-gang&gt; × 100" in shown
    kinds = {"kind": "PRICE", "purpose": "MASS_PRODUCTION", "quantity": "100"}
    told = chen.fill(PAGE, PAGE, **kinds, license_type=video.name)
    assert house.request("AskForPurchase").license_type == video.name
    assert told.url.params["license_type"] == video.name


def test_a_licence_that_can_be_ordered_leads_to_licences(chen: Browser, house: House) -> None:
    found = an_explanation()
    found.license_type = "licenseTypes/video"
    house.answers["ExplainPurchase"] = found
    shown = chen.get(f"{PAGE}?license_type=licenseTypes/video").text
    assert 'href="/licenses?q=ws3gacme01"' in shown
    assert '<option value="licenseTypes/video" selected>video</option>' in shown


def test_it_stands_without_a_list_of_licences(chen: Browser, house: House) -> None:
    house.answers["ListLicenseTypes"] = NoProduct()
    assert 'name="license_type"' not in chen.get(PAGE).text
