"""What becomes of a partner system that shows wrong secrets, and of the others meanwhile."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1 import grant_pb2
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub

from services.authorization.commands import partner_secrets
from services.authorization.store import tables
from services.authorization.tests.office import Office
from services.authorization.tests.test_permissions_api import enroll, enter
from shared import call
from shared.call import Call
from shared.clock import now
from shared.errors import Exhausted, Malformed, Refusal, Unauthenticated
from shared.storage import EVERYTHING
from shared.testing.crowds import at_once

HERE, NEAR, ELSEWHERE = "2001:db8::1", "2001:db8::ffff:1", "198.51.100.8"
NOBODYS = "enterprises/acme/partnerClients/0190a0a0-0000-7000-8000-000000000001"


def from_(office: Office, network: str, name: str, secret: str) -> pb.Session:
    with call.within(Call(network=network)):
        stub = office.served.clients.of(AuthorizationServiceStub)
        return stub.ExchangePartnerSecret(pb.ExchangePartnerSecretRequest(name=name, secret=secret))


def guess(office: Office, network: str, name: str, times: int) -> list[str]:
    """What so many wrong secrets are refused with."""
    reasons = []
    for number in range(times):
        with pytest.raises(Refusal) as refused:
            from_(office, network, name, f"guess {number}")
        reasons.append(refused.value.reason)
    return reasons


def test_of_forty_wrong_secrets_ten_are_looked_at(office: Office) -> None:
    client = enroll(office, office.enterprise())

    for name in (client.name, NOBODYS, "enterprises/x/partnerClients/1"):
        assert guess(office, HERE, name, 40) == (
            ["WRONG_PARTNER_SECRET"] * 10 + ["TOO_MANY_WRONG_SECRETS"] * 30
        )


def test_who_showed_wrong_secrets_waits_a_quarter_of_an_hour(office: Office) -> None:
    client = enroll(office, office.enterprise())
    with time_machine.travel(now(), tick=False) as clock:
        guess(office, HERE, client.name, 10)
        clock.shift(timedelta(minutes=14))
        with pytest.raises(Exhausted) as refused:
            from_(office, NEAR, client.name, client.secret)
        clock.shift(timedelta(minutes=1))
        assert from_(office, HERE, client.name, client.secret).access_token

    assert str(refused.value) == (
        "The secret of this partner system was wrong 10 times in 15 minutes."
    )


def test_a_name_is_counted_however_it_is_spelled(office: Office) -> None:
    client = enroll(office, office.enterprise())
    parent, _, id_ = client.name.rpartition("/")

    guess(office, HERE, client.name, 9)
    assert guess(office, HERE, f"{parent}/{id_.upper()}", 2)[-1] == "TOO_MANY_WRONG_SECRETS"
    assert guess(office, HERE, client.name, 1) == ["TOO_MANY_WRONG_SECRETS"]
    with pytest.raises(Malformed):
        from_(office, HERE, "partnerClients/1", "guess")


def test_wrong_secrets_keep_nobody_else_out(office: Office) -> None:
    admin = office.enterprise()
    client, neighbour = enroll(office, admin), enroll(office, admin)
    guess(office, HERE, client.name, 40)

    assert from_(office, ELSEWHERE, client.name, client.secret).access_token
    assert from_(office, HERE, neighbour.name, neighbour.secret).access_token
    assert enter(office, client).access_token, "within the cluster no network is known"


def test_one_network_fails_fifty_times_with_whatever_names(office: Office) -> None:
    client = enroll(office, office.enterprise())
    for number in range(5):
        guess(office, HERE, f"{NOBODYS[:-1]}{number}", 10)

    assert guess(office, NEAR, f"{NOBODYS[:-1]}9", 1) == ["TOO_MANY_FROM_HERE"]
    with pytest.raises(Exhausted):
        from_(office, NEAR, client.name, client.secret)
    assert from_(office, ELSEWHERE, client.name, client.secret).access_token


def test_a_right_secret_forgives_the_wrong_ones_before_it(office: Office) -> None:
    client = enroll(office, office.enterprise())
    for _ in range(2):
        guess(office, HERE, client.name, 9)
        assert from_(office, HERE, client.name, client.secret).access_token


def test_a_right_guess_among_too_many_at_once_opens_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enroll(office, office.enterprise())
    look, others = partner_secrets._client, iter(["others fail meanwhile"])

    def slow(*given: object) -> object:
        if next(others, ""):
            guess(office, HERE, client.name, 10)
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(partner_secrets, "_client", slow)
    with pytest.raises(Exhausted):
        from_(office, HERE, client.name, client.secret)


def test_wrong_secrets_of_many_at_once_are_all_counted(office: Office) -> None:
    client = enroll(office, office.enterprise())
    wrong = grant_pb2.PartnerClient(name=client.name, secret="guess")

    at_once(lambda _: enter(office, wrong), 8)

    with office.database.transaction(EVERYTHING) as tx:
        assert tx.scalar(sa.select(tables.sign_in_failures.c.failures)) == 8
    with pytest.raises(Unauthenticated):
        enter(office, wrong)
