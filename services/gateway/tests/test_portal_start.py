"""Coming in: signing in, registering, founding an enterprise, and what is to be done first."""

import pytest
from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import (
    ListAuthorizationsResponse,
    ListCertificationsResponse,
)
from millrun.authorization.v1.enterprise_pb2 import Certification, Enterprise
from millrun.catalog.v1.catalog_pb2 import ListProductsResponse
from millrun.contract.v1.contract_pb2 import ListContractsResponse
from millrun.contract.v1.signing_pb2 import Contract
from millrun.notification.v1.notification_pb2 import ListMessagesResponse
from millrun.ordering.v1.ordering_pb2 import ListOrdersResponse

from services.gateway.tests.house import ACME, House, sign_in
from services.gateway.tests.papers import a_contract, a_product, an_order, furnish
from shared.errors import Malformed
from shared.testing.pages import Browser


class BadPassword(Malformed):
    """A password has 10 to 200 characters."""

    fix = "Choose a longer one."


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)


@pytest.mark.parametrize("path", ["/", "/orders", "/orders/7", "/products", "/messages"])
def test_without_a_session_one_signs_in_first_and_goes_on_there(
    stranger: Browser, path: str
) -> None:
    sent = stranger.get(path)
    assert sent.url.path == "/sign-in"
    assert sent.url.params["next"] == path


def test_a_form_without_our_token_changes_nothing(house: House, chen: Browser) -> None:
    refused = chen.post("/orders/7/cancel", data={"reason": "forged"})
    assert refused.status_code == 403
    assert not house.was_asked("CancelOrder")


def test_who_registers_is_signed_in(house: House, stranger: Browser) -> None:
    home = stranger.fill(
        "/register", display_name="Chen Jie", email="chen@acme.example", password="correct horse"
    )
    asked = house.request("RegisterAccount")
    assert (asked.account.display_name, asked.password) == ("Chen Jie", "correct horse")
    assert home.url.path == "/"
    assert "Chen Jie" in home.text


def test_a_refused_registration_keeps_all_but_the_password(house: House, stranger: Browser) -> None:
    house.answers["RegisterAccount"] = BadPassword()
    refused = stranger.fill("/register", email="chen@acme.example", password="short")
    assert refused.status_code == 400
    assert "A password has 10 to 200 characters." in refused.text
    assert 'value="chen@acme.example"' in refused.text
    assert "short" not in refused.text


def test_who_belongs_nowhere_founds_an_enterprise_and_acts_in_it(
    house: House, stranger: Browser
) -> None:
    house.spaces = []
    sign_in(stranger)
    assert 'href="/enterprise/new"' in stranger.get("/").text
    house.spaces = [ACME]
    house.answers["CreateEnterprise"] = Enterprise(name=ACME)
    founded = stranger.fill("/enterprise/new", legal_name="Acme", kinds=["BRAND_OWNER", "NONSENSE"])
    assert founded.url.path == "/enterprise"
    asked = house.request("CreateEnterprise")
    assert (asked.enterprise.legal_name, list(asked.enterprise.kinds)) == ("Acme", [1])
    assert house.request("GetEnterprise").name == ACME


def test_the_vendors_people_are_told_where_they_work(house: House, stranger: Browser) -> None:
    house.spaces, house.roles = [""], [Role.BUSINESS_MANAGER]
    sign_in(stranger)
    assert "Your work is on the console" in stranger.get("/").text
    assert stranger.get("/orders").status_code == 403


def test_home_shows_what_waits_and_what_is_unread(chen: Browser) -> None:
    html = chen.get("/").text
    assert "Pay the deposit" in html
    assert "Order is confirmed" in html
    assert "Before you can order" not in html


@pytest.mark.parametrize(
    ("role", "who", "orders_here", "prepares"),
    [
        (Role.BUYER, "the buyer", True, True),
        (Role.RND, "the buyer", True, True),
        (Role.ENTERPRISE_FINANCE, "you", False, False),
        (Role.ADMINISTRATOR, "the buyer", False, True),
    ],
)
def test_home_says_who_has_to_do_it_and_offers_what_the_reader_may(
    house: House,
    stranger: Browser,
    role: "Role.ValueType",
    who: str,
    orders_here: bool,
    prepares: bool,
) -> None:
    house.roles = [role]
    house.answers["ListOrders"] = ListOrdersResponse(orders=[an_order(buyer="accounts/lee")])
    house.answers["ListAuthorizations"] = ListAuthorizationsResponse()
    sign_in(stranger)
    html = stranger.get("/").text
    assert f'<td data-label="Waiting on">{who}</td>' in html
    assert ('class="btn btn-primary" href="/purchase"' in html) == orders_here
    assert ("A buyer is authorized" in html) == prepares


def test_a_new_space_sees_each_step_with_its_link(house: House, chen: Browser) -> None:
    house.answers |= {
        "ListProducts": ListProductsResponse(products=[a_product("DEVELOPMENT", model="")]),
        "ListAuthorizations": ListAuthorizationsResponse(),
        "ListCertifications": ListCertificationsResponse(
            certifications=[Certification(state=Certification.PENDING)]
        ),
    }
    html = chen.get("/").text
    assert "Before you can order" in html
    assert html.count('class="task-done"') == 2
    assert "/products/acme/ws3gacme01/complete" in html
    assert "/enterprise/authorizations/new" in html


def test_an_addendum_waits_to_be_signed_although_its_order_goes_on(
    house: House, chen: Browser
) -> None:
    house.answers["ListContracts"] = ListContractsResponse(contracts=[a_contract("GENERATED")])
    house.answers["ListOrders"] = ListOrdersResponse()
    shown = chen.get("/").text
    assert "Addenda to sign" in shown
    assert 'href="/contracts/9"' in shown
    assert house.request("ListContracts").state == Contract.GENERATED

    waits = an_order(contract=f"{ACME}/contracts/9")
    house.answers["ListOrders"] = ListOrdersResponse(orders=[waits])
    assert "Addenda to sign" not in chen.get("/").text, "the order's line says it"


@pytest.mark.parametrize("away", ["ordering", "notification", "catalog", "contract"])
def test_home_is_there_even_when_a_service_is_not(chen: Browser, away: str) -> None:
    shown = chen.get("/")
    assert shown.status_code == 200
    assert "Chen Jie" in shown.text


def test_another_space_is_chosen_from_the_menu(house: House, stranger: Browser) -> None:
    house.spaces = [ACME, "enterprises/bora"]
    sign_in(stranger)
    assert 'href="/space"' in stranger.get("/").text
    stranger.fill("/space", space="enterprises/bora", next="/")
    assert house.request("ExchangeSession").space == "enterprises/bora"


def test_messages_are_opened_or_marked_as_read(house: House, chen: Browser) -> None:
    assert "Order is confirmed" in chen.get("/messages").text
    assert chen.fill("/messages", "/messages/1/read", open="yes").url.path == "/orders/7"
    assert house.request("ReadMessage").name == "accounts/chen/messages/1"
    assert chen.fill("/messages", "/messages/1/read", open="").url.path == "/messages"
    chen.get("/messages?unread=1")
    assert house.request("ListMessages").unread_only


def test_all_messages_are_marked_as_read_up_to_the_newest_that_is_shown(
    house: House, chen: Browser
) -> None:
    done = chen.fill("/messages", "/messages/read")
    asked = house.request("ReadMessages")
    newest = house.answers["ListMessages"].messages[0].name
    assert (asked.parent, asked.newest) == ("accounts/me", newest)
    assert asked.request_id
    assert (done.url.path, "All messages are read." in done.text) == ("/messages", True)

    assert "/messages/read" not in chen.get("/messages?page_token=x").text, "not the newest"
    house.answers["ListMessages"].unread = 100
    assert "Unread (99+)" in chen.get("/messages").text, "counting ends there"
    house.answers["ListMessages"] = ListMessagesResponse()
    assert "/messages/read" not in chen.get("/messages").text
    assert "You have read everything." in chen.get("/messages?unread=1").text
