"""A session: one secret after the other, seen and ended by its owner (reliability §4)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.account_pb2 import (
    EndOtherSessionsRequest,
    EndSessionRequest,
    ListSessionsRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub

from services.authorization.store import tables
from services.authorization.tests.office import PASSWORD, Office
from shared import call
from shared.call import Call
from shared.caller import Caller, Role
from shared.clock import now
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.revoked import digest_of
from shared.storage import EVERYTHING
from shared.testing.crowds import at_once
from shared.testing.statements import statements

KIM = "kim@acme.example"
ENDS = {"EndSession": EndSessionRequest, "EndOtherSessions": EndOtherSessionsRequest}
LATER = timedelta(seconds=11)
"""Longer than a browser's answers are under way."""


def exchange(office: Office, secret: str) -> str:
    """Return the next secret; empty if none is given."""
    request = pb.ExchangeSessionRequest(session_secret=secret)
    return office.ask().ExchangeSession(request).session_secret


def is_over(office: Office, secret: str) -> bool:
    try:
        exchange(office, secret)
    except Unauthenticated as refusal:
        return refusal.reason == "SESSION_OVER"
    return False


def sessions(office: Office, who: pb.Session) -> list[account_pb2.SignInSession]:
    request = ListSessionsRequest(parent="accounts/me")
    return list(office.ask(who).ListSessions(request).sessions)


def test_each_exchange_gives_another_secret(office: Office) -> None:
    kim = office.person(KIM)
    seen = [kim.session_secret]
    for _ in range(3):
        seen.append(exchange(office, seen[-1]))

    assert len(set(seen)) == 4
    assert min(map(len, seen)) >= 43  # 256 bits in base64


def test_each_sign_in_is_a_session_of_its_own(office: Office) -> None:
    first, second = office.person(KIM), office.sign_in(KIM)

    assert first.name != second.name
    assert first.session_secret != second.session_secret
    assert first.name.startswith(f"{first.account.name}/sessions/")


def test_who_steals_a_secret_and_who_holds_it_are_both_out(office: Office) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        stolen = office.person(KIM).session_secret
        theirs = exchange(office, stolen)
        theirs = exchange(office, theirs)
        clock.shift(LATER)

        assert is_over(office, stolen)
        assert is_over(office, theirs)


def test_a_stolen_session_takes_its_access_tokens_along(office: Office) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        kim = office.person(KIM)
        exchange(office, exchange(office, kim.session_secret))
        clock.shift(LATER)
        is_over(office, kim.session_secret)

        assert office.revoked() == [digest_of(kim.account.name, "")]


def test_what_a_browser_asks_at_once_is_all_answered_and_one_answer_has_the_next_secret(
    office: Office,
) -> None:
    with time_machine.travel(now(), tick=False):  # it is for ten seconds that it is answered
        secret = office.person(KIM).session_secret

        given = at_once(lambda _: exchange(office, secret), 8)

        (following,) = filter(None, given)
        assert exchange(office, following)


def test_a_late_question_with_an_earlier_secret_is_answered_too(office: Office) -> None:
    """Three exchanges within ten seconds: the first secret is no sign of a theft yet."""
    with time_machine.travel(now(), tick=False):
        first = office.person(KIM).session_secret
        third = exchange(office, exchange(office, first))

        assert exchange(office, first) == ""
        assert exchange(office, third)


def test_an_answer_that_was_lost_signs_nobody_out(office: Office) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        secret = office.person(KIM).session_secret
        lost = exchange(office, secret)
        clock.shift(LATER)
        found = exchange(office, secret)
        clock.shift(LATER)
        following = exchange(office, found)
        assert following

        # Whoever has the lost answer after all is somebody else.
        assert is_over(office, lost)
        assert is_over(office, following)


def test_an_idle_session_is_over_and_a_used_one_ends_too(office: Office) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        idle, used = office.person(KIM), office.person("lee@acme.example")
        for _ in range(14):
            clock.shift(timedelta(hours=11, minutes=59))
            office.exchange(used)
        with pytest.raises(Unauthenticated) as refused:
            office.exchange(idle)
        clock.shift(timedelta(hours=1))
        with pytest.raises(Unauthenticated):
            office.exchange(used)

    assert refused.value.reason == "SESSION_OVER"


def test_a_fresh_token_costs_nine_statements(office: Office) -> None:
    session = office.enterprise()

    with statements(office.database) as said:
        office.exchange(session)
    # Whether two hold the secret. Then, in a transaction of its own, that nobody revokes
    # meanwhile, the account, the session, its spaces, how many revocations there were, and the
    # session's last use, the secret spent and the next one.
    assert len(said) == 9, said


def test_who_signed_out_is_out(office: Office) -> None:
    session = office.person(KIM)
    request = pb.SignOutRequest(session_secret=session.session_secret)

    office.ask().SignOut(request)
    office.ask().SignOut(request)

    with pytest.raises(Unauthenticated):
        office.exchange(session)


def test_people_see_where_they_are_signed_in(office: Office) -> None:
    office.register(KIM)
    with call.within(Call(network="198.51.100.7", device="Firefox on Linux\0")):
        asked = pb.SignInRequest(email=KIM, password=PASSWORD)
        first = office.served.clients.of(AuthorizationServiceStub).SignIn(asked)
    second = office.sign_in(KIM)

    newest, oldest = sessions(office, second)
    assert (newest.name, oldest.name) == (second.name, first.name)
    assert (oldest.network, oldest.device) == ("198.51.100.7", "Firefox on Linux")
    assert newest.last_use_time == newest.create_time


def test_people_see_and_end_their_own_sessions_only(office: Office) -> None:
    kim, lee = office.person(KIM), office.person("lee@acme.example")

    assert [each.name for each in sessions(office, lee)] == [lee.name]
    with pytest.raises(NotFound):
        office.ask(lee).ListSessions(ListSessionsRequest(parent=kim.account.name))
    for rpc, request in ENDS.items():
        for name in (kim.name, kim.name.replace(kim.account.name, lee.account.name)):
            with pytest.raises(NotFound) as refused:
                getattr(office.ask(lee), rpc)(request(name=name))
            assert str(refused.value) == f"You have no session {name}."
    assert not is_over(office, kim.session_secret)


def test_one_session_is_ended_and_the_others_stay(office: Office) -> None:
    first, second = office.person(KIM), office.sign_in(KIM)

    office.ask(second).EndSession(EndSessionRequest(name=first.name))

    assert is_over(office, first.session_secret)
    assert not is_over(office, second.session_secret)


def test_all_others_are_ended(office: Office) -> None:
    first, second, third = office.person(KIM), office.sign_in(KIM), office.sign_in(KIM)
    lee = office.person("lee@acme.example")

    office.ask(second).EndOtherSessions(EndOtherSessionsRequest(name=second.name))

    over = [is_over(office, each.session_secret) for each in (first, second, third, lee)]
    assert over == [True, False, True, False]
    assert [each.name for each in sessions(office, second)] == [second.name]


def test_a_partner_system_has_no_sessions(office: Office) -> None:
    partner = Caller(
        account="enterprises/acme/partnerClients/0190a0a0-0000-7000-8000-000000000001",
        enterprise="acme",
        roles=frozenset({Role.PARTNER}),
    )
    with pytest.raises(Forbidden):
        office.ask(partner).ListSessions(ListSessionsRequest(parent="accounts/me"))


def test_a_session_that_ended_leaves_no_secret_behind(office: Office) -> None:
    kim = office.person(KIM)
    exchange(office, kim.session_secret)
    office.ask().SignOut(pb.SignOutRequest(session_secret=kim.session_secret))

    with office.database.transaction(EVERYTHING) as tx:
        assert not tx.execute(sa.select(tables.session_secrets)).all()
