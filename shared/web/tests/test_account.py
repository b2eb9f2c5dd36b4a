"""One's own account, the second step, the way back in, and signing in elsewhere."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from google.protobuf.empty_pb2 import Empty
from millrun.authorization.v1.account_pb2 import Account, ListSessionsResponse, SignInSession
from millrun.authorization.v1.authorization_pb2 import Session
from millrun.authorization.v1.sign_in_pb2 import (
    Need,
    ProviderQuestion,
    RecoveryCodes,
    SignInOptions,
    TwoStepEnrollment,
)

from shared.clients import Clients
from shared.errors import Exhausted, Malformed, Unauthenticated
from shared.testing.pages import Browser, listening
from shared.web.devices import device
from shared.web.tests.conftest import ACME, Authorization, edge, refuse, sign_in

NAME = "accounts/Chen/sessions/1"
CODE = "123456"


class WrongCode(Malformed):
    """The code is wrong."""

    def __init__(self) -> None:
        super().__init__(field="code")


class WrongPassword(Malformed):
    """That is not your password."""

    def __init__(self) -> None:
        super().__init__(field="current_password")


class StepOver(Unauthenticated):
    """The time for the second step is over."""


class Gate(Authorization):
    """Asks for a code, if told to; knows a provider; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.challenges = self.over = False
        self.needs: list[Any] = []
        self.provider = ""
        self.account = Account(display_name="Chen", email="chen@acme.example", etag="7")
        self.asked: dict[str, Any] = {}

    def SignIn(self, request: Any, context: Any) -> Session:
        session = super().SignIn(request, context)
        return Session(challenge=f"half-{request.email}") if self.challenges else session

    def FinishSignIn(self, request: Any, context: Any) -> Session:
        if self.over:
            refuse(context, StepOver())
        self._insist(request, context)
        return self._session("secret-of-chen@acme.example", [], "")

    def GetSignInOptions(self, request: Any, context: Any) -> SignInOptions:
        return SignInOptions(provider=self.provider)

    def BeginProviderSignIn(self, request: Any, context: Any) -> ProviderQuestion:
        self.asked["BeginProviderSignIn"] = request
        return ProviderQuestion(url="https://id.example/authorize?client_id=x", state="the-state")

    def FinishProviderSignIn(self, request: Any, context: Any) -> Session:
        self.asked["FinishProviderSignIn"] = request
        return self._session("secret-of-chen@acme.example", [], "")

    def GetAccount(self, request: Any, context: Any) -> Account:
        return self.account

    def ListSessions(self, request: Any, context: Any) -> ListSessionsResponse:
        phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"
        return ListSessionsResponse(
            sessions=[
                SignInSession(name=NAME, device="curl/8", network="198.51.100.7"),
                SignInSession(name="accounts/Chen/sessions/2", device=phone),
            ]
        )

    def ConfirmTwoStep(self, request: Any, context: Any) -> RecoveryCodes:
        self._insist(request, context)
        return RecoveryCodes(codes=["abcde-fghjk", "mnpqr-stuvw"])

    def EnrollTwoStep(self, request: Any, context: Any) -> TwoStepEnrollment:
        return TwoStepEnrollment(secret="ABCDEFGH", uri="otpauth://totp/x?secret=ABCDEFGH")

    def ChangePassword(self, request: Any, context: Any) -> Empty:
        self.asked["ChangePassword"] = request
        if request.current_password != "correct horse":
            refuse(context, WrongPassword())
        return Empty()

    def RequestPasswordReset(self, request: Any, context: Any) -> Empty:
        if request.email.startswith("often"):
            refuse(context, Exhausted())
        return Empty()

    def ResetPassword(self, request: Any, context: Any) -> Empty:
        self._insist(request, context)
        return Empty()

    def _insist(self, request: Any, context: Any) -> None:
        if request.code != CODE:
            refuse(context, WrongCode())

    def _session(self, secret: str, spaces: list[Any], space: str) -> Session:
        session = super()._session(secret, spaces or ALL, space)
        session.name = NAME
        session.needs.extend(self.needs)
        return session


def _kept(method: str) -> Any:
    def answer(self: Gate, request: Any, context: Any) -> Any:
        self.asked[method] = request
        return Account() if method == "UpdateAccount" else Empty()

    return answer


for each in ("UpdateAccount", "EndSession", "EndOtherSessions", "VerifyAddress", "DisableTwoStep"):
    setattr(Gate, each, _kept(each))


ALL = [ACME]


@pytest.fixture
def authorization() -> Gate:
    return Gate()  # type: ignore[abstract]


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    sign_in(browser)
    return browser


def test_after_the_password_a_code_is_asked_for(browser: Browser, authorization: Gate) -> None:
    authorization.challenges = True
    asked = browser.fill(
        "/sign-in?next=/orders", "/sign-in", email="chen@acme.example", password="correct horse"
    )
    assert asked.url.path == "/sign-in/code"
    assert "portal-session" not in browser.cookies

    refused = browser.submit(asked, "/sign-in/code", code="000000")
    assert refused.status_code == 400
    assert "The code is wrong." in refused.text
    arrived = browser.submit(refused, "/sign-in/code", code=CODE)

    assert arrived.url.path == "/orders"
    assert "portal-challenge" not in browser.cookies


def test_a_second_step_that_is_over_says_so(browser: Browser, authorization: Gate) -> None:
    authorization.challenges = authorization.over = True
    asked = browser.fill("/sign-in", email="chen@acme.example", password="correct horse")
    refused = browser.submit(asked, "/sign-in/code", code=CODE)
    assert "The time for the second step is over." in refused.text
    assert 'href="/sign-in"' in refused.text


def test_without_a_password_there_is_no_second_step(browser: Browser) -> None:
    assert browser.get("/sign-in/code").url.path == "/sign-in"


def test_a_forgotten_password_is_replaced_with_a_code(browser: Browser) -> None:
    asked = browser.fill("/forgotten", email="chen@acme.example")
    assert asked.url.path == "/forgotten/code"
    assert 'value="chen@acme.example"' in asked.text

    again = browser.submit(
        asked, "/forgotten/code", email="a@b.example", code="0", new_password="p"
    )
    assert "The code is wrong." in again.text
    assert 'value="a@b.example"' in again.text
    done = browser.submit(
        again, "/forgotten/code", email="a@b.example", code=CODE, new_password="p"
    )

    assert done.url.path == "/sign-in"
    assert "Your password is changed." in done.text


def test_the_page_says_the_same_of_every_address(browser: Browser) -> None:
    pages = [
        browser.fill("/forgotten", email=email).text.replace(email.partition("@")[0], "…")
        for email in ("chen@acme.example", "nobody@acme.example")
    ]
    assert pages[0] == pages[1]
    assert browser.fill("/forgotten", email="often@acme.example").status_code == 429


def test_without_a_provider_there_is_no_button(browser: Browser, authorization: Gate) -> None:
    assert "/sign-in/provider" not in browser.get("/sign-in").text
    authorization.provider = "Acme ID"
    assert "Sign in with Acme ID" in browser.get("/sign-in").text


def test_a_sign_in_elsewhere_goes_there_and_comes_back(
    browser: Browser, authorization: Gate
) -> None:
    left = browser.get("/sign-in/provider?next=/orders", follow_redirects=False)
    assert left.headers["location"] == "https://id.example/authorize?client_id=x"
    sent = authorization.asked["BeginProviderSignIn"].redirect_uri
    assert urlsplit(sent).path == "/sign-in/provider/back"

    arrived = browser.get("/sign-in/provider/back?state=the-state&code=c")

    assert arrived.url.path == "/orders"
    assert authorization.asked["FinishProviderSignIn"].code == "c"
    assert "portal-state" not in browser.cookies


@pytest.mark.parametrize(
    "came", ["state=another&code=c", "state=the-state&error=access_denied", "code=c", ""]
)
def test_what_was_not_begun_here_or_was_given_up_is_not_finished(
    browser: Browser, authorization: Gate, came: str
) -> None:
    browser.get("/sign-in/provider", follow_redirects=False)
    assert browser.get(f"/sign-in/provider/back?{came}").url.path == "/sign-in"
    assert "FinishProviderSignIn" not in authorization.asked


def test_nobody_comes_back_who_never_left(browser: Browser, authorization: Gate) -> None:
    assert browser.get("/sign-in/provider/back?state=&code=c").url.path == "/sign-in"
    assert "FinishProviderSignIn" not in authorization.asked


def test_a_provider_leads_to_no_other_site(browser: Browser) -> None:
    browser.get("/sign-in/provider?next=https://evil.example", follow_redirects=False)
    arrived = browser.get("/sign-in/provider/back?state=the-state&code=c", follow_redirects=False)
    assert arrived.headers["location"] == "/"


def test_people_see_and_change_what_they_are_called(
    signed_in: Browser, authorization: Gate
) -> None:
    shown = signed_in.get("/account")
    assert 'value="Chen"' in shown.text
    signed_in.submit(shown, "/account", display_name="Chen Jie", phone="", etag="7")
    asked = authorization.asked["UpdateAccount"]
    assert (asked.name, asked.display_name, asked.etag) == ("accounts/me", "Chen Jie", "7")


def test_people_see_where_they_are_signed_in_and_end_it(
    signed_in: Browser, authorization: Gate
) -> None:
    shown = signed_in.get("/account")
    assert "Safari, iPhone" in shown.text
    assert shown.text.count("This device") == 1
    assert "198.51.100.7" in shown.text

    signed_in.submit(shown, "/account/sessions/end", name="accounts/Chen/sessions/2")
    assert authorization.asked["EndSession"].name == "accounts/Chen/sessions/2"
    signed_in.submit(shown, "/account/sessions/end-others")
    assert authorization.asked["EndOtherSessions"].name == NAME


def test_a_new_password_keeps_this_session_and_a_wrong_one_signs_nobody_out(
    signed_in: Browser, authorization: Gate
) -> None:
    refused = signed_in.fill(
        "/account", "/account/password", current_password="nope", new_password="p" * 10
    )
    assert refused.status_code == 400
    assert "That is not your password." in refused.text
    assert "p" * 10 not in refused.text

    done = signed_in.submit(
        refused, "/account/password", current_password="correct horse", new_password="p" * 10
    )
    assert "Your password is changed." in done.text
    assert authorization.asked["ChangePassword"].session == NAME


def test_two_step_sign_in_is_set_up_with_a_picture(signed_in: Browser, authorization: Gate) -> None:
    shown = signed_in.fill("/account/two-step", "/account/two-step/set-up", password="p")
    assert "ABCD EFGH" in shown.text
    assert 'src="data:image/svg+xml' in shown.text

    again = signed_in.submit(shown, "/account/two-step/confirm", code="000000")
    assert "The code is wrong." in again.text
    assert "ABCD EFGH" in again.text
    done = signed_in.submit(again, "/account/two-step/confirm", code=CODE)

    assert "abcde-fghjk" in done.text
    assert done.headers["cache-control"] == "no-store"


def test_two_step_sign_in_is_switched_off(signed_in: Browser, authorization: Gate) -> None:
    authorization.account.two_step_time.GetCurrentTime()
    assert "/account/two-step/set-up" not in signed_in.get("/account/two-step").text
    signed_in.fill("/account/two-step", "/account/two-step/off", code=CODE)
    assert authorization.asked["DisableTwoStep"].code == CODE


def test_who_signs_in_elsewhere_has_no_password_here(
    signed_in: Browser, authorization: Gate
) -> None:
    authorization.account.provider = "Acme ID"
    shown = signed_in.get("/account").text
    assert "You sign in with Acme ID" in shown
    assert "current_password" not in shown


def test_an_address_is_verified_with_a_code(signed_in: Browser, authorization: Gate) -> None:
    signed_in.fill("/account", "/account/verify", code="1234 5678")
    asked = authorization.asked["VerifyAddress"]
    assert (asked.email, asked.code) == ("chen@acme.example", "1234 5678")
    authorization.account.verify_time.GetCurrentTime()
    assert "/account/verify" not in signed_in.get("/account").text


@pytest.mark.parametrize(
    ("need", "way"),
    [(Need.TWO_STEP, "/account/two-step"), (Need.VERIFY_ADDRESS, "/account#address")],
)
def test_who_has_to_do_something_first_is_told_so_on_every_page(
    browser: Browser, authorization: Gate, need: Any, way: str
) -> None:
    authorization.needs = [need]
    sign_in(browser)
    assert f'href="{way}"' in browser.get("/orders").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537 Edg/120", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone) MicroMessenger/8", "WeChat, iPhone"),
        ("order-sync/2.1", "order-sync/2.1"),
        ("x" * 100, "x" * 40),
        ("", ""),
    ],
)
def test_a_device_is_called_as_people_know_it(said: str, words: str) -> None:
    assert device(said) == words


def test_over_https_the_redirect_address_is_the_public_one(
    clients: Clients, authorization: Gate
) -> None:
    app = edge(clients, public_url="https://portal.example")
    with listening(app) as origin, Browser(origin) as secure:
        secure.get("/sign-in/provider", follow_redirects=False)
    sent = authorization.asked["BeginProviderSignIn"].redirect_uri
    assert sent == "https://portal.example/sign-in/provider/back"
