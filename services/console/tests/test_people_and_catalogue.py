"""Certifying, the catalogue, associations, messages and failed events."""

import pytest
from millrun.authorization.v1.account_pb2 import CERTIFIER, FINANCE, PRODUCTION, PROJECT_MANAGER
from millrun.catalog.v1.module_pb2 import Module

from services.console.addresses import page_of
from services.console.app import application
from services.console.settings import ConsoleSettings
from services.console.tests.office import COLLEAGUE, ME, As, Office, sign_in
from services.console.tests.papers import DIGEST, furnish
from shared.errors import Disallowed
from shared.testing.pages import Browser, hidden_fields, listening

CERTIFICATION = "/certifications/acme/1"


class Taken(Disallowed):
    """There is a module wr5 already."""


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)


def test_requests_to_be_decided_are_listed_first(lin: As, office: Office) -> None:
    browser = lin(CERTIFIER)
    browser.get("/certifications")
    assert office.request("ListCertifications").state == 1
    browser.get("/certifications?state=")
    assert office.request("ListCertifications").state == 0


def test_an_enterprise_gets_the_people_that_were_chosen(lin: As, office: Office) -> None:
    lin(CERTIFIER).fill(
        CERTIFICATION, f"{CERTIFICATION}/approve", business_manager=ME, project_manager=COLLEAGUE
    )
    asked = office.request("ApproveCertification")
    assert (asked.business_manager, asked.project_manager) == (ME, COLLEAGUE)
    assert asked.name == "enterprises/acme/certifications/1"


def test_a_rejection_has_a_reason(lin: As, office: Office) -> None:
    lin(CERTIFIER).fill(CERTIFICATION, f"{CERTIFICATION}/reject", reason="No such number")
    assert office.request("RejectCertification").reason == "No such number"


def test_a_request_that_is_not_there_is_not_found(lin: As) -> None:
    assert lin(CERTIFIER).get("/certifications/acme/404").status_code == 404


def test_a_module_is_entered_and_changed(lin: As, office: Office) -> None:
    office.answers["CreateModule"] = Module(name="modules/wr5")
    browser, about = lin(PROJECT_MANAGER), {"display_name": "WR5", "series": "Wi-Fi"}
    numbers = {"minimum_quantity": "1,000", "packing_unit": "50", "lead_time_days": "21"}
    browser.fill("/modules/new", module_id="wr5", **about, **numbers)
    asked = office.request("CreateModule")
    assert (asked.module_id, asked.module.series) == ("wr5", "Wi-Fi")
    assert (asked.module.minimum_quantity, asked.module.packing_unit) == (1000, 50)

    browser.fill("/modules/wr3e/edit", **about, **numbers)
    changed = office.request("UpdateModule").module
    assert (changed.name, changed.lead_time_days, changed.display_name) == (
        "modules/wr3e",
        21,
        "WR5",
    )
    browser.fill("/modules/wr3e", "/modules/wr3e/retire")
    assert office.request("RetireModule").name == "modules/wr3e"


def test_a_module_that_is_refused_stays_typed(lin: As, office: Office) -> None:
    office.answers["CreateModule"] = Taken()
    refused = lin(PROJECT_MANAGER).fill("/modules/new", display_name="WR5 <x>", module_id="wr5")
    assert refused.status_code == 409
    assert "There is a module wr5 already." in refused.text
    assert 'value="WR5 &lt;x&gt;"' in refused.text


def test_firmware_is_entered_released_and_retired(lin: As, office: Office) -> None:
    browser = lin(PROJECT_MANAGER)
    browser.fill("/modules/wr3e", version="2.5.0", digest=DIGEST)
    entered = office.request("CreateFirmware")
    assert (entered.parent, entered.firmware.version) == ("modules/wr3e", "2.5.0")
    browser.fill("/modules/wr3e", "/modules/wr3e/firmware/1/notes", release_notes="Faster.")
    noted = office.request("UpdateFirmware")
    assert (noted.firmware.release_notes, list(noted.update_mask.paths)) == (
        "Faster.",
        ["release_notes"],
    )
    for act in ("release", "retire"):
        browser.fill("/modules/wr3e", f"/modules/wr3e/firmware/1/{act}")
        asked = office.request(f"{act.capitalize()}Firmware")
        assert (asked.name, asked.etag) == ("modules/wr3e/firmware/1", "1")


def test_a_product_is_opened_to_a_manufacturer_and_closed_again(lin: As, office: Office) -> None:
    browser = lin(PROJECT_MANAGER)
    page = "/associations/new?owner=enterprises/acme"
    product = "enterprises/acme/products/ws3gacme01"
    to = "/associations/new?owner=enterprises/acme"
    assert f'<option value="{product}"' in browser.get(page).text
    browser.fill(page, to, manufacturer="enterprises/bora", product=product)
    asked = office.request("AssociateProduct")
    assert (asked.parent, asked.product_association.product) == ("enterprises/bora", product)

    browser.fill("/associations", "/associations/bora/1/end")
    assert office.request("DissociateProduct").name == "enterprises/bora/productAssociations/1"


def test_a_message_leads_to_what_it_is_about_and_is_marked_read(lin: As, office: Office) -> None:
    browser = lin(FINANCE)
    assert 'href="/orders/acme/7"' in browser.get("/messages").text
    browser.fill("/messages", "/messages/1/read")
    assert office.request("ReadMessage").name == f"{ME}/messages/1"


def test_failed_events_can_be_tried_again_or_given_up(office: Office, peers) -> None:
    """Every service hosts them; here two do, and one of those is away."""
    at = {"authorization": peers["authorization"], "ordering": peers["operations"]}
    settings = ConsoleSettings(peers={**at, "payment": "127.0.0.1:1"})
    office.roles = [PRODUCTION]
    with listening(application(settings)) as origin, Browser(origin) as browser:
        sign_in(browser)
        html = browser.get("/failed-events").text
        assert "KeyError: &lt;nothing&gt;" in html
        assert "ContractSigned" in html
        assert "The payment service does not answer at the moment." in html
        for act, method in (("again", "ReplayDeadLetter"), ("discard", "DiscardDeadLetter")):
            browser.fill("/failed-events", f"/failed-events/ordering/0190/{act}")
            assert office.request(method).name == "deadLetters/0190"
        own = hidden_fields(html, "/failed-events/ordering/0190/again")
        headers = {"origin": origin}
        lost = browser.post("/failed-events/nothing/0190/again", data=own, headers=headers)
        assert lost.status_code == 404


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("enterprises/acme/paymentPlans/7", "/payments/acme/7"),
        ("enterprises/acme/workOrders/7", "/work-orders/acme/7"),
        ("enterprises/acme/products/p1", "/products/acme/p1"),
        ("enterprises/acme", "/enterprises/acme"),
        ("modules/wr3e/firmware/1", "/modules/wr3e"),
        ("priceLists/1", "/priceLists/1"),
        ("licenseTypes/ipc", "/licenseTypes/ipc"),
        ("accounts/lin", ""),
        ("", ""),
    ],
)
def test_what_has_a_page_is_found_by_its_name(name: str, address: str) -> None:
    assert page_of(name) == address


def test_products_of_all_customers_are_found_by_any_part(lin: As, office: Office) -> None:
    html = lin(CERTIFIER).get("/products?q=ws3&lifecycle=TRIAL_PRODUCTION&pid=1&customer=2").text
    asked = office.request("ListProducts")
    assert (asked.parent, asked.search, asked.lifecycle) == ("enterprises/-", "ws3", 2)
    assert (asked.pid, asked.customer_name) == ("1", "2")
    assert 'href="/products/acme/' in html


def test_a_product_shows_what_rests_on_it(lin: As, office: Office) -> None:
    shown = lin(PROJECT_MANAGER).get("/products/acme/ws3gacme01").text
    assert office.request("PreviewReturn").name == "enterprises/acme/products/ws3gacme01"
    assert 'href="/orders/acme/7">MR-2026-000007' in shown
    assert 'href="/enterprises/bora">Bora' in shown


def test_a_certifier_sees_that_there_are_orders_and_cannot_open_them(lin: As) -> None:
    shown = lin(CERTIFIER).get("/products/acme/ws3gacme01").text
    assert "MR-2026-000007" in shown
    assert 'href="/orders/acme/7"' not in shown
