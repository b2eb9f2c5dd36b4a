"""Codes by mail: an address is verified, a forgotten password replaced (reliability §4)."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
import structlog
import time_machine
from google.protobuf.empty_pb2 import Empty
from grpc_status import rpc_status
from millrun.authorization.v1 import account_pb2, sign_in_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceServicer

from services.authorization.clocks import forget_sign_ins
from services.authorization.sending import send_code
from services.authorization.store import tables
from services.authorization.tests.office import PASSWORD, Office
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Exhausted, Forbidden, Malformed, Refusal, Unauthenticated
from shared.errors import Unavailable as Away
from shared.revoked import digest_of
from shared.status import status_of
from shared.storage import EVERYTHING
from shared.testing.crowds import at_once
from shared.testing.databases import Databases
from shared.testing.serving import Peer, Serving

KIM = "kim@acme.example"
OTHER = "another battery, correct"


class Post(NotificationServiceServicer):
    """Takes mail for authorization, and shows it."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.tokens: list[str] = []
        self.refusal: Refusal | None = None

    def SendMail(self, request: Any, context: Any) -> Empty:
        if self.refusal:
            context.abort_with_status(rpc_status.to_status(status_of(self.refusal, "a.millrun")))
        self.mails.append(request)
        self.tokens.append(dict(context.invocation_metadata())["authorization"])
        return Empty()

    def code(self) -> str:
        """The code in the mail that came last."""
        found = re.search(r"\d{4} \d{4}", self.mails[-1].text)
        assert found
        return found[0]


@pytest.fixture
def post() -> Post:
    return Post()  # type: ignore[abstract]


Offices = Callable[..., Office]


@pytest.fixture
def offices(
    databases: Databases, serving: Serving, keys_folder: Path, peer: Peer, post: Post
) -> Offices:
    return lambda **given: Office(databases, serving, keys_folder, peers=peer(post), **given)


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices()


class NoWay(Disallowed):
    """There is no way to send mail."""

    fix = "Whoever runs it sets one."


def sent(office: Office) -> int:
    """Send what is due; return how much it was."""
    count = 0
    while send_code(office.served.runtime):
        count += 1
    return count


def verify(office: Office, code: str, email: str = KIM) -> None:
    office.ask().VerifyAddress(sign_in_pb2.VerifyAddressRequest(email=email, code=code))


def forget(office: Office, email: str = KIM) -> None:
    office.ask().RequestPasswordReset(sign_in_pb2.RequestPasswordResetRequest(email=email))


def reset(office: Office, code: str, email: str = KIM, password: str = OTHER) -> None:
    request = sign_in_pb2.ResetPasswordRequest(email=email, code=code, new_password=password)
    office.ask().ResetPassword(request)


def test_who_registers_is_sent_a_code_that_verifies_the_address(office: Office, post: Post) -> None:
    account = office.register(KIM)
    assert not account.HasField("verify_time")

    assert sent(office) == 1
    verify(office, post.code())

    assert post.mails[0].address == KIM
    assert office.sign_in(KIM).account.HasField("verify_time")
    assert not office.sign_in(KIM).needs


def test_authorization_says_who_it_is_when_it_sends_mail(office: Office, post: Post) -> None:
    office.register(KIM)
    sent(office)

    caller = office.verifier.caller(post.tokens[0].removeprefix("Bearer "))
    assert (caller.account, caller.roles) == ("services/authorization", frozenset())


def test_that_there_is_no_mail_is_logged_with_what_to_set(office: Office, post: Post) -> None:
    office.register(KIM)
    post.refusal = NoWay()
    with structlog.testing.capture_logs() as logs:
        assert sent(office) == 1
    (told,) = (each for each in logs if each["event"] == "code not sent")
    assert (told["why"], told["fix"]) == (str(NoWay()), NoWay.fix)


def test_a_code_is_good_once_for_one_thing_and_one_address(office: Office, post: Post) -> None:
    office.register(KIM)
    office.register("lee@acme.example")
    sent(office)
    code = re.findall(r"\d{4} \d{4}", post.mails[0].text)[0]

    for wrong in (
        lambda: verify(office, code, post.mails[1].address),
        lambda: reset(office, code, post.mails[0].address),
        lambda: verify(office, "00000000", post.mails[0].address),
    ):
        with pytest.raises((Malformed, Unauthenticated)) as refused:
            wrong()
        assert refused.value.reason == "WRONG_CODE"
    verify(office, code, post.mails[0].address)
    with pytest.raises((Malformed, Unauthenticated)):
        verify(office, code, post.mails[0].address)


def test_a_code_ends_after_a_quarter_of_an_hour_and_after_five_tries(
    office: Office, post: Post
) -> None:
    office.register(KIM)
    with time_machine.travel(now(), tick=False) as clock:
        forget(office)
        sent(office)
        clock.shift(timedelta(minutes=15))
        with pytest.raises((Malformed, Unauthenticated)):
            reset(office, post.code())
        forget(office)
        sent(office)
        for _ in range(5):
            with pytest.raises((Malformed, Unauthenticated)):
                reset(office, "0000 0000")
        with pytest.raises((Malformed, Unauthenticated)):
            reset(office, post.code())


def test_only_one_of_many_who_use_a_code_at_once_succeeds(office: Office, post: Post) -> None:
    office.register(KIM)
    forget(office)
    sent(office)
    code = post.code()

    def use(number: int) -> bool:
        try:
            reset(office, code, password=f"{OTHER} {number}")
        except (Malformed, Unauthenticated):
            return False
        return True

    assert at_once(use, 4).count(True) == 1


def test_a_forgotten_password_is_replaced_and_every_session_ends(
    office: Office, post: Post
) -> None:
    kim = office.person(KIM)
    forget(office)
    sent(office)

    reset(office, post.code())

    with pytest.raises((Malformed, Unauthenticated)):
        office.exchange(kim)
    with pytest.raises((Malformed, Unauthenticated)):
        office.sign_in(KIM)
    assert office.sign_in(KIM, OTHER).account.HasField("verify_time")
    assert office.revoked() == [digest_of(kim.account.name, "")]


def test_a_weak_new_password_uses_up_no_code(office: Office, post: Post) -> None:
    office.register(KIM)
    forget(office)
    sent(office)

    for weak in ("short", KIM):
        with pytest.raises(Malformed):
            reset(office, post.code(), password=weak)
    reset(office, post.code())


def test_a_new_password_by_mail_does_not_go_round_the_second_step(
    office: Office, post: Post
) -> None:
    kim = office.person(KIM)
    scanned = office.ask(kim).EnrollTwoStep(sign_in_pb2.EnrollTwoStepRequest(password=PASSWORD))
    first = pyotp.TOTP(scanned.secret).now()
    office.ask(kim).ConfirmTwoStep(sign_in_pb2.ConfirmTwoStepRequest(code=first))
    forget(office)
    sent(office)
    reset(office, post.code())

    half = office.sign_in(KIM, OTHER)

    assert half == pb.Session(challenge=half.challenge)


def test_nobody_learns_who_registered(office: Office, post: Post) -> None:
    """An address that is somebody's and one that is not are answered, kept and refused alike."""
    office.register(KIM)
    sent(office)
    post.mails.clear()
    answers = []
    for email in (KIM, "nobody@acme.example"):
        said = []
        for _ in range(6):
            try:
                forget(office, email)
                said.append("done")
            except Exhausted as refusal:
                said.append(str(refusal))
        with pytest.raises((Malformed, Unauthenticated)) as refused:
            reset(office, "1234 5678", email)
        answers.append([*said, str(refused.value)])

    assert answers[0] == answers[1]
    assert answers[0][:6] == ["done"] * 5 + [
        "Too many codes were asked for with this address in 60 minutes."
    ]
    assert sent(office) == 2
    assert [mail.address for mail in post.mails] == [KIM]


def test_after_an_hour_codes_are_sent_again(office: Office, post: Post) -> None:
    office.register(KIM)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            forget(office)
        clock.shift(timedelta(hours=1))
        forget(office)


def test_no_code_is_kept(office: Office, post: Post) -> None:
    office.register(KIM)
    sent(office)
    code = post.code().replace(" ", "")

    with office.database.transaction(EVERYTHING) as tx:
        kept = [
            str(row)
            for table in ("one_time_codes", "outbox", "requests")
            for row in tx.execute(sa.text(f"select * from {table}"))
        ]
    assert kept
    assert not [row for row in kept if code in row]


def test_while_no_mail_can_be_sent_a_fresh_code_is_tried_later(office: Office, post: Post) -> None:
    office.register(KIM)
    with time_machine.travel(now(), tick=False) as clock:
        post.refusal = Away()
        assert sent(office) == 0
        post.refusal = None
        assert sent(office) == 0
        clock.shift(timedelta(seconds=30))
        assert sent(office) == 1
    verify(office, post.code())


def test_without_a_mail_server_nothing_is_tried_for_ever(office: Office, post: Post) -> None:
    office.register(KIM)
    post.refusal = Disallowed()
    assert sent(office) == 1
    post.refusal = None
    assert sent(office) == 0


def test_a_verified_address_needs_no_code(office: Office, post: Post) -> None:
    kim = office.person(KIM)
    sent(office)
    verify(office, post.code())

    with pytest.raises(Disallowed) as refused:
        office.ask(kim).RequestVerification(sign_in_pb2.RequestVerificationRequest())
    assert refused.value.reason == "ADDRESS_IS_VERIFIED"


def test_another_code_is_sent_who_asks_for_one(office: Office, post: Post) -> None:
    kim = office.person(KIM)
    sent(office)
    first = post.code()
    office.ask(kim).RequestVerification(sign_in_pb2.RequestVerificationRequest())
    sent(office)

    with pytest.raises((Malformed, Unauthenticated)):
        verify(office, first)
    verify(office, post.code())


def test_where_it_is_insisted_on_an_unverified_account_acts_nowhere(
    offices: Offices, post: Post
) -> None:
    office = offices(verified_addresses=True)
    kim = office.person(KIM)
    assert list(kim.needs) == [sign_in_pb2.VERIFY_ADDRESS]
    with pytest.raises(Forbidden) as refused:
        office.enterprise_of(kim, "acme")
    assert refused.value.reason == "ADDRESS_NOT_VERIFIED"

    sent(office)
    verify(office, post.code())

    assert office.enterprise_of(kim, "acme").space.enterprise == "enterprises/acme"
    lee = office.person("lee@acme.example")
    office.join(office.exchange(kim), "lee@acme.example", account_pb2.BUYER)
    assert not office.exchange(lee).spaces
    sent(office)
    verify(office, post.code(), "lee@acme.example")
    assert office.exchange(lee).spaces


def test_whom_the_operator_enters_is_verified(offices: Offices) -> None:
    staff = offices(verified_addresses=True).staff(Role.FINANCE)
    assert staff.spaces
    assert not staff.needs


def test_old_codes_are_forgotten(office: Office) -> None:
    forget(office)
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        assert forget_sign_ins(office.served.runtime) == 1
    with office.database.transaction(EVERYTHING) as tx:
        assert not tx.execute(sa.select(tables.one_time_codes)).all()


def test_the_password_of_before_is_good_until_the_code_is_used(office: Office, post: Post) -> None:
    office.register(KIM)
    forget(office)
    sent(office)
    assert office.sign_in(KIM, PASSWORD).access_token
