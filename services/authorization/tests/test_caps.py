"""Caps: what orders take of them, when they give it back, and that it is never too much."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from google.protobuf.message import Message
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from millrun.authorization.v1 import account_pb2, grant_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1 import order_pb2

from services.authorization.clocks import KEPT_FOR, release_kept, tell_expired
from services.authorization.tests.office import Office
from shared.clock import now
from shared.errors import Disallowed, Malformed, NotFound, Outdated, Refusal
from shared.testing.statements import statements
from shared.wire import time_message

BUYER = "buyer@trade.example"
Lack = pb.PurchaseVerdict.Lack
ENDS = [
    ordering.OrderRejected,
    ordering.OrderExpired,
    ordering.OrderCancelled,
    ordering.OrderReplaced,
]


class Cap:
    """An enterprise with a buyer who may order a product, up to a cap."""

    def __init__(self, office: Office, quantity_cap: int = 100, **limits: Any) -> None:
        self.office = office
        self.admin, buyer = office.enterprise(), office.person(BUYER)
        self.product, self.other = office.product(), office.product(pid="p2")
        self.grant = office.grant(
            self.admin, BUYER, self.product, self.other, quantity_cap=quantity_cap, **limits
        )
        self.buyer = office.exchange(buyer, space="enterprises/acme")

    @property
    def used(self) -> int:
        return self.office.used(self.admin)[self.grant.name]

    def keep(self, order: str, pieces: int, **more: Any) -> str:
        """Submit so many pieces; what is lacking, or nothing."""
        [verdict] = self.office.keep(self.buyer, order, (self.product, pieces), **more)
        return Lack.Name(verdict.lack) if verdict.lack else ""

    def submitted(self, order: str, buyer: str = "", sequence: int = 1) -> None:
        name = f"enterprises/acme/orders/{order}"
        ordered = order_pb2.PurchaseOrder(order=name, buyer=buyer or self.buyer.account.name)
        event = ordering.OrderSubmitted(order=name, purchase_order=ordered)
        self.office.hear(event, name, sequence)

    def ended(self, order: str, kind: Callable[..., Message], sequence: int = 2) -> None:
        name = f"enterprises/acme/orders/{order}"
        self.office.hear(kind(order=name), name, sequence)

    def update(self, **changed: Any) -> grant_pb2.Authorization:
        etag = changed.pop("etag", "")
        request = pb.UpdateAuthorizationRequest(
            authorization=grant_pb2.Authorization(name=self.grant.name, etag=etag, **changed)
        )
        request.update_mask.paths.extend(changed)
        return self.office.ask(self.admin).UpdateAuthorization(request)


def test_pieces_are_taken_at_submit_and_no_more_than_there_are(office: Office) -> None:
    cap = Cap(office)

    assert cap.keep("o1", 60) == ""
    assert cap.keep("o2", 41) == "ABOVE_CAP"
    assert cap.keep("o3", 40) == ""
    assert cap.used == 100


def test_what_is_only_tried_is_judged_alike_and_takes_nothing(office: Office) -> None:
    cap = Cap(office)
    cap.keep("o1", 60)

    assert cap.keep("o2", 41, validate_only=True) == "ABOVE_CAP"
    assert cap.keep("o2", 40, validate_only=True) == ""
    assert cap.keep("o1", 100, validate_only=True) == "", "what it took itself does not count"
    assert cap.used == 60
    assert cap.keep("o3", 40) == ""


def test_what_is_refused_says_how_much_there_still_is(office: Office) -> None:
    cap = Cap(office)
    cap.keep("o1", 70)

    [verdict] = office.keep(cap.buyer, "o2", (cap.product, 31))
    assert (list(verdict.roles), verdict.remaining) == ([], 30)


def test_all_lines_of_an_order_share_a_cap(office: Office) -> None:
    cap = Cap(office)

    first, second = office.keep(cap.buyer, "o1", (cap.product, 60), (cap.other, 41))
    assert (first.lack, second.lack, second.remaining) == (0, pb.PurchaseVerdict.ABOVE_CAP, 40)
    assert cap.used == 0, "an order that is refused takes nothing"
    office.keep(cap.buyer, "o1", (cap.product, 60), (cap.other, 40))
    assert cap.used == 100


def test_a_submit_that_is_repeated_takes_its_pieces_once(office: Office) -> None:
    cap = Cap(office)
    for pieces in (80, 80, 30):
        assert cap.keep("o1", pieces) == ""

    assert cap.used == 30
    cap.submitted("o1")
    assert cap.keep("o1", 30) == "", "it has them already, and may be asked about once more"
    assert cap.used == 30


@pytest.mark.parametrize("end", ENDS, ids=lambda each: each.__name__)
def test_an_order_that_ends_unfulfilled_gives_its_pieces_back(office: Office, end: Any) -> None:
    cap = Cap(office)
    cap.keep("o1", 60)
    cap.keep("o2", 10)
    cap.submitted("o1")
    cap.ended("o1", end)

    assert cap.used == 10
    cap.ended("o1", end, sequence=3)
    assert cap.used == 10, "once"


def test_what_nobody_submitted_is_given_back_after_ten_minutes(office: Office) -> None:
    cap = Cap(office)
    with time_machine.travel(now(), tick=False) as clock:
        cap.keep("o1", 60)
        cap.keep("o2", 40)
        cap.submitted("o2")
        clock.shift(KEPT_FOR - timedelta(seconds=1))
        assert release_kept(office.served.runtime) == 0
        clock.shift(timedelta(seconds=1))
        assert release_kept(office.served.runtime) == 1
        assert release_kept(office.served.runtime) == 0
    assert cap.used == 40


def test_an_order_heard_of_too_late_counts_all_the_same(office: Office) -> None:
    cap = Cap(office)
    cap.keep("o1", 60)
    _release(cap)
    assert cap.used == 0
    cap.submitted("o1")

    assert cap.used == 60
    cap.ended("o1", ordering.OrderRejected)
    assert cap.used == 0


def test_what_another_buyer_kept_for_the_same_order_counts_no_more(office: Office) -> None:
    cap = Cap(office)
    office.person("other@trade.example")
    theirs = office.grant(cap.admin, "other@trade.example", cap.product, quantity_cap=50)
    other = office.sign_in("other@trade.example")
    cap.keep("o1", 20)
    office.keep(other, "o1", (cap.product, 20))
    cap.submitted("o1", buyer=other.account.name)

    assert office.used(cap.admin) == {cap.grant.name: 0, theirs.name: 20}


def test_an_authorization_without_a_cap_spares_those_with_one(office: Office) -> None:
    cap = Cap(office)
    cap.keep("o1", 30)
    office.grant(cap.admin, BUYER, cap.product, role=account_pb2.RND)

    assert cap.keep("o1", 5000) == ""
    assert cap.used == 0, "what the order took before is given back, too"


def test_what_an_order_does_not_take_any_more_does_not_come_back_with_it(office: Office) -> None:
    cap = Cap(office)
    cap.keep("o1", 30)
    office.grant(cap.admin, BUYER, cap.product)
    cap.keep("o1", 5000)
    cap.submitted("o1")

    assert cap.used == 0


def test_the_oldest_authorization_with_room_for_all_pieces_is_used(office: Office) -> None:
    cap = Cap(office)
    second = office.grant(cap.admin, BUYER, cap.product, quantity_cap=500)
    cap.keep("o1", 60)
    cap.keep("o2", 60)

    assert office.used(cap.admin) == {cap.grant.name: 60, second.name: 60}


def test_a_check_without_an_order_takes_nothing(office: Office) -> None:
    cap = Cap(office)
    asked = pb.CheckPurchaseRequest(products=[cap.product], quantities=[101])

    [verdict] = office.ask(cap.buyer).CheckPurchase(asked).verdicts
    assert verdict.lack == pb.PurchaseVerdict.ABOVE_CAP
    assert cap.used == 0


def test_pieces_are_only_kept_for_an_order_of_ones_own(office: Office) -> None:
    cap = Cap(office)
    asked = pb.CheckPurchaseRequest(
        products=[cap.product], quantities=[1], order="enterprises/globex/orders/o1"
    )
    with pytest.raises(NotFound) as refused:
        office.ask(cap.buyer).CheckPurchase(asked)
    assert refused.value.reason == "NOT_AN_ORDER_OF_YOURS"


@pytest.mark.parametrize("quantities", [[1], [1, 2, 3], [1, -1]])
def test_there_is_one_quantity_a_product(office: Office, quantities: list[int]) -> None:
    cap = Cap(office)
    asked = pb.CheckPurchaseRequest(products=[cap.product, cap.other], quantities=quantities)
    with pytest.raises(Malformed) as refused:
        office.ask(cap.buyer).CheckPurchase(asked)
    assert refused.value.reason == "BAD_QUANTITIES"


def test_a_purpose_that_was_not_named_is_not_allowed(office: Office) -> None:
    cap = Cap(office, purposes=[order_pb2.TRIAL_PRODUCTION])

    assert cap.keep("o1", 5, purpose=order_pb2.MASS_PRODUCTION) == "NOT_FOR_PURPOSE"
    assert cap.keep("o1", 5, purpose=order_pb2.TRIAL_PRODUCTION) == ""
    assert cap.used == 5


def test_a_buyer_debugs_nothing_and_an_rnd_person_does(office: Office) -> None:
    cap = Cap(office)
    assert cap.keep("o1", 5, purpose=order_pb2.DEBUGGING) == "NOT_FOR_PURPOSE"
    with pytest.raises(Malformed) as refused:
        office.grant(cap.admin, BUYER, cap.product, purposes=[order_pb2.DEBUGGING])
    assert refused.value.reason == "PURPOSE_NOT_OF_ROLE"

    office.grant(cap.admin, BUYER, cap.product, role=account_pb2.RND)
    assert cap.keep("o1", 5, purpose=order_pb2.DEBUGGING) == ""


def test_what_is_kept_costs_three_statements_more(office: Office) -> None:
    cap = Cap(office)
    with statements(office.database) as said:
        cap.keep("o1", 5)
    # What is known, the lock, what the order has, what it takes.
    assert len(said) == 4, said


@pytest.mark.parametrize("crowd", [20])
def test_a_crowd_never_takes_more_than_there_is(office: Office, crowd: int) -> None:
    cap = Cap(office, quantity_cap=100)
    with ThreadPoolExecutor(8) as pool:
        lacks = list(pool.map(lambda number: cap.keep(f"o{number}", 15), range(crowd)))

    assert sorted(lacks) == [""] * 6 + ["ABOVE_CAP"] * (crowd - 6)
    assert cap.used == 90


def test_one_order_submitted_by_a_crowd_takes_its_pieces_once(office: Office) -> None:
    cap = Cap(office, quantity_cap=100)
    with ThreadPoolExecutor(8) as pool:
        lacks = set(pool.map(lambda _: cap.keep("o1", 70), range(20)))

    assert lacks == {""}
    assert cap.used == 70


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["keep", "submitted", "ended", "release"]),
        st.sampled_from(["o1", "o2", "o3"]),
        st.integers(1, 60),
    ),
    max_size=14,
)


REFUSED = [
    *(("keep", "o1", 60), ("keep", "o2", 60), ("submitted", "o2", 1)),
    *(("release", "o1", 1), ("keep", "o2", 5)),
]
"""Of two orders one is refused, which ordering does not submit, and tried again later."""

ROUNDS = count()
"""No order of one example is met in the next: the inbox would take it for the same."""


@pytest.fixture
def cap(office: Office) -> Cap:
    return Cap(office, quantity_cap=100)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
@example(steps=REFUSED)
def test_the_meter_shows_what_orders_have(cap: Cap, steps: Any) -> None:
    """The model: an order has what it took last, until it ends or nobody submits it in time.

    One that is refused is not submitted.
    """
    took: dict[str, int] = {}
    has: dict[str, int] = {}
    submitted: set[str] = set()
    over: set[str] = set()
    round_ = next(ROUNDS)
    for what, which, pieces in steps:
        order = f"{which}-{round_}"
        if what == "keep" and order not in over:
            room = 100 - sum(has.values()) + has.get(order, 0)
            lack = cap.keep(order, pieces)
            if order not in submitted:
                assert lack == ("" if pieces <= room else "ABOVE_CAP")
                took[order] = has[order] = 0 if lack else pieces
        elif what == "submitted" and took.get(order) and order not in submitted:
            submitted.add(order)
            cap.submitted(order)
            has[order] = took[order]
        elif what == "ended" and order in submitted - over:
            over.add(order)
            cap.ended(order, ordering.OrderExpired)
            has[order] = 0
        elif what == "release":
            _release(cap)
            has |= dict.fromkeys(set(has) - submitted, 0)
        assert cap.used == sum(has.values())
    _release(cap)
    for order in submitted - over:
        cap.ended(order, ordering.OrderCancelled)
    assert cap.used == 0


def _release(cap: Cap) -> None:
    with time_machine.travel(now() + KEPT_FOR + timedelta(seconds=1)):
        release_kept(cap.office.served.runtime)


def test_an_administrator_changes_what_they_name_and_nothing_else(office: Office) -> None:
    cap = Cap(office, purposes=[order_pb2.MASS_PRODUCTION])
    third = office.product(pid="p3")

    changed = cap.update(products=[cap.product, third], quantity_cap=250, etag=cap.grant.etag)
    assert set(changed.products) == {cap.product, third}
    assert (changed.quantity_cap, list(changed.purposes)) == (250, [order_pb2.MASS_PRODUCTION])
    assert office.told()[-1] == "AuthorizationChanged"
    assert cap.update(quantity_cap=0).quantity_cap == 0


def test_changing_nothing_is_not_told(office: Office) -> None:
    cap = Cap(office)
    told = len(office.told())

    assert cap.update(quantity_cap=100).etag == cap.grant.etag
    assert len(office.told()) == told


def refused(change: Callable[[], object], family: type[Refusal]) -> str:
    with pytest.raises(family) as refused:
        change()
    return refused.value.reason


def test_a_change_that_cannot_be_is_refused(office: Office) -> None:
    cap = Cap(office)
    cap.keep("o1", 60)
    past = time_message(now() - timedelta(days=1))
    foreign = "enterprises/globex/products/p1"

    assert refused(lambda: cap.update(quantity_cap=59), Disallowed) == "CAP_BELOW_USE"
    assert refused(lambda: cap.update(quantity_cap=-1), Malformed) == "BAD_CAP"
    assert refused(lambda: cap.update(expire_time=past), Malformed) == "EXPIRY_IN_THE_PAST"
    assert refused(lambda: cap.update(products=[]), Malformed) == "NO_PRODUCTS"
    assert refused(lambda: cap.update(products=[foreign]), NotFound) == "PRODUCT_NOT_FOUND"
    assert refused(lambda: cap.update(email="x@y.example"), Malformed) == "NOTHING_TO_CHANGE"
    assert refused(lambda: cap.update(), Malformed) == "NOTHING_TO_CHANGE"
    assert refused(lambda: cap.update(quantity_cap=60, etag="7"), Outdated) == "CHANGED_SINCE_READ"
    assert cap.update(quantity_cap=60).quantity_cap == 60


def test_what_was_revoked_is_not_changed_any_more(office: Office) -> None:
    cap = Cap(office)
    office.ask(cap.admin).RevokeAuthorization(pb.RevokeAuthorizationRequest(name=cap.grant.name))

    assert refused(lambda: cap.update(quantity_cap=1), Disallowed) == "AUTHORIZATION_OVER"


def test_that_its_time_is_over_is_told_once(office: Office) -> None:
    cap = Cap(office, expire_time=time_message(now() + timedelta(days=1)))
    assert tell_expired(office.served.runtime) == 0
    with time_machine.travel(now() + timedelta(days=2)):
        assert tell_expired(office.served.runtime) == 1
        assert tell_expired(office.served.runtime) == 0

    assert office.told()[-1] == "AuthorizationExpired"
    assert office.letters()[-1]["data"]["account"] == cap.buyer.account.name


def test_an_authorization_is_read_by_its_grantee_and_administrators_only(office: Office) -> None:
    cap = Cap(office)
    office.person("other@trade.example")
    office.grant(cap.admin, "other@trade.example", cap.product)
    request = pb.GetAuthorizationRequest(name=cap.grant.name)

    for reader in (cap.admin, cap.buyer):
        assert office.ask(reader).GetAuthorization(request) == cap.grant
    for stranger in (office.sign_in("other@trade.example"), office.enterprise("globex")):
        with pytest.raises(NotFound):
            office.ask(stranger).GetAuthorization(request)
