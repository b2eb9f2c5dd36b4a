"""Signing in and out, and choosing where to act."""

import pytest
from millrun.authorization.v1.account_pb2 import Revocation

from shared.clients import Clients
from shared.errors import Forbidden
from shared.revoked import digest_of
from shared.testing.pages import Browser, listening
from shared.testing.waits import eventually
from shared.web.pages import within
from shared.web.session import Visitor
from shared.web.tests.conftest import Authorization, edge, sign_in


def test_a_page_behind_the_door_leads_to_the_door_and_back(browser: Browser) -> None:
    away = browser.get("/orders?q=1", follow_redirects=False)
    assert away.headers["location"] == "/sign-in?next=/orders%3Fq%3D1"

    arrived = browser.fill(
        away.headers["location"],
        "/sign-in",
        email="chen@acme.example",
        password="correct horse",
    )

    assert arrived.url.path == "/orders"
    assert "MR-2026-000001" in arrived.text


def test_a_wrong_password_is_one_sentence_and_keeps_the_address(browser: Browser) -> None:
    refused = browser.fill("/sign-in", email="chen@acme.example", password="nope", next="/orders")

    assert refused.status_code == 401
    assert "Address or password is wrong." in refused.text
    assert 'value="chen@acme.example"' in refused.text
    assert 'name="next" value="/orders"' in refused.text
    assert "nope" not in refused.text


def test_somebody_with_several_spaces_chooses_one(browser: Browser) -> None:
    assert sign_in(browser, "li").url.path == "/space"

    chosen = browser.fill("/space?next=/orders", "/space", space="enterprises/bora")

    assert chosen.url.path == "/orders"
    assert "Bora Electronics" in chosen.text


def test_the_session_is_exchanged_once_while_its_token_lasts(
    browser: Browser, authorization: Authorization
) -> None:
    sign_in(browser)
    for _ in range(3):
        browser.get("/orders")
    assert authorization.exchanged == 1


def test_a_token_about_to_end_is_exchanged_again(
    browser: Browser, authorization: Authorization
) -> None:
    authorization.lifetime = 20
    sign_in(browser)
    browser.get("/orders")
    before = authorization.exchanged
    browser.get("/orders")
    assert authorization.exchanged == before + 1


def test_the_browser_holds_the_next_secret_after_each_exchange(
    browser: Browser, authorization: Authorization
) -> None:
    authorization.rotates, authorization.lifetime = True, 20
    sign_in(browser)
    held = set()
    for _ in range(3):
        browser.get("/orders")
        held.add(browser.cookies["portal-session"])
    assert len(held) == 3


def test_who_holds_an_earlier_secret_for_a_moment_costs_no_exchange(
    browser: Browser, authorization: Authorization
) -> None:
    authorization.rotates = True
    sign_in(browser)
    earlier = browser.cookies["portal-session"]
    browser.get("/orders")
    exchanged = authorization.exchanged
    browser.get("/orders")
    browser.cookies.set("portal-session", earlier, domain="127.0.0.1")
    browser.get("/orders")
    assert authorization.exchanged == exchanged


def test_a_form_outlives_the_secret_of_its_session(
    browser: Browser, authorization: Authorization
) -> None:
    authorization.rotates, authorization.lifetime = True, 20
    sign_in(browser, "li")
    shown = browser.get("/space?next=/orders")
    browser.get("/orders")
    chosen = browser.submit(shown, "/space", space="enterprises/bora")
    assert "Bora Electronics" in chosen.text


def test_a_token_that_ended_early_is_exchanged_and_the_page_is_shown(
    browser: Browser, authorization: Authorization
) -> None:
    sign_in(browser)
    assert "Newest" in browser.get("/me").text
    authorization.exchanged += 1  # no token given so far is the newest any more

    shown = browser.get("/me")

    assert "Newest" in shown.text
    assert shown.status_code == 200


def test_a_token_that_ended_early_leads_to_the_door_if_the_session_ended_too(
    browser: Browser, authorization: Authorization
) -> None:
    sign_in(browser)
    browser.get("/me")
    authorization.exchanged += 1
    authorization.ended.add("secret-of-chen@acme.example")
    assert browser.get("/me").url.path == "/sign-in"


def test_what_an_edge_keeps_is_dropped_when_rights_were_taken(
    browser: Browser, authorization: Authorization
) -> None:
    sign_in(browser)
    browser.get("/orders")
    exchanged = authorization.exchanged
    authorization.revoked.append(Revocation(digest=digest_of("accounts/Chen", ""), position=1))

    def exchanged_again() -> bool:
        browser.get("/orders")
        return authorization.exchanged > exchanged

    assert eventually(exchanged_again)


def test_services_are_told_where_a_request_came_from(
    browser: Browser, authorization: Authorization
) -> None:
    sign_in(browser)
    headers = {"x-forwarded-for": "203.0.113.9", "millrun-network": "203.0.113.9"}
    browser.get("/me", headers={**headers, "user-agent": "Browser ~ 1.0"})
    assert authorization.metadata["millrun-network"] == "127.0.0.1"
    assert authorization.metadata["millrun-device"] == "Browser ~ 1.0"


def test_who_signs_out_is_out_at_once(browser: Browser, authorization: Authorization) -> None:
    sign_in(browser)
    out = browser.fill("/orders", "/sign-out")

    assert "You are signed out." in out.text
    assert authorization.ended == {"secret-of-chen@acme.example"}
    assert browser.get("/orders", follow_redirects=False).status_code == 303


def test_a_session_ended_elsewhere_leads_to_the_door(
    browser: Browser, authorization: Authorization
) -> None:
    authorization.lifetime = 20
    sign_in(browser)
    authorization.ended.add("secret-of-chen@acme.example")
    assert browser.get("/orders").url.path == "/sign-in"
    assert "portal-session" not in browser.cookies


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    response = sign_in(browser).history[0]
    session = next(
        cookie
        for cookie in response.headers.get_list("set-cookie")
        if cookie.startswith("portal-session=")
    )
    assert "HttpOnly" in session
    assert "SameSite=lax" in session


def test_over_https_cookies_are_bound_to_the_host(clients: Clients) -> None:
    app = edge(clients, public_url="https://portal.example")
    with listening(app) as origin, Browser(origin) as secure:
        cookie = secure.get("/sign-in").headers["set-cookie"]
        assert cookie.startswith("__Host-portal-csrf=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert "strict-transport-security" in secure.get("/sign-in").headers


class NotForYou(Forbidden):
    """This door is not yours."""


def _only_li(visitor: Visitor) -> None:
    if visitor.email != "li@acme.example":
        raise NotForYou


def test_an_edge_admits_only_whom_it_is_for(clients: Clients, authorization: Authorization) -> None:
    with listening(edge(clients, _only_li)) as origin, Browser(origin) as browser:
        refused = sign_in(browser)
        assert "This door is not yours." in refused.text
        assert authorization.ended == {"secret-of-chen@acme.example"}
        assert "portal-session" not in browser.cookies
        assert sign_in(browser, "li").url.path == "/space"


def test_a_session_of_somebody_an_edge_is_not_for_opens_nothing(clients: Clients) -> None:
    with listening(edge(clients, _only_li)) as origin, Browser(origin) as browser:
        browser.cookies.set("portal-session", "secret-of-chen@acme.example")
        refused = browser.get("/orders")
    assert refused.status_code == 403
    assert "This door is not yours." in refused.text


@pytest.mark.parametrize(
    "url", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "", "x"]
)
def test_nobody_is_led_to_another_site(url: str) -> None:
    assert within(url) == "/"


def test_a_page_of_ours_may_be_returned_to() -> None:
    assert within("/orders?q=1") == "/orders?q=1"
