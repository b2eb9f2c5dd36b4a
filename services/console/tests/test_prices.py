"""Licences, services, price lists and quotes on the console's pages."""

import re

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, FINANCE, PROJECT_MANAGER, Role
from millrun.authorization.v1.authorization_pb2 import ListEnterprisesResponse
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.catalog.v1.catalog_pb2 import ListPriceListsResponse
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.price_list_pb2 import PriceList
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService
from millrun.ordering.v1.order_pb2 import MASS_PRODUCTION, TRIAL_PRODUCTION

from services.console.pasting import RowNotUnderstood, entries_of, text_of
from services.console.tests.office import As, Office
from services.console.tests.papers import furnish
from services.console.tests.stock import LIST, a_price_list, cny, tiers
from shared.errors import Malformed

PAGE, NEW = f"/{LIST}", "/priceLists/new"


class ItemIdMalformed(Malformed):
    """ "{given}" is no name for the catalogue."""


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)


def test_a_licence_is_entered_changed_and_retired(lin: As, office: Office) -> None:
    office.answers["CreateLicenseType"] = LicenseType(name="licenseTypes/ipc")
    browser, about = lin(PROJECT_MANAGER), {"display_name": "IPC", "licenses": "One device."}
    browser.fill("/licenseTypes/new", sku="ipc", modules=["modules/wr3e"], **about)
    asked = office.request("CreateLicenseType")
    assert (asked.sku, list(asked.license_type.modules)) == ("ipc", ["modules/wr3e"])
    browser.fill("/licenseTypes/ipc", minimum_quantity="1,000", **about)
    changed = office.request("UpdateLicenseType").license_type
    assert (changed.name, changed.minimum_quantity, changed.etag) == ("licenseTypes/ipc", 1000, "2")
    browser.fill("/licenseTypes/ipc", "/licenseTypes/ipc/retire")
    assert office.request("RetireLicenseType").etag == "2"


def test_a_service_is_entered_changed_and_retired(lin: As, office: Office) -> None:
    name = "valueAddedServices/labels"
    office.answers["CreateValueAddedService"] = ValueAddedService(name=name)
    browser = lin(PROJECT_MANAGER)
    both = ["TRIAL_PRODUCTION", "MASS_PRODUCTION", "DEBUGGING"]
    browser.fill(
        "/valueAddedServices/new",
        value_added_service_id="labels",
        display_name="Labels",
        purposes=both,
    )
    asked = office.request("CreateValueAddedService")
    assert list(asked.value_added_service.purposes) == [TRIAL_PRODUCTION, MASS_PRODUCTION]
    browser.fill(f"/{name}", display_name="Labels", added_lead_time_days="3")
    changed = office.request("UpdateValueAddedService").value_added_service
    assert (changed.added_lead_time_days, changed.etag) == (3, "3")
    browser.fill(f"/{name}", f"/{name}/retire")
    assert office.request("RetireValueAddedService").name == name


def test_what_is_wrong_stands_beside_its_field(lin: As, office: Office) -> None:
    office.answers["CreateLicenseType"] = ItemIdMalformed(field="sku", given="IPC!")
    refused = lin(PROJECT_MANAGER).fill("/licenseTypes/new", sku="IPC!", display_name="x")
    assert refused.status_code == 400
    assert 'id="sku-error"' in refused.text
    assert "“IPC!”" in refused.text or "&#34;IPC!&#34; is no name" in refused.text


@pytest.mark.parametrize(
    ("role", "technical", "seller"),
    [(PROJECT_MANAGER, True, False), (BUSINESS_MANAGER, False, True), (FINANCE, False, False)],
)
def test_only_who_may_change_something_is_offered_to(
    lin: As, role: "Role.ValueType", technical: bool, seller: bool
) -> None:
    browser = lin(role)
    for page, way in (
        ("/modules/wr3e", "/modules/wr3e/edit"),
        ("/licenseTypes/ipc", "/licenseTypes/ipc/retire"),
        ("/valueAddedServices/labels", "/valueAddedServices/labels/retire"),
    ):
        assert (way in browser.get(page).text) is technical
    assert (f"{PAGE}/paste" in browser.get(PAGE).text) is seller
    assert browser.get("/priceLists/new").status_code == (200 if seller else 403)


def test_a_price_list_is_entered_for_a_customer_with_pasted_prices(lin: As, office: Office) -> None:
    office.answers["CreatePriceList"] = PriceList(name=LIST)
    lin(BUSINESS_MANAGER).fill(
        "/priceLists/new",
        display_name="Frame",
        currency="cny",
        enterprise="enterprises/acme",
        start_time="2026-04-01",
        end_time="2026-12-31",
        table="wr3e\t1\t14\nwr3e\t1,000\t12\n",
    )
    made = office.request("CreatePriceList").price_list
    assert (made.currency, made.enterprise) == ("CNY", "enterprises/acme")
    assert made.start_time.ToJsonString() == "2026-04-01T00:00:00Z"
    assert made.end_time.ToJsonString() == "2026-12-31T23:59:59Z"
    assert made.entries[0].item == "modules/wr3e"
    assert list(made.entries[0].charge.price_tiers) == tiers((1, 14), (1000, 12))


def test_a_list_for_everybody_names_no_customer(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    (customer,) = re.findall(r'<select[^>]*name="enterprise"[^>]*>', browser.get(NEW).text)
    assert "required" not in customer
    office.answers["CreatePriceList"] = PriceList(name=LIST)
    browser.fill(NEW, display_name="List prices", currency="CNY", enterprise="")
    assert office.request("CreatePriceList").price_list.enterprise == ""


def test_a_name_is_changed_without_moving_the_beginning(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    browser.fill(PAGE, display_name="New", start_time="2026-01-01", end_time="")
    assert list(office.request("UpdatePriceList").update_mask.paths) == ["display_name"]
    browser.fill(PAGE, display_name="New", start_time="2026-01-01", end_time="2026-05-31")
    changed = office.request("UpdatePriceList")
    assert list(changed.update_mask.paths) == ["display_name", "end_time"]
    assert (changed.price_list.etag, changed.price_list.name) == ("4", LIST)
    browser.fill(PAGE, f"{PAGE}/retire")
    assert office.request("RetirePriceList").etag == "4"


def test_a_price_is_set_tier_by_tier_with_its_fees(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    assert 'value="14.00"' in browser.get(f"{PAGE}/price?item=modules/wr3e").text
    browser.fill(
        f"{PAGE}/price",
        item="valueAddedServices/labels",
        from_1="1",
        unit_price_1="0.5",
        from_2="1,000",
        unit_price_2="0.4",
        setup_fee="250",
    )
    asked = office.request("SetPrices")
    (entry,) = asked.entries
    assert (asked.name, asked.etag, entry.item) == (LIST, "4", "valueAddedServices/labels")
    assert [tier.from_quantity for tier in entry.charge.price_tiers] == [1, 1000]
    assert (entry.charge.setup_fee, entry.charge.HasField("price_per_order")) == (cny(250), False)


def test_a_price_that_is_none_is_refused_beside_its_field(lin: As, office: Office) -> None:
    refused = lin(BUSINESS_MANAGER).fill(
        f"{PAGE}/price", item="modules/wr3e", from_1="1", unit_price_1="cheap"
    )
    assert 'id="unit_price_1-error"' in refused.text
    assert office.requests("SetPrices") == []


def test_prices_are_copied_out_changed_and_pasted_again(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    table = text_of(a_price_list().entries)
    assert "modules/wr3e\t1000\t12.00" in browser.get(f"{PAGE}/paste").text
    browser.fill(f"{PAGE}/paste", table=table)
    assert list(office.request("SetPrices").entries) == list(a_price_list().entries)


def test_a_row_that_cannot_be_read_is_named_and_no_price_changes(lin: As, office: Office) -> None:
    refused = lin(BUSINESS_MANAGER).fill(f"{PAGE}/paste", table="wr3e;1;14\nwr3e;1000;cheap")
    assert "Line 2 of the table cannot be read: modules/wr3e; 1000; cheap" in refused.text
    assert 'id="table-error"' in refused.text
    assert office.requests("SetPrices") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("wr3e", 1),
        ("wr3e;1;14;;;7", 1),
        ("\n;1;14", 2),
        ("wr3e;one;14", 1),
        ("wr3e;;14", 1),
        ("wr3e;1", 1),
        ("wr3e;1;14\n\nwr3e;10;NaN", 3),
    ],
)
def test_a_table_is_read_row_by_row(text: str, line: int) -> None:
    with pytest.raises(RowNotUnderstood) as refused:
        entries_of(text, "CNY")
    assert refused.value.facts["line"] == str(line)


def test_a_row_with_nothing_but_an_item_takes_it_off_the_list() -> None:
    (entry,) = entries_of("modules/wr3e;;", "CNY")
    assert (entry.item, len(entry.charge.price_tiers)) == ("modules/wr3e", 0)


def test_tiers_are_pasted_in_any_order() -> None:
    (entry,) = entries_of("wr3e\t1000\t12\nwr3e\t1\t14", "CNY")
    assert list(entry.charge.price_tiers) == tiers((1, 14), (1000, 12))


def test_a_quote_says_the_price_and_why(lin: As, office: Office) -> None:
    page = "/quotes?enterprise=enterprises/acme&item=modules/wr3e&quantity=130"
    shown = lin(FINANCE).get(page).text
    asked = office.request("QuotePrice")
    assert (asked.parent, asked.item, asked.quantity) == ("enterprises/acme", "modules/wr3e", 130)
    for said in ("1,820.00", "no own list has one", "100, 150", "1,000"):
        assert said in shown


def test_a_currency_is_agreed_with_a_customer(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    browser.fill("/quotes?enterprise=enterprises/acme", "/quotes/terms", currency="usd")
    asked = office.request("SetCustomerTerms")
    assert (asked.name, asked.currency, asked.etag) == (
        "enterprises/acme/customerTerms",
        "USD",
        "1",
    )


def customers(*called: str) -> ListEnterprisesResponse:
    found = [Enterprise(name=f"enterprises/c{n}", legal_name=n_) for n, n_ in enumerate(called)]
    return ListEnterprisesResponse(enterprises=found)


def test_the_lists_of_any_customer_are_found_by_what_the_customer_is_called(
    lin: As, office: Office
) -> None:
    office.answers["ListEnterprises"] = customers("The <Oldest> Ltd")
    office.answers["ListPriceLists"] = ListPriceListsResponse(price_lists=[a_price_list()])
    html = lin(FINANCE).get("/priceLists?customer=oldest&state=ACTIVE").text
    assert office.request("ListEnterprises").search == "oldest"
    asked = office.request("ListPriceLists")
    assert (asked.enterprise, asked.state) == ("enterprises/c0", PriceList.ACTIVE)
    assert f'href="{PAGE}"' in html


def test_of_several_customers_one_is_picked_and_of_none_it_is_said(lin: As, office: Office) -> None:
    office.answers["ListEnterprises"] = customers("Acme <Home>", "Acme <Home>", "Acme Labs")
    browser = lin(FINANCE)
    shown = browser.get("/priceLists?customer=acme", headers={"hx-request": "true"}).text
    assert "Which customer?" in shown
    assert 'href="/priceLists?enterprise=enterprises/c1">Acme &lt;Home&gt; · c1</a>' in shown
    assert "There are more" not in shown
    kept = browser.get("/priceLists?customer=acme&state=RETIRED").text
    assert 'href="/priceLists?enterprise=enterprises/c2&amp;state=RETIRED"' in kept
    office.answers["ListEnterprises"] = customers(*(f"Acme {n}" for n in range(21)))
    assert "There are more" in browser.get("/priceLists?customer=acme").text
    office.answers["ListEnterprises"] = customers()
    assert "No customer is found by that." in browser.get("/priceLists?customer=x").text
    assert not office.requests("ListPriceLists"), "nobody's lists are shown for somebody's"


def test_without_a_customer_nobody_is_looked_for_and_general_lists_can_be_picked(
    lin: As, office: Office
) -> None:
    browser = lin(FINANCE)
    browser.get("/priceLists?customer=+&enterprise=enterprises/-")
    assert office.request("ListPriceLists").enterprise == "enterprises/-"
    shown = browser.get("/priceLists?enterprise=enterprises/old").text
    assert 'value="enterprises/old" selected' in shown, "the filter says whose lists these are"
    assert not office.requests("ListEnterprises")
