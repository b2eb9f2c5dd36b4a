"""What was taken away is refused within a second, wherever a token is verified."""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub

from services.authorization.clocks import forget_sign_ins
from services.authorization.commands.revoking import revoke_tokens
from services.authorization.service import service
from services.authorization.store import Revocations
from services.authorization.tests.office import Office
from shared.clients import Clients
from shared.clock import now
from shared.errors import Refusal, Unauthenticated
from shared.revocations import EVERY, Following, following
from shared.revoked import digest_of
from shared.storage import EVERYTHING, Scope
from shared.testing import LONG, eventually
from shared.testing.serving import Served, Serving
from shared.tokens import verifier

KIM = "kim@acme.example"
WITHIN = 1.0
"""Seconds until a revocation holds everywhere: the next question but one is answered then."""


@pytest.fixture
def told(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[set[bytes]]:
    """Return whose tokens ended, by each answer that somebody who follows `office` got.

    Pages that other tests have open in this process follow, too, and somebody else.
    """
    found: list[set[bytes]] = []
    apply = Following._apply

    def noting(follower: Following, revocations: Iterable[account_pb2.Revocation]) -> None:
        apply(follower, revocations)
        if follower._clients._peers["authorization"] == office.served.address:
            found.append({each.digest for each in revocations})

    monkeypatch.setattr(Following, "_apply", noting)
    return found


def test_whoever_asks_whose_tokens_ended_learns_no_name(office: Office) -> None:
    admin, kim = office.enterprise("secretive"), office.person(KIM)
    joined = office.join(admin, KIM, account_pb2.BUYER)
    office.ask(admin).RemoveMembership(pb.RemoveMembershipRequest(name=joined.name))

    answer = office.ask().ListRevocations(pb.ListRevocationsRequest())

    assert digest_of(kim.account.name, "secretive") in [each.digest for each in answer.revocations]
    for name in (b"secretive", kim.account.name.encode()):
        assert name not in answer.SerializeToString()


@pytest.fixture
def elsewhere(office: Office, serving: Serving, tmp_path: Path) -> Iterator[Served]:
    """Another server with a memory of its own, as another process has it, that follows."""
    shutil.copytree(office.served.runtime.settings.keys, keys := tmp_path / "keys")
    served = serving(service, office.database, keys=keys)
    with _following(office, keys):
        yield served


@contextmanager
def _following(office: Office, keys: Path) -> Iterator[None]:
    clients = Clients({"authorization": office.served.address})
    with following(clients, verifier(keys).revocations):
        yield
    clients.close()


def answers(served: Served, token: str) -> Callable[[], str]:
    """Return what asks for the own account with `token`: "ok", or why not."""

    def ask() -> str:
        request = pb.GetAccountRequest(name="accounts/me")
        try:
            served.stub(AuthorizationServiceStub, as_=token).GetAccount(request)
        except Refusal as refusal:
            return refusal.reason
        return "ok"

    return ask


def is_refused(ask: Callable[[], str]) -> bool:
    return eventually(lambda: ask() == "TOKEN_REVOKED")


def revoke(office: Office, subject: str, enterprise: str = "") -> None:
    with office.database.transaction(Scope("acme")) as tx:
        revoke_tokens(tx, subject=subject, enterprise=enterprise)


def test_a_revoked_token_is_refused_elsewhere_within_a_second(
    office: Office, elsewhere: Served, told: list[set[bytes]]
) -> None:
    kim = office.person(KIM)
    ask = answers(elsewhere, kim.access_token)
    assert ask() == "ok"

    revoke(office, kim.account.name)
    before = len(told)

    assert is_refused(ask)
    eventually(lambda: len(told) >= before + 2)  # what is heard holds before it is noted here
    assert any(digest_of(kim.account.name, "") in each for each in told[before : before + 2])
    assert 2 * EVERY <= WITHIN


def test_who_still_has_a_session_goes_on_with_a_fresh_token_at_once(
    office: Office, elsewhere: Served
) -> None:
    kim = office.person(KIM)
    revoke(office, kim.account.name)
    fresh = office.exchange(kim)
    assert is_refused(answers(elsewhere, kim.access_token))

    assert answers(elsewhere, fresh.access_token)() == "ok"


def test_only_tokens_of_the_space_end_if_one_is_named(office: Office, elsewhere: Served) -> None:
    acme, globex = office.enterprise("acme"), office.enterprise("globex")
    office.join(globex, acme.account.email, account_pb2.BUYER)
    there = office.exchange(acme, space="enterprises/globex")
    here = office.exchange(acme, space="enterprises/acme")

    revoke(office, acme.account.name, "globex")

    assert is_refused(answers(elsewhere, there.access_token))
    assert answers(elsewhere, here.access_token)() == "ok"


def test_nobody_else_is_refused(office: Office, elsewhere: Served) -> None:
    kim, lee = office.person(KIM), office.person("lee@acme.example")

    revoke(office, kim.account.name)

    assert is_refused(answers(elsewhere, kim.access_token))
    assert answers(elsewhere, lee.access_token)() == "ok"


def test_what_was_rolled_back_ends_nothing(office: Office, elsewhere: Served) -> None:
    kim, lee = office.person(KIM), office.person("lee@acme.example")
    with office.database.transaction(EVERYTHING) as tx:
        revoke_tokens(tx, subject=kim.account.name)
        tx.rollback()
    revoke(office, lee.account.name)

    assert is_refused(answers(elsewhere, lee.access_token))
    assert answers(elsewhere, kim.access_token)() == "ok"


def test_a_process_that_starts_later_hears_of_it_too(
    office: Office, serving: Serving, tmp_path: Path, told: list[set[bytes]]
) -> None:
    kim = office.person(KIM)
    revoke(office, kim.account.name)
    shutil.copytree(office.served.runtime.settings.keys, keys := tmp_path / "late")
    late = serving(service, office.database, keys=keys)
    with _following(office, keys):
        assert is_refused(answers(late, kim.access_token))
    assert digest_of(kim.account.name, "") in told[0]


def test_while_authorization_is_away_what_was_heard_stays(
    office: Office, elsewhere: Served
) -> None:
    kim, lee = office.person(KIM), office.person("lee@acme.example")
    revoke(office, kim.account.name)
    assert is_refused(answers(elsewhere, kim.access_token))

    known = verifier(elsewhere.runtime.settings.keys).revocations
    with following(Clients({"authorization": "127.0.0.1:1"}), known):
        time.sleep(0.1)
        assert answers(elsewhere, kim.access_token)() == "TOKEN_REVOKED"
        assert answers(elsewhere, lee.access_token)() == "ok"


def test_no_token_made_beside_a_revocation_keeps_what_was_taken(office: Office) -> None:
    """Whoever reads rights and whoever takes them away wait for each other."""
    kim = office.person(KIM)
    with ThreadPoolExecutor(1) as pool:
        with office.database.transaction(EVERYTHING) as tx:
            revoke_tokens(tx, subject=kim.account.name)
            waiting = pool.submit(office.exchange, kim)
            eventually(lambda: tx.scalar(sa.text("select 1 from pg_locks where not granted")))
            assert not waiting.done()
            taken = Revocations(tx).counted()
        fresh = waiting.result(LONG)

    office.verifier.revocations.end(digest_of(kim.account.name, ""), taken)
    with pytest.raises(Unauthenticated):
        office.caller(kim)
    assert office.caller(fresh).account == kim.account.name


def test_revocations_are_forgotten_when_no_token_is_so_old(office: Office) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        revoke(office, "accounts/x")
        clock.shift(timedelta(minutes=5))
        assert forget_sign_ins(office.served.runtime) == 0
        clock.shift(timedelta(minutes=1))
        assert forget_sign_ins(office.served.runtime) == 1
