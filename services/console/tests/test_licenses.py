"""Licence codes in the console: issued by production, released by those who may, never read."""

import re

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, PRODUCTION, PROJECT_MANAGER
from millrun.fulfillment.v1.fulfillment_pb2 import ListLicenseIssuesResponse
from millrun.fulfillment.v1.license_pb2 import LicenseIssue
from millrun.ordering.v1.order_pb2 import LICENSE, Gate, OrderLine

from services.console.tests.office import As, Office
from services.console.tests.papers import a_license_issue, an_order, furnish, yuan
from shared.testing.pages import hidden_fields

PRICE = "/orders/acme/7/price"
ISSUE = "/licenseIssues/acme/7"
NAME = "enterprises/acme/licenseIssues/7"


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)
    office.answers |= {"IssueLicenses": a_license_issue(), "ReleaseLicenses": a_license_issue()}


def test_paid_licences_wait_for_production_and_held_ones_do_not(lin: As, office: Office) -> None:
    held = a_license_issue(license_issue_no="ML-2026-000008", hold_reason="Wait.")
    office.answers["ListLicenseIssues"] = ListLicenseIssuesResponse(
        license_issues=[a_license_issue(), held]
    )
    html = lin(PRODUCTION).get("/").text
    assert "ML-2026-000007 · 50 × IPC SDK, live &lt;video&gt;" in html
    assert "ML-2026-000008" not in html


def test_codes_are_made_by_the_number_that_is_left(lin: As, office: Office) -> None:
    browser = lin(PRODUCTION)
    assert 'value="50"' in browser.get(ISSUE).text
    browser.fill(ISSUE, f"{ISSUE}/generate", quantity="50")
    asked = office.request("IssueLicenses")
    assert (asked.name, asked.generate, asked.etag) == (NAME, 50, "4")


def test_codes_of_a_file_are_sent_as_they_are_and_no_file_is_no_codes(
    lin: As, office: Office
) -> None:
    browser = lin(PRODUCTION)
    opened = browser.get(ISSUE)
    hidden = hidden_fields(opened.text, f"{ISSUE}/import") | hidden_fields(opened.text, "")
    files = {"file": ("codes.csv", b"KEY-0000-0001\n", "text/csv")}
    headers = {"referer": str(opened.url), "origin": browser.origin}
    browser.post(f"{ISSUE}/import", data=hidden, files=files, headers=headers)
    assert office.request("IssueLicenses").content == b"KEY-0000-0001\n"
    refused = browser.fill(ISSUE, f"{ISSUE}/import")
    assert "No file was chosen" in refused.text


def test_a_release_says_why(lin: As, office: Office) -> None:
    lin(BUSINESS_MANAGER).fill(ISSUE, f"{ISSUE}/release", reason="Their disk broke.")
    assert office.request("ReleaseLicenses").reason == "Their disk broke."


@pytest.mark.parametrize(("role", "offered"), [(PROJECT_MANAGER, 0), (BUSINESS_MANAGER, 1)])
def test_only_production_issues_and_a_project_manager_only_looks(
    lin: As, role: int, offered: int
) -> None:
    html = lin(role).get(ISSUE).text
    assert "Make and seal them" not in html
    assert ("Release once more" in html) == bool(offered)


def test_whoever_did_something_with_codes_is_named(lin: As) -> None:
    html = lin(PRODUCTION).get(ISSUE).text
    assert "The &lt;file&gt; was lost." in html
    assert "Ana D." in html
    assert html.count("the buyer") >= 2


def test_a_held_issue_says_why_nothing_can_be_done(lin: As, office: Office) -> None:
    office.answers["GetLicenseIssue"] = a_license_issue(hold_reason="Finance asks.")
    html = lin(PRODUCTION).get(ISSUE).text
    assert "Finance asks." in html
    for label in ("Make and seal them", "Seal these codes", "Release once more"):
        assert re.search(rf"<button[^>]* disabled[^>]*>.{{0,200}}{label}", html, re.DOTALL), label


def test_a_closed_issue_offers_nothing(lin: As, office: Office) -> None:
    office.answers["GetLicenseIssue"] = a_license_issue(state=LicenseIssue.CLOSED)
    html = lin(PRODUCTION).get(ISSUE).text
    assert "Make and seal them" not in html
    assert "Release once more" not in html


def test_the_price_of_licences_is_confirmed_by_their_name_and_without_a_deposit(
    lin: As, office: Office
) -> None:
    line = OrderLine(line_no=1, quantity=100, unit_price=yuan(2), list_unit_price=yuan(2))
    line.license_type_display_name, line.module_display_name = "IPC SDK, live <video>", "WR3E"
    order = an_order(family=LICENSE, lines=[line])
    order.gates.contract = Gate.NOT_REQUIRED
    office.answers["GetOrder"] = office.answers["ConfirmPrice"] = order
    browser = lin(BUSINESS_MANAGER)
    for html in (browser.get(PRICE).text, browser.fill(PRICE, preview="yes").text):
        assert "IPC SDK, live &lt;video&gt;" in html
        assert "WR3E" not in html
        assert "eposit before production" not in html
        assert "Licences are paid in full before codes are issued" in html
        assert "Can be paid until" in html
    assert not office.request("ConfirmPrice").deposit_percent
    order.gates.contract = Gate.PENDING
    assert "Can be signed until" in browser.get(PRICE).text


def test_an_order_of_licences_shows_them_in_place_of_production(lin: As, office: Office) -> None:
    line = OrderLine(
        line_no=1,
        pid="ws3gacme01",
        quantity=100,
        license_type="licenseTypes/ipc",
        license_type_display_name="IPC SDK, live <video>",
        unit_price=yuan(2),
        amount=yuan(200),
    )
    office.answers["GetOrder"] = an_order(family=LICENSE, lines=[line])
    html = lin(BUSINESS_MANAGER).get("/orders/acme/7").text
    assert "IPC SDK, live &lt;video&gt;" in html
    assert "50 of 100 issued" in html
    assert "Production</h2>" not in html
