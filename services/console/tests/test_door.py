"""Who comes in, and what each role can open."""

import pytest
from millrun.authorization.v1.account_pb2 import (
    BUSINESS_MANAGER,
    CERTIFIER,
    FINANCE,
    PRODUCTION,
    PROJECT_MANAGER,
)

from services.console.settings import ConsoleSettings
from services.console.tests.office import ACME, As, Office, sign_in
from services.console.tests.papers import furnish
from shared.testing.pages import Browser


def test_a_customer_is_sent_to_the_portal(stranger: Browser, office: Office) -> None:
    office.spaces = [ACME]
    refused = stranger.fill("/sign-in", email="chen@acme.example", password="correct horse")

    assert refused.url.path == "/sign-in"
    assert "The console is for the vendor&#39;s own people." in refused.text
    assert "https://portal.example" in refused.text
    assert office.request("SignOut").session_secret == office.secret
    assert "console-session" not in stranger.cookies


def test_without_a_session_there_is_a_door(stranger: Browser) -> None:
    assert stranger.get("/orders").url.path == "/sign-in"


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        (PRODUCTION, "/orders"),
        (PRODUCTION, "/payments"),
        (CERTIFIER, "/orders/acme/7"),
        (CERTIFIER, "/modules"),
        (PRODUCTION, "/priceLists"),
        (PRODUCTION, "/quotes"),
        (FINANCE, "/modules/new"),
        (PROJECT_MANAGER, "/priceLists/new"),
        (PROJECT_MANAGER, "/contracts"),
        (BUSINESS_MANAGER, "/payments/acme/7/book"),
        (PROJECT_MANAGER, "/orders/acme/7/price"),
        (BUSINESS_MANAGER, "/certifications"),
    ],
)
def test_a_role_opens_only_its_own_pages(lin: As, office: Office, role, closed: str) -> None:
    furnish(office)
    browser = lin(role)
    assert browser.get(closed).status_code == 403
    assert f'href="{closed}"' not in browser.get("/").text


def test_a_form_without_its_token_is_refused(lin: As, office: Office) -> None:
    furnish(office)
    browser = lin(BUSINESS_MANAGER)
    refused = browser.post("/orders/acme/7/hold", data={"reason": "because"})
    assert refused.status_code == 403
    assert office.requests("HoldOrder") == []


def test_who_loses_a_role_loses_its_pages(stranger: Browser, office: Office) -> None:
    furnish(office)
    office.roles = [FINANCE]
    sign_in(stranger)
    assert stranger.get("/payments").status_code == 200
    office.roles = [CERTIFIER]
    stranger.fill("/", "/sign-out")
    sign_in(stranger)
    assert stranger.get("/payments").status_code == 403


def test_the_portal_is_where_the_gateway_is() -> None:
    assert ConsoleSettings(peers={"gateway": "127.0.0.1:81"}).portal == "http://127.0.0.1:81"
    assert ConsoleSettings(portal_url="https://p.example").portal == "https://p.example"
