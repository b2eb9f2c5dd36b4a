"""What others answered a moment ago is good for a submit, and nobody is refused for it."""

from collections.abc import Callable

import pytest
from millrun.authorization.v1.authorization_pb2 import PurchaseVerdict
from millrun.operations.v1.operations_pb2 import ListInvalidationsResponse
from millrun.operations.v1.validity_pb2 import Validity
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.offer import Offer
from services.ordering.domain.words import Lifecycle
from services.ordering.tests.builders import LAMP, PLUG, an_offer
from services.ordering.tests.desk import RND, Desk
from shared.answers import WORTH, Answers
from shared.clients import Clients
from shared.errors import Disallowed, Refusal
from shared.testing import LONG


@pytest.fixture
def busy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """So much is ordered that what others answer is remembered; none of it changes."""
    nothing = ListInvalidationsResponse(next_page_token="1")
    monkeypatch.setattr("shared.answers.LEASE", LONG)  # what a test does may take half a second
    monkeypatch.setattr(Clients, "_changes", lambda *_: nothing)
    monkeypatch.setattr(Answers, "_awake", lambda _: None)
    desk.authorization.validity = desk.catalog.validity = Validity()
    clients = desk.served.runtime.clients
    assert clients
    for peer in ("authorization", "catalog"):
        answers = clients.answers(peer)
        for _ in range(WORTH):
            answers.recall("anything")
        assert answers.look()
    return desk


def asked(desk: Desk, act: Callable[[], object]) -> tuple[int, int]:
    """How often `act` asked authorization and the catalogue."""
    before = len(desk.authorization.asked), len(desk.catalog.asked)
    act()
    return len(desk.authorization.asked) - before[0], len(desk.catalog.asked) - before[1]


def test_nothing_is_remembered_while_little_is_ordered(desk: Desk):
    desk.authorization.validity = desk.catalog.validity = Validity()
    first, second = desk.create(), desk.create()
    desk.submit(first)
    assert asked(desk, lambda: desk.submit(second)) == (1, 1)


def test_the_same_products_are_asked_about_once(busy: Desk):
    drafts: list[pb.Order] = []
    begin = [(PLUG, 100), (PLUG, 200), (PLUG, 300)]
    assert asked(busy, lambda: drafts.extend(busy.create(each) for each in begin)) == (1, 1)
    orders: list[pb.Order] = []
    assert asked(busy, lambda: orders.extend(map(busy.submit, drafts))) == (0, 0)
    assert [each.state for each in orders] == [pb.Order.INTENTION] * 3
    assert [each.lines[0].quantity for each in orders] == [100, 200, 300]


def test_other_products_and_other_people_are_other_questions(busy: Desk):
    busy.create((PLUG, 100))
    assert asked(busy, lambda: busy.create((LAMP, 100))) == (1, 1)
    assert asked(busy, lambda: busy.create((PLUG, 100), who=RND)) == (1, 1)


def test_what_counts_against_a_cap_is_asked_each_time(busy: Desk):
    busy.authorization.validity = None
    busy.create()
    assert asked(busy, lambda: busy.submit(busy.create())) == (2, 0)


@pytest.mark.parametrize("by_whom", ["authorization", "catalog"])
def test_nobody_is_refused_for_what_was_so_a_moment_ago(busy: Desk, by_whom: str):
    lacking = PurchaseVerdict(product=PLUG, visible=True, lack=PurchaseVerdict.NOT_FOR_PURPOSE)
    if by_whom == "authorization":
        busy.authorization.lacks[PLUG] = lacking
    else:
        busy.catalog.offers[PLUG] = developing()
    with pytest.raises(Refusal):
        busy.create()

    busy.authorization.lacks, busy.catalog.offers[PLUG] = {}, an_offer(PLUG)
    assert busy.create().state == pb.Order.DRAFT


def test_who_is_refused_all_the_same_is_asked_about_once_more_and_not_for_ever(busy: Desk):
    busy.catalog.offers[PLUG] = developing()

    def refused() -> None:
        with pytest.raises(Disallowed):
            busy.create()

    assert asked(busy, refused) == (1, 1)
    assert asked(busy, refused) == (1, 1)


def test_drafts_are_begun_and_filled_with_what_is_remembered(busy: Desk):
    def order() -> None:
        busy.submit(busy.create())

    assert asked(busy, order) == (1, 1)
    assert asked(busy, order) == (0, 0)


def test_what_people_are_shown_is_asked(busy: Desk):
    """What keeps a draft from being submitted is listed, not refused."""
    draft = busy.create()
    listing = rpc.ListObstaclesRequest(name=draft.name)
    assert asked(busy, lambda: busy.ask().ListObstacles(listing)) == (1, 1)


def developing() -> Offer:
    return an_offer(PLUG, lifecycle=Lifecycle.DEVELOPMENT)
