"""Signing in at an OpenID Connect provider: a small real one, on loopback."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import account_pb2, sign_in_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from services.authorization import provider
from services.authorization.settings import AuthorizationSettings
from services.authorization.tests.office import Office
from services.authorization.tests.openid import CLIENT, SECRET, OpenId, openid
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Unauthenticated, Unavailable
from shared.revoked import digest_of
from shared.storage import EVERYTHING
from shared.testing.databases import Databases
from shared.testing.serving import Serving

KIM = "kim@acme.example"
BACK = "https://portal.example/sign-in/provider/back"

Offices = Callable[..., Office]


@pytest.fixture
def idp() -> Iterator[OpenId]:
    with openid() as idp:
        yield idp


@pytest.fixture
def offices(databases: Databases, serving: Serving, keys_folder: Path, idp: OpenId) -> Offices:
    def office(**given: Any) -> Office:
        settings = {
            "provider_issuer": idp.issuer,
            "provider_name": "Acme ID",
            "provider_client_id": CLIENT,
            "provider_client_secret": SECRET,
        }
        return Office(databases, serving, keys_folder, **(settings | given))

    return office


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices()


def begin(office: Office) -> sign_in_pb2.ProviderQuestion:
    request = sign_in_pb2.BeginProviderSignInRequest(redirect_uri=BACK)
    return office.ask().BeginProviderSignIn(request)


def finish(office: Office, came_back: dict[str, str]) -> pb.Session:
    request = sign_in_pb2.FinishProviderSignInRequest(**came_back)
    return office.ask().FinishProviderSignIn(request)


def sign_in(office: Office, idp: OpenId) -> pb.Session:
    return finish(office, idp.visit(begin(office).url))


def test_whoever_the_provider_knows_gets_an_account_without_a_password(
    office: Office, idp: OpenId
) -> None:
    session = sign_in(office, idp)

    assert (session.account.email, session.account.display_name) == (KIM, "Kim Vale")
    assert session.account.provider == "Acme ID"
    assert session.account.HasField("verify_time")
    assert office.exchange(session).access_token
    with pytest.raises(Unauthenticated):
        office.sign_in(KIM)
    with pytest.raises(Disallowed) as refused:
        office.ask(session).ChangePassword(
            sign_in_pb2.ChangePasswordRequest(current_password="x" * 10, new_password="y" * 10)
        )
    assert refused.value.reason == "NO_PASSWORD"


@pytest.mark.parametrize(("told", "name"), [("Kim\u202e Vale", "Kim Vale"), ("\u200f", "kim")])
def test_the_name_a_provider_tells_cannot_be_shown_as_another(
    office: Office, idp: OpenId, told: str, name: str
) -> None:
    idp.changed = {"name": told}
    assert sign_in(office, idp).account.display_name == name


def test_who_comes_again_is_who_came_before_even_with_another_address(
    office: Office, idp: OpenId
) -> None:
    first = sign_in(office, idp)
    idp.person["email"] = "kim.vale@acme.example"

    assert sign_in(office, idp).account == first.account


def test_the_pages_are_told_what_the_button_says(office: Office) -> None:
    options = office.ask().GetSignInOptions(sign_in_pb2.GetSignInOptionsRequest())
    assert options.provider == "Acme ID"


def test_without_a_provider_there_is_none(offices: Offices) -> None:
    office = offices(provider_issuer="")
    assert not office.ask().GetSignInOptions(sign_in_pb2.GetSignInOptionsRequest()).provider
    with pytest.raises(Disallowed) as refused:
        begin(office)
    assert refused.value.reason == "NO_PROVIDER"


def test_the_secret_may_be_in_a_file(offices: Offices, idp: OpenId, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    given = {"provider_client_secret": "", "provider_client_secret_file": tmp_path / "secret"}
    assert sign_in(offices(**given), idp).access_token
    assert SECRET not in repr(AuthorizationSettings(provider_client_secret=SECRET))


def test_a_verified_account_is_linked_and_keeps_its_password(office: Office, idp: OpenId) -> None:
    kim = office.person(KIM)
    with office.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text("update accounts set verified_at = now()"))

    session = sign_in(office, idp)

    assert session.account.name == kim.account.name
    assert not session.account.provider
    assert office.exchange(kim).access_token
    assert office.sign_in(KIM).access_token


def test_who_registered_with_somebody_elses_address_is_shut_out(
    office: Office, idp: OpenId
) -> None:
    """The address was never verified: what was prepared with it must not be there for its owner."""
    stranger = office.person(KIM)

    session = sign_in(office, idp)

    assert session.account.provider == "Acme ID"
    with pytest.raises(Unauthenticated):
        office.exchange(stranger)
    with pytest.raises(Unauthenticated):
        office.sign_in(KIM)
    assert office.revoked() == [digest_of(stranger.account.name, "")]


def test_an_address_given_to_somebody_new_does_not_open_the_old_account(
    office: Office, idp: OpenId
) -> None:
    sign_in(office, idp)
    idp.person["sub"] = "somebody new"

    with pytest.raises(Forbidden) as refused:
        sign_in(office, idp)
    assert refused.value.reason == "PROVIDER_KNOWS_ANOTHER"


WRONG: dict[str, dict[str, Any]] = {
    "for another question": {"nonce": "another"},
    "for no question": {"nonce": None},
    "for somebody else": {"aud": "another-client"},
    "for nobody": {"aud": None},
    "for two, without saying whose": {"aud": [CLIENT, "another"]},
    "for two, said to be the other's": {"aud": [CLIENT, "another"], "azp": "another"},
    "authorized for another": {"azp": "another"},
    "by another issuer": {"iss": "https://id.evil.example"},
    "by nobody": {"iss": None},
    "over": {"exp": 1},
    "without end": {"exp": None},
    "with an end that is a word": {"exp": "tomorrow"},
    "from the future": {"iat": 2**40},
    "of no time": {"iat": None},
    "not valid yet": {"nbf": 2**40},
    "about nobody": {"sub": None},
    "about a number": {"sub": 7},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_for_us_and_now_is_not_believed(
    office: Office, idp: OpenId, changed: dict[str, Any]
) -> None:
    idp.changed = changed
    with pytest.raises(Unauthenticated) as refused:
        sign_in(office, idp)
    assert refused.value.reason == "PROVIDER_REFUSED"
    with office.database.transaction(EVERYTHING) as tx:
        assert not tx.execute(sa.text("select * from accounts")).all()


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_only_our_algorithms_sign(office: Office, idp: OpenId, algorithm: str) -> None:
    """Nothing unsigned, nothing signed with what we know, too, nothing we did not choose."""
    idp.algorithm = algorithm
    with pytest.raises(Unauthenticated) as refused:
        sign_in(office, idp)
    assert refused.value.reason == "PROVIDER_REFUSED"


def test_a_key_the_provider_does_not_publish_signs_nothing(office: Office, idp: OpenId) -> None:
    sign_in(office, idp)
    published, came_back = idp.key, idp.visit(begin(office).url)
    idp.rotate()
    stranger, idp.key = idp.key, published
    idp.token = lambda asked, made=idp.token: _by(idp, stranger, made, asked)  # type: ignore[method-assign,misc]
    with pytest.raises(Unauthenticated):
        finish(office, came_back)


def _by(idp: OpenId, key: Any, made: Callable[[dict[str, str]], str], asked: dict[str, str]) -> str:
    published, idp.key = idp.key, key
    try:
        return made(asked)
    finally:
        idp.key = published


def test_a_new_key_of_the_provider_is_found(
    office: Office, idp: OpenId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "KEYS_AGAIN", -1.0)
    sign_in(office, idp)
    idp.rotate()

    assert sign_in(office, idp).access_token
    asked = idp.asked_for_keys
    sign_in(office, idp)
    assert idp.asked_for_keys == asked


def test_unknown_keys_do_not_make_us_ask_all_the_time(office: Office, idp: OpenId) -> None:
    sign_in(office, idp)
    idp.rotate()
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            sign_in(office, idp)
    assert idp.asked_for_keys == 1


@pytest.mark.parametrize(
    "changed", [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}]
)
def test_an_address_the_provider_did_not_verify_links_nothing(
    office: Office, idp: OpenId, changed: dict[str, Any]
) -> None:
    idp.changed = changed
    with pytest.raises(Forbidden) as refused:
        sign_in(office, idp)
    assert refused.value.reason == "PROVIDER_MAIL_NOT_VERIFIED"


def test_a_provider_that_says_nothing_about_addresses_may_be_trusted_with_them(
    offices: Offices, idp: OpenId
) -> None:
    office = offices(provider_verifies_mail=True)
    idp.changed = {"email_verified": None}
    assert sign_in(office, idp).access_token
    idp.changed = {"email_verified": False}
    with pytest.raises(Forbidden):
        sign_in(office, idp)


@pytest.mark.parametrize("email", [None, "", "no address"])
def test_without_an_address_there_is_no_account(
    office: Office, idp: OpenId, email: str | None
) -> None:
    idp.changed = {"email": email}
    with pytest.raises(Forbidden):
        sign_in(office, idp)


def test_a_sign_in_is_finished_once_by_who_began_it_and_in_time(
    office: Office, idp: OpenId
) -> None:
    came_back = idp.visit(begin(office).url)
    finish(office, came_back)
    for over in (came_back, {**idp.visit(begin(office).url), "state": "made up"}):
        with pytest.raises(Unauthenticated) as refused:
            finish(office, over)
        assert refused.value.reason == "PROVIDER_SIGN_IN_OVER"
    with time_machine.travel(now(), tick=False) as clock:
        late = idp.visit(begin(office).url)
        clock.shift(timedelta(minutes=10))
        with pytest.raises(Unauthenticated):
            finish(office, late)


def test_a_code_of_another_sign_in_is_refused(office: Office, idp: OpenId) -> None:
    """PKCE: a code that was stolen and put into another browser's sign-in opens nothing."""
    stolen, own = idp.visit(begin(office).url), idp.visit(begin(office).url)
    with pytest.raises(Unauthenticated) as refused:
        finish(office, {"state": own["state"], "code": stolen["code"]})
    assert refused.value.reason == "PROVIDER_REFUSED"


def test_a_provider_that_is_away_is_said_to_be(office: Office, idp: OpenId) -> None:
    idp.down = True
    with pytest.raises(Unavailable) as refused:
        begin(office)
    assert "Acme ID does not answer" in str(refused.value)
    idp.down = False
    came_back = idp.visit(begin(office).url)
    idp.down = True
    with pytest.raises(Unavailable):
        finish(office, came_back)


def test_a_provider_that_calls_itself_otherwise_is_not_asked(office: Office, idp: OpenId) -> None:
    idp.told_issuer = "https://id.evil.example"
    with pytest.raises(Unavailable):
        begin(office)


@pytest.mark.parametrize(
    ("place", "safe"),
    [
        ("https://id.example/token", True),
        ("http://127.0.0.1:9/token", True),
        ("http://id.example/token", False),
        ("ftp://127.0.0.1/token", False),
        ("http://127.0.0.1.evil.example/", False),
        ("", False),
    ],
)
def test_what_is_secret_goes_nowhere_in_the_open(place: str, safe: bool) -> None:
    assert provider._is_safe(place) is safe


def test_groups_give_the_vendors_roles_and_take_them(offices: Offices, idp: OpenId) -> None:
    office = offices(provider_roles={"till": Role.FINANCE, "fab": Role.PRODUCTION})
    idp.person["groups"] = ["till", "canteen"]
    finance = sign_in(office, idp)
    assert finance.space.roles == [account_pb2.FINANCE]

    idp.person["groups"] = ["fab"]
    assert sign_in(office, idp).space.roles == [account_pb2.PRODUCTION]
    idp.person["groups"] = []
    assert not sign_in(office, idp).spaces
    assert set(office.revoked()) == {digest_of(finance.account.name, "")}


def test_groups_give_nothing_unless_it_is_set_or_to_accounts_with_a_password(
    offices: Offices, idp: OpenId
) -> None:
    idp.person["groups"] = ["till"]
    assert not sign_in(offices(), idp).spaces
    office = offices(provider_roles={"till": Role.FINANCE})
    idp.person |= {"sub": "another", "email": "business_manager@millrun.example"}
    office.staff(Role.BUSINESS_MANAGER)

    assert sign_in(office, idp).space.roles == [account_pb2.BUSINESS_MANAGER]
