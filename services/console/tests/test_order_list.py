"""The vendor's list of orders: of all customers or one, by what is asked for, and as a file."""

from google.api.httpbody_pb2 import HttpBody
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, FINANCE, PRODUCTION
from millrun.authorization.v1.authorization_pb2 import (
    ListEnterprisesRequest,
    ListEnterprisesResponse,
)
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.ordering.v1.ordering_pb2 import ExportOrdersRequest, ListOrdersResponse

from services.console.tests.office import As, Office
from services.console.tests.papers import an_order, furnish
from shared.references import creditor_reference


def test_orders_of_all_customers_or_of_one_are_listed(lin: As, office: Office) -> None:
    furnish(office)
    browser = lin(BUSINESS_MANAGER)
    browser.get("/orders?sort=submit_time")
    assert office.request("ListOrders").parent == "enterprises/-"
    assert office.request("ListOrders").order_by == "submit_time"
    html = browser.get("/orders?customer=enterprises/acme&manager=accounts/bo&q=PO-1").text
    asked = office.request("ListOrders")

    assert (asked.parent, asked.business_manager) == ("enterprises/acme", "accounts/bo")
    assert 'href="/orders?manager=accounts%2Fbo&amp;q=PO-1"' in html
    assert "format=XLSX&amp;rows=ORDERS&amp;customer=enterprises%2Facme" in html


def customers(asked: ListEnterprisesRequest) -> ListEnterprisesResponse:
    """Answer with a page of one customer; the list has as many pages as one asks for."""
    number = int(asked.page_token or 1)
    one = Enterprise(name=f"enterprises/c{number}", legal_name=f"Customer {number}")
    return ListEnterprisesResponse(enterprises=[one], next_page_token=str(number + 1))


def test_a_customer_is_chosen_however_many_there_are(lin: As, office: Office) -> None:
    furnish(office)
    office.answers["ListEnterprises"] = lambda asked: (
        customers(asked)
        if asked.page_token in {"", "2"}
        else ListEnterprisesResponse(
            enterprises=[Enterprise(name="enterprises/old", legal_name="The Oldest Ltd")]
        )
    )
    html = lin(BUSINESS_MANAGER).get("/orders?customer=enterprises/old").text
    for option in (
        '"enterprises/c1">Customer 1<',
        '"enterprises/c2">Customer 2<',
        '"enterprises/old" selected>The Oldest Ltd<',
    ):
        assert f"<option value={option}" in html
    assert "the page of any other one leads to its orders" not in html


def test_who_is_not_among_the_customers_is_told_of_and_stays_chosen(
    lin: As, office: Office
) -> None:
    furnish(office)
    office.answers["ListEnterprises"] = customers
    browser = lin(BUSINESS_MANAGER)
    html = browser.get("/orders?customer=enterprises/old").text
    assert '<option value="enterprises/old" selected>old<' in html
    assert "; the page of any other one leads to its orders." in html
    every = '<a href="/orders?customer=enterprises/acme">All orders of this customer</a>'
    assert every in browser.get("/enterprises/acme").text


def test_a_draft_that_says_no_legal_name_yet_says_whose_it_is(lin: As, office: Office) -> None:
    furnish(office)
    draft = an_order(state="DRAFT", enterprise_legal_name="")
    office.answers |= {"ListOrders": ListOrdersResponse(orders=[draft]), "GetOrder": draft}
    browser = lin(BUSINESS_MANAGER)
    known = office.answers["ListEnterprises"].enterprises[0].legal_name
    assert f'<td data-label="Customer">{known}</td>' in browser.get("/orders").text
    office.answers["ListEnterprises"] = ListEnterprisesResponse()
    assert '<td data-label="Customer">acme</td>' in browser.get("/orders").text
    page = browser.get("/orders/acme/7").text
    assert "<a href='/enterprises/acme'>acme</a>" in page


def test_the_listed_orders_come_as_a_file(lin: As, office: Office) -> None:
    furnish(office)
    office.answers["ExportOrders"] = [HttpBody(content_type="text/csv", data=b"order_no")]
    browser = lin(BUSINESS_MANAGER)
    file = browser.get("/orders/export?customer=enterprises/acme&state=INTENTION&rows=LINES")
    asked = office.request("ExportOrders")

    assert (file.content, file.headers["content-type"]) == (b"order_no", "text/csv; charset=utf-8")
    assert (asked.parent, list(asked.states)) == ("enterprises/acme", [2])
    assert (asked.rows, asked.format) == (ExportOrdersRequest.LINES, 0)


def test_who_has_a_statement_of_the_bank_finds_the_order_by_its_reference(
    lin: As, office: Office
) -> None:
    furnish(office)
    reference = creditor_reference("MR-2026-000007", "deposit")
    lin(FINANCE).get(f"/orders?q={reference.lower()}")
    assert office.request("ListOrders").search == "MR-2026-000007"


def test_nothing_found_says_what_to_do(lin: As, office: Office) -> None:
    furnish(office)
    office.answers["ListOrders"] = ListOrdersResponse()
    assert "Take a filter off" in lin(BUSINESS_MANAGER).get("/orders?q=PO-9").text


def test_production_sees_no_list_with_prices_and_takes_none_away(lin: As, office: Office) -> None:
    furnish(office)
    browser = lin(PRODUCTION)
    assert browser.get("/orders").status_code == 403
    assert browser.get("/orders/export").status_code == 403
