"""What an account, a session and a space are, without any database."""

from datetime import timedelta

import pytest
import time_machine

from services.authorization.domain.account import insist_on_good_password
from services.authorization.domain.errors import (
    BadEmail,
    BadPassword,
    BadPhone,
    BadText,
    ChangedSinceRead,
    PasswordIsTheAddress,
    SessionOver,
    SpaceNotFound,
)
from services.authorization.domain.events import AccountRegistered
from services.authorization.domain.rules import expect
from services.authorization.domain.session import SignInSession, new_secret
from services.authorization.domain.space import NOWHERE, Space, caller_in, choose
from services.authorization.passwords import hashed, matches
from services.authorization.tests.builders import a_manager, an_account, fixed_id
from shared.caller import Role
from shared.clock import now

IDLE, LIFETIME = timedelta(hours=12), timedelta(days=7)


def a_space(enterprise: str, *roles: Role) -> Space:
    return Space(enterprise=enterprise, display_name=enterprise.title(), roles=frozenset(roles))


def test_an_address_has_one_spelling() -> None:
    assert an_account(email="  Kim@ACME.example ").email == "kim@acme.example"


@pytest.mark.parametrize(
    "email", ["", "kim", "kim@acme", "@acme.example", "kim vale@acme.example", "a@b@c.d", "a\0@b.c"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(BadEmail):
        an_account(email=email)


@pytest.mark.parametrize(
    "phone", ["0571 5555", "+0 571 5555", "+86 call me", "+86", "+" + "1" * 16]
)
def test_what_is_no_international_number_is_refused(phone: str) -> None:
    with pytest.raises(BadPhone):
        an_account(phone=phone)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Kim\nVale", "Kim\0"])
def test_what_cannot_be_shown_is_no_name(name: str) -> None:
    with pytest.raises(BadText):
        an_account(display_name=name)


@pytest.mark.parametrize("password", ["", "123456789", "x" * 1001])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with pytest.raises(BadPassword):
        insist_on_good_password(password, email="kim@acme.example")


def test_a_password_is_not_the_address() -> None:
    with pytest.raises(PasswordIsTheAddress):
        insist_on_good_password("KIM@acme.example", email=" kim@acme.example")


@pytest.mark.usefixtures("as_always")
def test_a_password_matches_what_was_kept_of_it_and_nothing_else() -> None:
    kept = hashed("correct horse battery", email="kim@acme.example")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches("correct horse battery", kept)
    assert not matches("correct horse batterY", kept)
    assert not matches("correct horse battery", None)


def test_only_a_change_of_an_entry_is_told() -> None:
    manager = a_manager()
    manager.release_events()

    same = {"display_name": "Kim Vale", "phone": "", "staff_roles": [Role.BUSINESS_MANAGER]}
    manager.enter(**same)  # type: ignore[arg-type]
    assert manager.release_events() == []
    manager.enter(display_name="Kim Vale", phone="", staff_roles=[Role.FINANCE])
    [(sequence, told)] = manager.release_events()
    assert sequence == 2
    assert isinstance(told, AccountRegistered)
    assert told.staff_roles == (Role.FINANCE,)


def test_a_caller_acts_only_on_what_they_saw() -> None:
    account = an_account()
    account.version = 3

    expect(account, "")
    expect(account, "3")
    with pytest.raises(ChangedSinceRead):
        expect(account, "2")


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert min(map(len, secrets)) >= 43  # 256 bits in base64


def test_a_session_rests_and_lives_only_so_long() -> None:
    with time_machine.travel(now(), tick=False) as clock:
        session = SignInSession.open(account_id=fixed_id(1), space="acme")
        clock.shift(IDLE - timedelta(seconds=1))
        session.insist_open(idle=IDLE, lifetime=LIFETIME)
        session.use(space="globex")
        clock.shift(IDLE)
        with pytest.raises(SessionOver):
            session.insist_open(idle=IDLE, lifetime=LIFETIME)
        session.used_at = session.opened_at + LIFETIME
        clock.move_to(session.opened_at + LIFETIME)
        with pytest.raises(SessionOver):
            session.insist_open(idle=IDLE, lifetime=LIFETIME)
    assert session.space == "globex"


def test_a_space_is_the_one_asked_for_else_the_last_else_the_first() -> None:
    spaces = [a_space("acme"), a_space("globex")]

    assert choose(spaces, asked="enterprises/globex", last="acme").enterprise == "globex"
    assert choose(spaces, asked="", last="globex").enterprise == "globex"
    assert choose(spaces, asked="", last="initech").enterprise == "acme"
    assert choose(spaces, asked="").enterprise == "acme"
    assert choose([], asked="") is NOWHERE
    with pytest.raises(SpaceNotFound):
        choose(spaces, asked="enterprises/initech", last="acme")


def test_a_caller_has_the_roles_of_the_space_they_are_in() -> None:
    account = an_account()
    caller = caller_in(a_space("acme", Role.BUYER), account)

    assert (caller.account, caller.display_name) == (account.name, "Kim Vale")
    assert caller.enterprise == "acme"
    assert caller.roles == {Role.BUYER}
