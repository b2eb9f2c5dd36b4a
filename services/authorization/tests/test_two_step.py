"""Two-step sign-in: a code of one's own device after the password (reliability §4)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import account_pb2, sign_in_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.sign_in_pb2 import (
    ConfirmTwoStepRequest,
    DisableTwoStepRequest,
    EnrollTwoStepRequest,
    FinishSignInRequest,
    RenewRecoveryCodesRequest,
)

from services.authorization import chores
from services.authorization.tests.office import PASSWORD, Office
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Exhausted, Malformed, Unauthenticated
from shared.storage import EVERYTHING
from shared.testing.crowds import at_once
from shared.testing.databases import Databases
from shared.testing.serving import Serving

KIM = "kim@acme.example"
STEP = timedelta(seconds=30)


@pytest.fixture
def clock(office: Office) -> Iterator[time_machine.Traveller]:
    """Return what moves the time, which stands still once the servers run."""
    with time_machine.travel(now(), tick=False) as traveller:
        yield traveller


class Phone:
    """A device with the secret; shows the code of a moment."""

    def __init__(self, office: Office, who: pb.Session) -> None:
        request = EnrollTwoStepRequest(password=PASSWORD)
        self.scanned = office.ask(who).EnrollTwoStep(request)
        self._totp = pyotp.TOTP(self.scanned.secret)

    def shows(self, *, steps: int = 0) -> str:
        return self._totp.at(int(now().timestamp()) + 30 * steps)


@pytest.fixture
def kim(office: Office, clock: time_machine.Traveller) -> pb.Session:
    return office.person(KIM)


@pytest.fixture
def phone(office: Office, kim: pb.Session, clock: time_machine.Traveller) -> Phone:
    """Kim's phone, set up a minute ago."""
    phone = Phone(office, kim)
    confirm(office, kim, phone.shows())
    clock.shift(2 * STEP)
    return phone


def confirm(office: Office, who: pb.Session, code: str) -> list[str]:
    return list(office.ask(who).ConfirmTwoStep(ConfirmTwoStepRequest(code=code)).codes)


def finish(office: Office, half: pb.Session, code: str) -> pb.Session:
    request = FinishSignInRequest(challenge=half.challenge, code=code)
    return office.ask().FinishSignIn(request)


def test_a_device_is_set_up_by_what_it_scans(office: Office, kim: pb.Session) -> None:
    scanned = urlsplit(Phone(office, kim).scanned.uri)

    assert (scanned.scheme, scanned.netloc) == ("otpauth", "totp")
    assert parse_qs(scanned.query)["issuer"] == ["Millrun"]
    assert len(parse_qs(scanned.query)["secret"][0]) == 32
    assert office.sign_in(KIM).access_token  # nothing is asked for before it is confirmed


def test_a_sign_in_is_half_done_until_the_code_is_shown(office: Office, phone: Phone) -> None:
    half = office.sign_in(KIM)
    assert half == pb.Session(challenge=half.challenge)
    assert len(half.challenge) >= 43

    whole = finish(office, half, phone.shows())

    assert whole.account.email == KIM
    assert whole.account.HasField("two_step_time")
    assert office.exchange(whole).access_token


def test_a_wrong_password_is_answered_as_ever(office: Office, phone: Phone) -> None:
    with pytest.raises((Malformed, Unauthenticated)) as refused:
        office.sign_in(KIM, "wrong password")
    assert refused.value.reason == "WRONG_SIGN_IN"


def test_no_code_is_taken_twice(office: Office, phone: Phone) -> None:
    code = phone.shows()
    finish(office, office.sign_in(KIM), code)

    with pytest.raises((Malformed, Unauthenticated)) as refused:
        finish(office, office.sign_in(KIM), code)
    assert refused.value.reason == "WRONG_CODE"


def test_of_many_who_show_one_code_at_once_one_comes_in(office: Office, phone: Phone) -> None:
    halves = [office.sign_in(KIM) for _ in range(4)]
    code = phone.shows()

    def come(number: int) -> bool:
        try:
            return bool(finish(office, halves[number], code))
        except (Malformed, Unauthenticated):
            return False

    assert at_once(come, 4).count(True) == 1


def test_no_code_before_one_that_was_taken_counts(office: Office, phone: Phone) -> None:
    finish(office, office.sign_in(KIM), phone.shows())
    with pytest.raises((Malformed, Unauthenticated)):
        finish(office, office.sign_in(KIM), phone.shows(steps=-1))
    assert finish(office, office.sign_in(KIM), phone.shows(steps=1))


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(
    office: Office, phone: Phone, steps: int, right: bool
) -> None:
    half, code = office.sign_in(KIM), phone.shows(steps=steps)
    if right:
        assert finish(office, half, code)
    else:
        with pytest.raises((Malformed, Unauthenticated)):
            finish(office, half, code)


def test_a_challenge_ends_after_five_minutes_and_after_it_was_met(
    office: Office, phone: Phone, clock: time_machine.Traveller
) -> None:
    half = office.sign_in(KIM)
    finish(office, half, phone.shows())
    clock.shift(2 * STEP)
    with pytest.raises((Malformed, Unauthenticated)):
        finish(office, half, phone.shows())

    half = office.sign_in(KIM)
    clock.shift(timedelta(minutes=5))
    with pytest.raises((Malformed, Unauthenticated)) as refused:
        finish(office, half, phone.shows())
    assert refused.value.reason == "SECOND_STEP_OVER"


def test_codes_cannot_be_guessed_for_long_even_with_the_password(
    office: Office, phone: Phone
) -> None:
    """Five tries a challenge, all counted for the address, too: another challenge is no help."""
    first, second = office.sign_in(KIM), office.sign_in(KIM)
    for half in (first, second):
        for _ in range(5):
            with pytest.raises((Malformed, Unauthenticated)):
                finish(office, half, "000000")
    with pytest.raises((Malformed, Unauthenticated)) as over:
        finish(office, first, phone.shows())
    with pytest.raises(Exhausted) as refused:
        office.sign_in(KIM)

    assert over.value.reason == "SECOND_STEP_OVER"
    assert refused.value.reason == "TOO_MANY_FAILURES"


def test_a_right_password_forgives_nothing_before_the_code(office: Office, phone: Phone) -> None:
    half = office.sign_in(KIM)
    for _ in range(4):
        with pytest.raises((Malformed, Unauthenticated)):
            finish(office, half, "000000")
    office.sign_in(KIM)

    with office.database.transaction(EVERYTHING) as tx:
        assert tx.scalar(sa.text("select failures from sign_in_failures")) == 4
    finish(office, half, phone.shows())
    with office.database.transaction(EVERYTHING) as tx:
        assert tx.scalar(sa.text("select count(*) from sign_in_failures")) == 0


def test_each_recovery_code_replaces_the_device_once(office: Office, kim: pb.Session) -> None:
    phone = Phone(office, kim)
    codes = confirm(office, kim, phone.shows())
    assert len(set(codes)) == 10

    assert finish(office, office.sign_in(KIM), f" {codes[0].upper()} ")
    with pytest.raises((Malformed, Unauthenticated)):
        finish(office, office.sign_in(KIM), codes[0])
    assert finish(office, office.sign_in(KIM), codes[1])


def test_new_recovery_codes_end_the_earlier_ones(
    office: Office, kim: pb.Session, clock: time_machine.Traveller
) -> None:
    phone = Phone(office, kim)
    before = confirm(office, kim, phone.shows())
    clock.shift(STEP)

    request = RenewRecoveryCodesRequest(code=phone.shows())
    after = list(office.ask(kim).RenewRecoveryCodes(request).codes)

    assert not set(before) & set(after)
    with pytest.raises((Malformed, Unauthenticated)):
        finish(office, office.sign_in(KIM), before[0])
    assert finish(office, office.sign_in(KIM), after[0])


def test_nothing_of_it_is_told_and_recovery_codes_are_kept_hashed(
    office: Office, kim: pb.Session
) -> None:
    phone = Phone(office, kim)
    codes = confirm(office, kim, phone.shows())

    with office.database.transaction(EVERYTHING) as tx:
        told = [str(row) for row in tx.execute(sa.text("select body from outbox"))]
        kept = [str(row) for row in tx.execute(sa.text("select * from recovery_codes"))]
        requests = [str(row) for row in tx.execute(sa.text("select * from requests"))]
    assert len(kept) == 10
    assert not [row for row in (*kept, *told, *requests) if codes[0] in row]
    assert not [row for row in (*told, *requests) if phone.scanned.secret in row]


def test_it_is_set_up_with_the_password_and_only_once(
    office: Office, kim: pb.Session, phone: Phone
) -> None:
    lee = office.person("lee@acme.example")
    with pytest.raises((Malformed, Unauthenticated)) as refused:
        office.ask(lee).EnrollTwoStep(EnrollTwoStepRequest(password="wrong password"))
    assert refused.value.reason == "WRONG_PASSWORD"
    with pytest.raises(Disallowed) as refused_too:
        office.ask(lee).ConfirmTwoStep(ConfirmTwoStepRequest(code="123456"))
    assert refused_too.value.reason == "TWO_STEP_IS_OFF"
    with pytest.raises(Disallowed):
        office.ask(kim).EnrollTwoStep(EnrollTwoStepRequest(password=PASSWORD))
    with pytest.raises(Disallowed):
        confirm(office, kim, phone.shows())


def test_it_is_switched_off_with_a_code(office: Office, kim: pb.Session, phone: Phone) -> None:
    with pytest.raises((Malformed, Unauthenticated)):
        office.ask(kim).DisableTwoStep(DisableTwoStepRequest(code="000000"))
    assert office.sign_in(KIM).challenge

    office.ask(kim).DisableTwoStep(DisableTwoStepRequest(code=phone.shows()))

    assert office.sign_in(KIM).access_token


def test_a_code_typed_by_who_is_signed_in_cannot_be_guessed_for_long(
    office: Office, kim: pb.Session, phone: Phone
) -> None:
    for _ in range(10):
        with pytest.raises((Malformed, Unauthenticated)):
            office.ask(kim).DisableTwoStep(DisableTwoStepRequest(code="000000"))
    with pytest.raises(Exhausted):
        office.ask(kim).DisableTwoStep(DisableTwoStepRequest(code=phone.shows()))


def test_where_a_role_needs_it_nobody_acts_with_it_before_it_is_on(
    databases: Databases, serving: Serving, keys_folder: Path
) -> None:
    needed = frozenset({Role.FINANCE, Role.ADMINISTRATOR})
    office = Office(databases, serving, keys_folder, two_step_for=needed)
    staff = office.staff(Role.FINANCE)
    assert list(staff.needs) == [sign_in_pb2.TWO_STEP]
    assert not staff.spaces

    phone = Phone(office, staff)
    confirm(office, staff, phone.shows())

    assert [space.roles for space in office.exchange(staff).spaces] == [[account_pb2.FINANCE]]
    with pytest.raises(Disallowed) as refused:
        office.ask(staff).DisableTwoStep(DisableTwoStepRequest(code=phone.shows(steps=1)))
    assert refused.value.reason == "TWO_STEP_IS_REQUIRED"
    assert office.staff(Role.PRODUCTION).spaces


def test_the_operator_helps_who_lost_everything(office: Office, phone: Phone) -> None:
    chores.end_two_step(office.served.runtime, ["--email", KIM])

    assert office.sign_in(KIM).access_token
    with pytest.raises(SystemExit, match="Nobody has registered"):
        chores.end_two_step(office.served.runtime, ["--email", "nobody@acme.example"])
