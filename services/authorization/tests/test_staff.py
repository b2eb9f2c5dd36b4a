"""The vendor's own people: entered by the operator, never by themselves."""

import io
import sys

import pytest

from services.authorization.commands import enter_staff
from services.authorization.service import service
from services.authorization.tests.office import PASSWORD, Office
from shared.caller import Role
from shared.errors import Malformed, Unauthenticated

MANAGER = "wei.lin@millrun.example"


def run(
    office: Office, monkeypatch: pytest.MonkeyPatch, *words: str, password: str = PASSWORD
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    service.chores["staff"](office.served.runtime, list(words))


def enter(office: Office, **changed: object) -> str:
    entry = {"name": "Wei Lin", "roles": [Role.BUSINESS_MANAGER], "password": PASSWORD}
    return enter_staff(office.served.runtime, email=MANAGER, **(entry | changed))  # type: ignore[arg-type]


def test_the_operator_enters_somebody_who_then_signs_in(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    roles = ("--role", "business_manager", "--role", "project_manager")
    run(office, monkeypatch, "--email", MANAGER, "--name", "Wei Lin", *roles)
    session = office.sign_in(MANAGER)

    assert capsys.readouterr().out.splitlines()[0] == session.account.name
    assert office.caller(session).roles == {Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER}
    assert office.caller(session).display_name == "Wei Lin"


def test_entering_somebody_again_changes_nothing(office: Office) -> None:
    first = enter(office)
    session = office.sign_in(MANAGER)

    assert enter(office) == first
    assert office.told() == ["AccountRegistered"]
    assert office.exchange(session).access_token


def test_an_entry_is_corrected_and_told_again(office: Office) -> None:
    first = enter(office)
    session = office.sign_in(MANAGER)

    assert enter(office, roles=[Role.FINANCE], phone="+86 571 5555 0100") == first
    assert office.caller(office.exchange(session)).roles == {Role.FINANCE}
    told = office.letters()[-1]
    assert told["sequence"] == 2
    assert told["data"]["staffRoles"] == ["FINANCE"]
    assert told["data"]["phone"] == "+8657155550100"


def test_another_password_ends_the_sessions_opened_with_the_one_before(office: Office) -> None:
    enter(office)
    session = office.sign_in(MANAGER)
    enter(office, password="another one entirely")

    with pytest.raises(Unauthenticated):
        office.exchange(session)
    with pytest.raises(Unauthenticated):
        office.sign_in(MANAGER)
    assert office.sign_in(MANAGER, "another one entirely").access_token


def test_a_customer_who_is_hired_acts_for_no_customer_any_more(office: Office) -> None:
    admin = office.enterprise()
    email = admin.account.email
    enter_staff(
        office.served.runtime, email=email, name="Kim", roles=[Role.FINANCE], password=PASSWORD
    )

    session = office.sign_in(email)
    assert [space.enterprise for space in session.spaces] == [""]
    assert office.caller(session).roles == {Role.FINANCE}


@pytest.mark.parametrize("roles", [[], [Role.BUYER], [Role.FINANCE, Role.ADMINISTRATOR]])
def test_staff_have_the_vendors_roles_only(office: Office, roles: list[Role]) -> None:
    with pytest.raises(Malformed) as refused:
        enter(office, roles=roles)
    assert refused.value.reason == "BAD_STAFF_ROLE"
    assert office.told() == []


def test_what_cannot_be_ends_the_chore_with_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--email", MANAGER, "--name", "Wei Lin", "--role", "finance")
    with pytest.raises(SystemExit, match="A password has 10 to 1000 characters") as ended:
        run(office, monkeypatch, *words, password="short")
    assert "short" not in str(ended.value)
