"""I8: what a grant allows, it allows while it is valid, and not a moment before or after."""

from datetime import UTC, timedelta

import pytest
import time_machine
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from millrun.authorization.v1 import account_pb2, grant_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from shared.clock import now
from shared.errors import Unauthenticated
from shared.tokens import LEEWAY

PIDS = ("p1", "p2", "p3")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), st.sets(st.sampled_from(PIDS), min_size=1), st.booleans()),
        st.tuples(st.just("revoke"), st.integers(0, 5), st.none()),
        st.tuples(st.just("wait"), st.none(), st.none()),
    ),
    min_size=1,
    max_size=6,
)


EMAIL = "buyer@acme.example"


@pytest.fixture
def people(office):
    """An administrator, the buyer they authorize, and the products there are, by PID."""
    admin = office.enterprise("acme")
    office.person(EMAIL)
    products = {pid: office.product("acme", pid) for pid in PIDS}
    first = office.grant(admin, EMAIL, products["p1"])
    buyer = office.caller(office.sign_in(EMAIL))
    office.ask(admin).RevokeAuthorization(pb.RevokeAuthorizationRequest(name=first.name))
    return office.caller(admin), buyer, products


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(taken=steps)
def test_a_buyer_may_order_exactly_what_is_granted_now(office, people, taken):
    """The model: grants given, not revoked, not expired. Each check asks the service anew."""
    admin, buyer, products = people
    valid: list[tuple[str, set[str], bool]] = []
    lapsed: list[str] = []
    with time_machine.travel(now(), tick=False) as clock:
        for what, which, for_an_hour in taken:
            if what == "grant":
                names = [products[pid] for pid in which]
                made = _grant(office, admin, names, _in_an_hour() if for_an_hour else None)
                valid.append((made.name, which, for_an_hour))
            elif what == "revoke" and valid:
                _revoke(office, admin, valid.pop(which % len(valid))[0])
            elif what == "wait":
                clock.shift(timedelta(hours=2))
                lapsed += [name for name, _, for_an_hour in valid if for_an_hour]
                valid = [each for each in valid if not each[2]]
            allowed = set().union(*(pids for _, pids, _ in valid))
            assert _orderable(office, buyer, products) == allowed
    # Back in our own time, nothing may be left for the next example.
    for name in [*lapsed, *(name for name, _, _ in valid)]:
        _revoke(office, admin, name)


@pytest.mark.parametrize(
    ("granted", "lives"), [((1,), 1), ((None,), 5), ((8,), 5), ((3, 8), 3), ((None, 2), 2)]
)
def test_a_token_ends_with_the_grant_it_stands_on_though_no_clock_came(
    office, people, granted, lives
):
    """Minutes a grant is for, None for good; a token lives five at most, and less if one ends."""
    admin, _, products = people
    with time_machine.travel(now(), tick=False) as clock:
        for minutes in granted:
            ends = _in(timedelta(minutes=minutes)) if minutes else None
            _grant(office, admin, [products["p1"]], ends)
        session = office.sign_in(EMAIL)
        assert session.space.enterprise == "enterprises/acme"
        assert session.expire_time.ToDatetime(UTC) == now() + timedelta(minutes=lives)
        clock.shift(timedelta(minutes=lives, seconds=-2))
        assert office.caller(session).roles
        clock.shift(timedelta(seconds=2 + LEEWAY))
        with pytest.raises(Unauthenticated):
            office.caller(session)
        if None not in granted and lives == max(granted):
            assert not office.exchange(session).space.enterprise


def _in_an_hour():
    return _in(timedelta(hours=1))


def _in(time):
    at = Timestamp()
    at.FromDatetime(now() + time)
    return at


def _grant(office, admin, products, expire_time):
    authorization = grant_pb2.Authorization(
        email=EMAIL, role=account_pb2.BUYER, products=products, expire_time=expire_time
    )
    request = pb.CreateAuthorizationRequest(parent="enterprises/acme", authorization=authorization)
    return office.ask(admin).CreateAuthorization(request)


def _revoke(office, admin, name):
    office.ask(admin).RevokeAuthorization(pb.RevokeAuthorizationRequest(name=name))


def _orderable(office, buyer, products):
    asked = pb.CheckPurchaseRequest(products=list(products.values()))
    verdicts = office.ask(buyer).CheckPurchase(asked).verdicts
    by_name = {name: pid for pid, name in products.items()}
    return {by_name[each.product] for each in verdicts if account_pb2.BUYER in each.roles}
