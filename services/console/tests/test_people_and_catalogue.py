"""Certifying, the catalogue, associations, messages and failed events."""

import re
from datetime import UTC, datetime

import pytest
from google.api.httpbody_pb2 import HttpBody
from millrun.authorization.v1.account_pb2 import (
    BUSINESS_MANAGER,
    CERTIFIER,
    FINANCE,
    PRODUCTION,
    PROJECT_MANAGER,
    Account,
)
from millrun.authorization.v1.authorization_pb2 import (
    ListEnterprisesResponse,
    ListProductAssociationsResponse,
)
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.authorization.v1.grant_pb2 import ProductAssociation
from millrun.authorization.v1.project_pb2 import Project
from millrun.catalog.v1.catalog_pb2 import ListProductsResponse
from millrun.catalog.v1.module_pb2 import Module
from millrun.catalog.v1.product_pb2 import Product
from millrun.notification.v1.notification_pb2 import ReadMessagesResponse

from services.console.addresses import page_of
from services.console.app import application
from services.console.settings import ConsoleSettings
from services.console.tests.office import COLLEAGUE, ME, As, Office, sign_in
from services.console.tests.papers import DIGEST, a_project, furnish
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


def test_all_messages_are_marked_as_read_up_to_the_newest_that_is_shown(
    lin: As, office: Office
) -> None:
    office.answers["ReadMessages"] = ReadMessagesResponse(read_count=1)
    browser = lin(BUSINESS_MANAGER)
    done = browser.fill("/messages", "/messages/read")
    asked = office.request("ReadMessages")
    newest = office.answers["ListMessages"].messages[0].name
    assert (asked.parent, asked.newest) == ("accounts/me", newest)
    assert asked.request_id
    assert "All messages are read." in done.text
    browser.get("/messages?unread=1")
    assert office.request("ListMessages").unread_only
    assert "/messages/read" not in browser.get("/messages?page_token=x").text, "not the newest"


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
    assert 'href="/orders/acme/7"><span class="unbroken">MR-2026-000007' in shown
    assert 'href="/enterprises/bora">Bora' in shown


def test_a_certifier_sees_that_there_are_orders_and_cannot_open_them(lin: As) -> None:
    shown = lin(CERTIFIER).get("/products/acme/ws3gacme01").text
    assert "MR-2026-000007" in shown
    assert 'href="/orders/acme/7"' not in shown


def test_a_certifier_reads_what_a_request_is_proved_with(lin: As, office: Office) -> None:
    office.answers["DownloadCertificationDocument"] = [
        HttpBody(content_type="image/png", data=b"scan")
    ]
    browser = lin(CERTIFIER)
    assert "licence.pdf" in browser.get(CERTIFICATION).text
    got = browser.get(f"{CERTIFICATION}/sha256:1")
    assert (got.content, got.headers["content-type"]) == (b"scan", "image/png")
    asked = office.request("DownloadCertificationDocument")
    assert (asked.name, asked.digest) == ("enterprises/acme/certifications/1", "sha256:1")


def test_a_certifier_reads_which_enterprises_call_themselves_alike(lin: As, office: Office) -> None:
    own = Enterprise(name="enterprises/acme", legal_name="Acme Smart Home")
    known = Enterprise(
        name="enterprises/acme-hangzhou", legal_name="ACME Smart Home", certified=True
    )
    told = "Registered under the same legal name or registration number:"
    browser = lin(CERTIFIER)
    office.answers["ListEnterprises"] = ListEnterprisesResponse(enterprises=[own])
    assert told not in browser.get(CERTIFICATION).text
    office.answers["ListEnterprises"] = lambda asked: ListEnterprisesResponse(
        enterprises=[own, *([known] if asked.legal_name == own.legal_name else [])]
    )
    shown = browser.get(CERTIFICATION).text
    assert told in shown
    assert '<a href="/enterprises/acme-hangzhou">ACME Smart Home</a>' in shown
    asked = [each for method, each in office.asked if method == "ListEnterprises"][-2:]
    assert {(each.legal_name, each.registration_no) for each in asked} == {
        ("Acme Smart Home", ""),
        ("", "9133"),
    }


def test_a_certifier_says_how_long_a_certification_is_good(lin: As, office: Office) -> None:
    lin(CERTIFIER).fill(CERTIFICATION, f"{CERTIFICATION}/approve", expires="2027-03-31")
    until = office.request("ApproveCertification").expire_time.ToDatetime(UTC)
    assert until == datetime(2027, 3, 31, 23, 59, 59, tzinfo=UTC)


def test_a_deputy_is_named_and_called_off(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    assert "Ana D." in browser.get("/deputies").text
    browser.fill("/deputies", absent=ME, deputy=COLLEAGUE, begins="2126-01-01", ends="2126-01-14")
    asked = office.request("CreateDeputyship")
    assert (asked.parent, asked.deputyship.deputy) == (ME, COLLEAGUE)
    begins = asked.deputyship.begin_time.ToDatetime(UTC)
    assert begins == datetime(2126, 1, 1, tzinfo=UTC)
    browser.fill("/deputies", absent="", deputy=COLLEAGUE, begins="2020-01-01", ends="2126-01-14")
    today = office.request("CreateDeputyship")
    assert today.parent == "accounts/me"
    assert not today.deputyship.HasField("begin_time")
    browser.fill("/deputies", "/deputies/lin/4/end")
    assert office.request("EndDeputyship").name == "accounts/lin/deputyships/4"


def test_only_who_has_the_same_role_is_offered_as_a_deputy(lin: As, office: Office) -> None:
    html = lin(BUSINESS_MANAGER).get("/deputies").text
    assert f'<option value="{COLLEAGUE}"' not in html
    assert "Nobody else has your role" in html
    other = Account(name="accounts/bo", display_name="Bo", staff_roles=[BUSINESS_MANAGER])
    office.answers["ListStaff"].accounts.append(other)
    html = lin(BUSINESS_MANAGER).get("/deputies").text
    assert '<option value="accounts/bo">Bo · Business manager</option>' in html
    assert "Nobody else has your role" not in html


@pytest.mark.parametrize(("role", "times"), [(PROJECT_MANAGER, 1), (CERTIFIER, 2)])
def test_only_certifiers_arrange_it_for_others(lin: As, role: int, times: int) -> None:
    shown = lin(role).get("/deputies").text
    assert shown.count(f'<option value="{COLLEAGUE}"') == times, "as a deputy, or as absent too"


def test_a_customer_is_handed_over_by_who_has_it(lin: As, office: Office) -> None:
    lin(BUSINESS_MANAGER).fill(
        "/enterprises/acme", "/enterprises/acme/assign", business_manager=COLLEAGUE
    )
    asked = office.request("AssignPeople")
    assert (asked.name, asked.business_manager) == ("enterprises/acme", COLLEAGUE)


def test_who_has_no_say_in_it_is_offered_nothing(lin: As) -> None:
    assert "Hand it over" not in lin(FINANCE).get("/enterprises/acme").text


def test_a_proposal_can_be_ended_and_may_be_for_nothing(lin: As, office: Office) -> None:
    proposed = ProductAssociation(
        name="enterprises/maker/productAssociations/3",
        product="enterprises/-/products/none",
        state=ProductAssociation.PROPOSED,
    )
    office.answers["ListProductAssociations"] = ListProductAssociationsResponse(
        product_associations=[proposed]
    )
    browser = lin(PROJECT_MANAGER)
    assert "no such product" in browser.get("/associations").text
    browser.fill("/associations", "/associations/maker/3/end")
    assert office.request("DissociateProduct").name == proposed.name


def test_associations_name_every_enterprise_however_many_there_are(lin: As, office: Office) -> None:
    opened = ProductAssociation(
        name="enterprises/maker/productAssociations/3",
        product="enterprises/old/products/lamp0001",
        owner="enterprises/old",
        owner_legal_name="The <Oldest> Ltd",
        manufacturer_legal_name="Makers & Sons",
    )
    office.answers["ListProductAssociations"] = ListProductAssociationsResponse(
        product_associations=[opened]
    )
    html = lin(PROJECT_MANAGER).get("/associations").text
    assert ">The &lt;Oldest&gt; Ltd</a>" in html
    assert ">Makers &amp; Sons</a>" in html
    assert not office.requests("ListEnterprises")


@pytest.mark.parametrize(
    "page", ["/associations/new", "/projects/new", "/priceLists/new", "/quotes"]
)
def test_every_customer_can_be_chosen_and_is_called_apart(
    lin: As, office: Office, page: str
) -> None:
    kinds = [Enterprise.BRAND_OWNER, Enterprise.MANUFACTURER]
    first, second, old = (
        Enterprise(name=f"enterprises/{id_}", legal_name=called, kinds=kinds, business_manager=ME)
        for id_, called in [("acme", "Acme"), ("acme-2", "Acme"), ("old", "The Oldest Ltd")]
    )
    pages = {
        "": ListEnterprisesResponse(enterprises=[first, second], next_page_token="more"),
        "more": ListEnterprisesResponse(enterprises=[old]),
    }
    office.answers["ListEnterprises"] = lambda asked: pages[asked.page_token]
    html = (
        lin(PROJECT_MANAGER if page.startswith(("/a", "/pro")) else BUSINESS_MANAGER).get(page).text
    )
    for value, called in [("acme", "Acme · acme"), ("acme-2", "Acme · acme-2"), ("old", "The Ol")]:
        assert re.search(f'<option value="enterprises/{value}"[^>]*>{called}', html)


def test_an_older_product_is_looked_for_to_be_opened(lin: As, office: Office) -> None:
    browser = lin(PROJECT_MANAGER)
    page = "/associations/new?owner=enterprises/acme&q=ws3g"
    assert "/associations/new?owner=enterprises/acme&amp;q=ws3g" in browser.get(page).text
    assert office.request("ListProducts").search == "ws3g"
    office.answers["ListProducts"] = ListProductsResponse()
    assert "is found by that." in browser.get(page).text


def test_a_project_is_made_of_a_customers_products(lin: As, office: Office) -> None:
    office.answers["CreateProject"] = a_project()
    product = "enterprises/acme/products/ws3gacme01"
    lin(PROJECT_MANAGER).fill(
        "/projects/new?owner=enterprises/acme",
        "/projects/new?owner=enterprises/acme",
        display_name="Plugs",
        project_manager=COLLEAGUE,
        products=product,
    )
    asked = office.request("CreateProject")
    assert (asked.parent, asked.project.display_name) == ("enterprises/acme", "Plugs")
    assert (asked.project.project_manager, list(asked.project.products)) == (COLLEAGUE, [product])


@pytest.mark.parametrize("page", ["/projects/new?owner=enterprises/acme", "/projects/acme/5"])
def test_products_beyond_the_list_are_looked_for_and_what_is_ticked_stays(
    lin: As, office: Office, page: str
) -> None:
    new, old = (f"enterprises/acme/products/{pid}" for pid in ("ws3gacme01", "old0acme01"))
    browser = lin(PROJECT_MANAGER)
    assert 'name="q"' not in browser.get(page).text
    office.answers["ListProducts"] = ListProductsResponse(
        products=[Product(name=old, pid="old0acme01")], next_page_token="more"
    )
    office.answers["GetProduct"] = Product(name=new, display_name="Wall <switch>")
    found = browser.fill(page, page, display_name="Plugs", products=[new], q="old0", find="1").text
    asked = office.request("ListProducts")
    assert (asked.search, asked.parent, asked.owner) == ("old0", *["enterprises/acme"] * 2)
    assert not office.requests("CreateProject") + office.requests("UpdateProject")
    assert f'value="{new}" checked' in found
    assert "Wall &lt;switch&gt;" in found
    assert f'value="{old}">' in found
    assert 'value="Plugs"' in found


def test_a_project_is_handed_on_and_closed_by_who_has_it(lin: As, office: Office) -> None:
    office.answers["UpdateProject"] = office.answers["CloseProject"] = a_project()
    browser, product = lin(PROJECT_MANAGER), "enterprises/acme/products/ws3gacme01"
    browser.fill(
        "/projects/acme/5",
        "/projects/acme/5",
        display_name="Plugs",
        project_manager=COLLEAGUE,
        products=product,
    )
    asked = office.request("UpdateProject")
    assert (asked.project.name, asked.project.etag) == ("enterprises/acme/projects/5", "1")
    assert (asked.project.project_manager, list(asked.project.products)) == (COLLEAGUE, [product])
    assert set(asked.update_mask.paths) == {"display_name", "project_manager", "products"}
    browser.fill("/projects/acme/5", "/projects/acme/5/close")
    assert office.request("CloseProject").name == "enterprises/acme/projects/5"


def test_who_may_not_change_a_project_is_told_who_may(lin: As, office: Office) -> None:
    office.answers["GetProject"] = a_project(project_manager=COLLEAGUE)
    office.answers["GetEnterprise"] = Enterprise(
        name="enterprises/acme", business_manager=COLLEAGUE, project_manager=COLLEAGUE
    )
    shown = lin(PROJECT_MANAGER).get("/projects/acme/5").text
    assert "certifiers may change it" in shown
    assert 'name="project_manager"' not in shown
    office.answers["GetProject"] = a_project(state=Project.CLOSED, products=[])
    shown = lin(PROJECT_MANAGER).get("/projects/acme/5").text
    assert "It is closed" in shown
    assert "/close" not in shown


def test_projects_are_listed_of_one_customer_or_in_ones_own_hands(lin: As, office: Office) -> None:
    browser = lin(PROJECT_MANAGER)
    browser.get("/projects?enterprise=acme")
    assert office.request("ListProjects").parent == "enterprises/acme"
    browser.get("/projects?mine=1")
    asked = office.request("ListProjects")
    assert (asked.parent, asked.project_manager) == ("enterprises/-", "accounts/me")


@pytest.mark.parametrize(
    ("page", "entry"), [("/licenseTypes/ipc", "/modules"), ("/quotes", "/priceLists")]
)
def test_pages_below_another_entry_say_where_one_is(lin: As, page: str, entry: str) -> None:
    assert f'<a href="{entry}" aria-current="page"' in lin(BUSINESS_MANAGER).get(page).text
