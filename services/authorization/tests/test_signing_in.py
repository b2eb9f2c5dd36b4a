"""Registering, signing in, acting in one space after the other, signing out."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher
from millrun.authorization.v1 import account_pb2, sign_in_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub

from services.authorization import passwords
from services.authorization.commands import signing_in
from services.authorization.store import Credentials, tables
from services.authorization.store.names import account_id
from services.authorization.tests.office import PASSWORD, Office
from shared import call
from shared.call import Call
from shared.caller import Role
from shared.clock import now
from shared.errors import (
    Disallowed,
    Exhausted,
    Forbidden,
    Malformed,
    NotFound,
    Outdated,
    Refusal,
    Unauthenticated,
)
from shared.revoked import digest_of
from shared.storage import EVERYTHING
from shared.testing.crowds import at_once
from shared.testing.statements import statements

KIM = "kim@acme.example"


def test_who_registered_can_sign_in(office: Office) -> None:
    account = office.register("Kim@Acme.example", phone="+86 (571) 5555-0100")
    session = office.sign_in("KIM@acme.EXAMPLE")

    assert session.account == account
    assert (account.email, account.phone) == (KIM, "+8657155550100")
    assert office.told() == ["AccountRegistered"]


def test_who_has_no_space_yet_acts_nowhere(office: Office) -> None:
    session = office.person(KIM)

    assert not session.spaces
    assert session.space == account_pb2.Space()
    caller = office.caller(session)
    assert (caller.account, caller.enterprise) == (session.account.name, "")
    assert caller.roles == frozenset()


def test_an_address_is_registered_once(office: Office) -> None:
    office.register(KIM)

    with pytest.raises(Disallowed) as refused:
        office.register("KIM@ACME.example")

    assert refused.value.reason == "EMAIL_TAKEN"
    assert office.told() == ["AccountRegistered"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"email": "no address"}, "BAD_EMAIL"),
        ({"phone": "0571 5555"}, "BAD_PHONE"),
        ({"display_name": "x" * 201}, "BAD_TEXT"),
        ({"password": "too short"}, "BAD_PASSWORD"),
        ({"password": "KIM@acme.example"}, "PASSWORD_IS_THE_ADDRESS"),
        ({"password": ""}, "FIELDS_MISSING"),
        ({"display_name": ""}, "FIELDS_MISSING"),
    ],
)
def test_a_bad_registration_leaves_nothing(
    office: Office, given: dict[str, str], reason: str
) -> None:
    with pytest.raises(Malformed) as refused:
        office.register(**{"email": KIM, **given})

    assert refused.value.reason == reason
    with office.database.transaction(EVERYTHING) as tx:
        assert not tx.scalars(sa.select(tables.accounts.c.id)).all()


def test_a_wrong_address_and_a_wrong_password_are_answered_alike(office: Office) -> None:
    office.register(KIM)

    refusals = []
    for email, password in [(KIM, "wrong password"), ("nobody@acme.example", PASSWORD)]:
        with pytest.raises(Unauthenticated) as refused:
            office.sign_in(email, password)
        refusals.append((str(refused.value), refused.value.reason, refused.value.facts))

    assert refusals[0] == refusals[1]
    assert refusals[0][0] == "The address or the password is wrong."


@pytest.mark.parametrize("email", [KIM, "nobody@acme.example"])
def test_after_ten_failures_an_address_has_to_wait(office: Office, email: str) -> None:
    office.register(KIM)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(10):
            with pytest.raises(Unauthenticated):
                office.sign_in(email, "wrong password")
        with pytest.raises(Exhausted) as refused:
            office.sign_in(email)
        clock.shift(timedelta(minutes=14))
        with pytest.raises(Exhausted):
            office.sign_in(email)
        clock.shift(timedelta(minutes=1))
        if email == KIM:
            assert office.sign_in(email).access_token
        else:
            with pytest.raises(Unauthenticated):
                office.sign_in(email)

    assert refused.value.reason == "TOO_MANY_FAILURES"


def test_a_success_forgives_the_failures_before_it(office: Office) -> None:
    office.register(KIM)
    for _ in range(2):
        for _ in range(9):
            with pytest.raises(Unauthenticated):
                office.sign_in(KIM, "wrong password")
        office.sign_in(KIM)


def test_failures_of_many_at_once_are_all_counted(office: Office) -> None:
    office.register(KIM)

    at_once(lambda _: office.sign_in(KIM, "wrong password"), 8)

    with office.database.transaction(EVERYTHING) as tx:
        assert tx.scalar(sa.select(tables.sign_in_failures.c.failures)) == 8


def test_a_right_guess_among_too_many_at_once_opens_nothing(office: Office) -> None:
    office.register(KIM)
    proven = signing_in.prove(office.database, email=KIM, password=PASSWORD)
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            office.sign_in(KIM, "wrong password")

    with office.database.transaction(EVERYTHING) as tx, pytest.raises(Exhausted):
        signing_in.sign_in(tx, account_id=proven, space="")


def test_no_secret_is_kept_or_told(office: Office) -> None:
    admin = office.enterprise()
    office.exchange(admin)

    with office.database.transaction(EVERYTHING) as tx:
        kept = [
            str(row)
            for table in ("credentials", "sessions", "accounts", "requests", "outbox")
            for row in tx.execute(sa.text(f"select * from {table}"))
        ]
    assert not [row for row in kept if PASSWORD in row or admin.session_secret in row]
    assert not [row for row in kept if admin.access_token in row]


def test_a_founder_acts_in_their_enterprise(office: Office) -> None:
    admin = office.enterprise("acme")

    assert admin.space == account_pb2.Space(
        enterprise="enterprises/acme",
        display_name="Acme Ltd",
        roles=[account_pb2.ADMINISTRATOR],
    )
    assert office.caller(admin).enterprise == "acme"
    assert office.caller(admin).roles == {Role.ADMINISTRATOR}


def test_the_vendors_people_act_for_no_enterprise(office: Office) -> None:
    session = office.staff(Role.FINANCE)

    assert session.space.display_name == "Millrun"
    assert office.caller(session).enterprise == ""
    assert office.caller(session).roles == {Role.FINANCE}
    with pytest.raises(NotFound):
        office.exchange(session, space="enterprises/acme")


def test_somebody_with_two_spaces_switches_between_them(office: Office) -> None:
    acme, globex = office.enterprise("acme"), office.enterprise("globex")
    office.join(globex, acme.account.email, account_pb2.BUYER, account_pb2.RND)

    both = office.sign_in(acme.account.email)
    there = office.exchange(both, space="enterprises/globex")
    still_there = office.exchange(there)

    assert [space.enterprise for space in both.spaces] == ["enterprises/acme", "enterprises/globex"]
    assert both.space.enterprise == "enterprises/acme"
    assert office.caller(there).enterprise == "globex"
    assert office.caller(there).roles == {Role.BUYER, Role.RND}
    assert still_there.space == there.space
    direct = office.sign_in(acme.account.email, space="enterprises/globex")
    assert direct.space == there.space


def test_nobody_gets_into_a_space_that_is_not_theirs(office: Office) -> None:
    office.enterprise("globex")
    acme = office.enterprise("acme")

    for space in ("enterprises/globex", "enterprises/nowhere", "globex"):
        with pytest.raises(NotFound) as refused:
            office.exchange(acme, space=space)
        assert str(refused.value) == f"There is no space {space} in which you can act."


def test_people_read_their_own_account_and_staff_read_all(office: Office) -> None:
    kim, lee = office.person(KIM), office.person("lee@acme.example")
    mine = office.ask(kim).GetAccount(pb.GetAccountRequest(name="accounts/me"))
    seen = office.ask(office.staff(Role.FINANCE)).GetAccount(
        pb.GetAccountRequest(name=kim.account.name)
    )

    assert mine == seen == kim.account
    for name in (kim.account.name, "accounts/0190a0a0-0000-7000-8000-000000000001", "accounts/x"):
        with pytest.raises(NotFound) as refused:
            office.ask(lee).GetAccount(pb.GetAccountRequest(name=name))
        assert str(refused.value) == f"There is no account {name}."
    with pytest.raises(Unauthenticated):
        office.ask().GetAccount(pb.GetAccountRequest(name="accounts/me"))


def test_staff_are_listed_by_role_and_customers_see_no_list(office: Office) -> None:
    manager, finance = office.staff(Role.BUSINESS_MANAGER), office.staff(Role.FINANCE)
    admin = office.enterprise()

    everybody = office.ask(finance).ListStaff(pb.ListStaffRequest())
    managers = office.ask(finance).ListStaff(pb.ListStaffRequest(role=account_pb2.BUSINESS_MANAGER))

    assert [each.name for each in everybody.accounts] == [
        finance.account.name,
        manager.account.name,
    ]
    assert list(managers.accounts) == [manager.account]
    with pytest.raises(Forbidden):
        office.ask(admin).ListStaff(pb.ListStaffRequest())


@pytest.mark.usefixtures("as_always")
def test_a_password_kept_in_an_earlier_way_is_kept_anew_when_it_is_typed(office: Office) -> None:
    account = office.register(KIM)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with office.database.transaction(EVERYTHING) as tx:
        Credentials(tx).set(account_id(account.name), weak)
    kept = office.sign_in(KIM)

    with office.database.transaction(EVERYTHING) as tx:
        (_, now_kept) = Credentials(tx).of(KIM) or (None, "")
    assert now_kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert office.exchange(kept).access_token  # it is the same password: nothing ends
    assert office.sign_in(KIM).access_token


def from_(office: Office, network: str, email: str, password: str = PASSWORD) -> pb.Session:
    with call.within(Call(network=network)):
        stub = office.served.clients.of(AuthorizationServiceStub)
        return stub.SignIn(pb.SignInRequest(email=email, password=password))


@pytest.mark.parametrize(
    ("guessing", "neighbour", "elsewhere"),
    [
        ("198.51.100.7", "198.51.100.7", "198.51.100.8"),
        ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
    ],
)
def test_after_fifty_failures_a_network_has_to_wait(
    office: Office, guessing: str, neighbour: str, elsewhere: str
) -> None:
    """Whoever tries one password on many addresses; one of IPv6 is one of very many."""
    office.register(KIM)
    with office.database.transaction(EVERYTHING) as tx:
        for number in range(49):
            signing_in.failed(tx, f"somebody{number}@acme.example", guessing)
    assert from_(office, neighbour, KIM).access_token
    with pytest.raises(Unauthenticated):
        from_(office, guessing, "nobody@acme.example", "wrong password")

    refusals = []
    for email in (KIM, "nobody@acme.example"):
        with pytest.raises(Exhausted) as refused:
            from_(office, neighbour, email)
        refusals.append(str(refused.value))

    assert set(refusals) == {"Signing in failed 50 times in 15 minutes from where you are."}
    assert from_(office, elsewhere, KIM).access_token


def test_a_right_password_forgives_the_address_and_not_the_network(office: Office) -> None:
    office.register(KIM)
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            from_(office, "198.51.100.7", KIM, "wrong password")
        from_(office, "198.51.100.7", KIM)

    with office.database.transaction(EVERYTHING) as tx:
        assert tx.scalars(sa.select(tables.sign_in_failures.c.failures)).all() == [3]


def test_an_unknown_address_takes_as_long_as_a_known_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same statements, and a password checked either way: what takes the time is the same."""
    office.register(KIM)
    checked = Mock(wraps=passwords.matches)
    monkeypatch.setattr(passwords, "matches", checked)
    spoken = []
    for email in (KIM, "nobody@acme.example"):
        with statements(office.database) as said, pytest.raises(Unauthenticated):
            office.sign_in(email, "wrong password")
        spoken.append(said)

    assert spoken[0] == spoken[1]
    assert checked.call_count == 2


def test_a_new_password_ends_the_other_sessions(office: Office) -> None:
    first, second = office.person(KIM), office.sign_in(KIM)
    request = sign_in_pb2.ChangePasswordRequest(
        current_password=PASSWORD, new_password="another battery, correct", session=second.name
    )
    office.ask(second).ChangePassword(request)

    with pytest.raises(Unauthenticated):
        office.exchange(first)
    assert office.exchange(second).access_token
    with pytest.raises(Unauthenticated):
        office.sign_in(KIM)
    assert office.revoked() == [digest_of(first.account.name, "")]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"current_password": "wrong password"}, "WRONG_PASSWORD"),
        ({"new_password": "short"}, "BAD_PASSWORD"),
        ({"new_password": KIM}, "PASSWORD_IS_THE_ADDRESS"),
        ({"session": "accounts/x/sessions/y"}, "SESSION_NOT_FOUND"),
    ],
)
def test_a_password_is_not_changed_like_that(
    office: Office, changed: dict[str, str], reason: str
) -> None:
    kim = office.person(KIM)
    given = {"current_password": PASSWORD, "new_password": "another battery, correct"} | changed
    with pytest.raises(Refusal) as refused:
        office.ask(kim).ChangePassword(sign_in_pb2.ChangePasswordRequest(**given))
    assert refused.value.reason == reason
    assert office.sign_in(KIM).access_token


def test_a_present_password_cannot_be_guessed_for_long(office: Office) -> None:
    kim = office.person(KIM)
    request = sign_in_pb2.ChangePasswordRequest(
        current_password="wrong password", new_password="another battery, correct"
    )
    for _ in range(10):
        with pytest.raises(Malformed):
            office.ask(kim).ChangePassword(request)
    with pytest.raises(Exhausted):
        office.ask(kim).ChangePassword(request)


def test_people_say_themselves_what_they_are_called(office: Office) -> None:
    kim, lee = office.person(KIM), office.person("lee@acme.example")
    wanted = sign_in_pb2.UpdateAccountRequest(
        name="accounts/me", display_name="Kim V. Vale", phone="+86 571 5555 0101"
    )
    changed = office.ask(kim).UpdateAccount(wanted)
    assert (changed.display_name, changed.phone) == ("Kim V. Vale", "+8657155550101")
    assert office.told()[-1] == "AccountPhoneChanged"

    wanted.phone, wanted.etag = "", changed.etag
    assert not office.ask(kim).UpdateAccount(wanted).phone
    with pytest.raises(Outdated):
        office.ask(kim).UpdateAccount(wanted)
    wanted.name, wanted.etag = kim.account.name, ""
    with pytest.raises(NotFound):
        office.ask(lee).UpdateAccount(wanted)
