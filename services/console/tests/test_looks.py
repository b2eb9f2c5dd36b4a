"""What every page of the console has to be: translated, safe, and usable without a mouse."""

import re
from itertools import product

import pytest
from millrun.authorization.v1.account_pb2 import (
    BUSINESS_MANAGER,
    CERTIFIER,
    FINANCE,
    PRODUCTION,
    PROJECT_MANAGER,
)

from services.console.tests.office import As, Office
from services.console.tests.papers import MODEL, an_amended_order, furnish

PAGES = {
    BUSINESS_MANAGER: [
        "/",
        "/account",
        "/account/two-step",
        "/orders",
        "/orders/acme/7",
        "/orders/acme/7/price",
        "/orders/acme/7/propose",
        "/orders/acme/7/revisions",
        "/orders/acme/7/revisions/0",
        "/orders/acme/7/revisions/1",
        "/orders/acme/7/reject",
        "/orders/acme/7/hold",
        "/orders/acme/7/release",
        "/contracts",
        "/contracts/acme/7",
        "/contracts/acme/7?before=1&after=2",
        "/payments",
        "/payments/acme/7",
        "/invoices",
        "/invoices/acme/1",
        "/suggestions",
        "/suggestions/acme/3",
        "/enterprises",
        "/enterprises/acme",
        "/modules",
        "/modules/wr3e",
        "/licenseTypes",
        "/licenseTypes/ipc",
        "/valueAddedServices",
        "/valueAddedServices/labels",
        "/priceLists",
        "/priceLists/new",
        "/priceLists/1",
        "/priceLists/1/price",
        "/priceLists/1/price?item=modules/wr3e",
        "/priceLists/1/paste",
        "/quotes",
        "/quotes?enterprise=enterprises/acme&item=modules/wr3e&quantity=130",
        "/products",
        "/products/acme/ws3gacme01",
        "/products/acme/ws3gacme01/why",
        "/failed-events",
        "/messages",
    ],
    PROJECT_MANAGER: [
        "/",
        "/orders/acme/7",
        "/orders/acme/7/software",
        "/orders/acme/7/propose",
        "/work-orders/acme/7/resume?batch=B-2",
        "/modules",
        "/modules/new",
        "/modules/wr3e",
        "/modules/wr3e/edit",
        "/licenseTypes/new",
        "/licenseTypes/ipc",
        "/valueAddedServices/new",
        "/valueAddedServices/labels",
        "/projects",
        "/projects?mine=1",
        "/projects/new",
        "/projects/new?owner=enterprises/acme",
        "/projects/acme/5",
        "/associations",
        "/associations/new",
        "/associations/new?owner=enterprises/acme",
    ],
    FINANCE: [
        "/",
        "/payments/acme/7/book?payment=1",
        "/invoices/acme/1",
        "/refunds",
        "/refunds/acme/3",
        "/receivables",
        "/receivables/acme/4",
    ],
    PRODUCTION: [
        "/",
        "/work-orders",
        "/work-orders/acme/7",
        "/work-orders/acme/7/batch",
        "/work-orders/acme/7/units?batch=B-1",
        "/work-orders/acme/7/attach?batch=B-1",
        "/work-orders/acme/7/withdraw?batch=B-1",
        "/work-orders/acme/7/dispatch",
        "/licenseIssues",
        "/licenseIssues/acme/7",
    ],
    CERTIFIER: [
        "/",
        "/certifications",
        "/certifications/acme/1",
        "/enterprises/acme",
        "/deputies",
        "/products/acme/ws3gacme01",
    ],
}


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_well_made_in_both_languages(lin: As, office: Office, role) -> None:
    furnish(office)
    browser = lin(role)
    for path, language in product(PAGES[role], ("en", "zh")):
        shown = browser.get(path, headers={"accept-language": language})
        assert shown.status_code == 200, path
        assert f'lang="{language}"' in shown.text
        assert mistakes(shown.text) == [], path


def test_a_change_that_is_asked_for_is_well_made_in_both_languages(lin: As, office: Office) -> None:
    furnish(office)
    office.answers["GetOrder"] = office.answers["ConfirmAmendment"] = an_amended_order()
    browser = lin(BUSINESS_MANAGER)
    for path in ("/orders/acme/7", "/orders/acme/7/amendment/confirm"):
        for language in ("en", "zh"):
            shown = browser.get(path, headers={"accept-language": language})
            assert shown.status_code == 200, path
            assert mistakes(shown.text) == [], path
    shown = browser.fill("/orders/acme/7/amendment/confirm", preview="yes")
    assert mistakes(shown.text) == []


def test_production_and_certifiers_never_see_a_price(lin: As, office: Office) -> None:
    furnish(office)
    browser = lin(PRODUCTION)
    assert not any("CNY" in browser.get(path).text for path in PAGES[PRODUCTION])
    browser = lin(CERTIFIER)
    assert "CNY" not in browser.get("/enterprises/acme").text


@pytest.mark.parametrize("path", ["/orders", "/contracts", "/work-orders", "/invoices"])
def test_a_filter_that_does_not_exist_filters_nothing(lin: As, office: Office, path: str) -> None:
    furnish(office)
    shown = lin(BUSINESS_MANAGER).get(f"{path}?state=NONSENSE")
    assert shown.status_code == 200
    assert "-000007" in shown.text


def test_a_list_is_filtered_by_its_service(lin: As, office: Office) -> None:
    furnish(office)
    shown = lin(BUSINESS_MANAGER).get("/orders?state=INTENTION&waiting_on=BUYER&q=PO-1")
    asked = office.request("ListOrders")
    assert (list(asked.states), asked.waiting_on, asked.search) == ([2], 1, "PO-1")
    assert "page_token=more" in shown.text


def mistakes(html: str) -> list[str]:
    """Return what is wrong with a page, whatever it is about."""
    ids = re.findall(r'\sid="([^"]+)"', html)
    fields = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', html)
    labels = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html))
    found = re.findall(r"<style|style=|<script>|\son[a-z]+=|javascript:", html)
    found += [f"{field} has no label" for field in fields if field not in labels]
    found += [f"{each} is the id of two" for each in set(ids) if ids.count(each) > 1]
    if MODEL in html:
        found.append("what a stranger wrote is markup")
    if html.count("<h1") != 1:
        found.append("a page has one heading")
    return found
