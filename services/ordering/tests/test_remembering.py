"""What others answered a moment ago is good for a submit, and nobody is refused for it."""

from collections.abc import Callable

import pytest
from millrun.authorization.v1.authorization_pb2 import PurchaseVerdict
from millrun.operations.v1.operations_pb2 import ListInvalidationsResponse
from millrun.operations.v1.validity_pb2 import Validity
from millrun.ordering.v1 import order_pb2 as pb

from services.ordering.domain.offer import Offer
from services.ordering.domain.words import Lifecycle
from services.ordering.tests.builders import LAMP, PLUG, an_offer
from services.ordering.tests.desk import RND, Desk
from shared.answers import WORTH, Answers
from shared.clients import Clients
from shared.errors import Disallowed, Refusal


@pytest.fixture
def busy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """So much is ordered that what others answer is remembered; none of it changes."""
    nothing = ListInvalidationsResponse(next_page_token="1")
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
    drafts = [busy.create((PLUG, quantity)) for quantity in (100, 200, 300)]
    assert asked(busy, lambda: busy.submit(drafts[0])) == (1, 1)
    later: list[pb.Order] = []
    assert asked(busy, lambda: later.extend(busy.submit(each) for each in drafts[1:])) == (0, 0)
    assert [each.state for each in later] == [pb.Order.INTENTION] * 2
    assert [each.lines[0].quantity for each in later] == [200, 300]


def test_other_products_and_other_people_are_other_questions(busy: Desk):
    busy.submit(busy.create((PLUG, 100)))
    lamps, theirs = busy.create((LAMP, 100)), busy.create((PLUG, 100), who=RND)
    assert asked(busy, lambda: busy.submit(lamps)) == (1, 1)
    assert asked(busy, lambda: busy.submit(theirs, who=RND)) == (1, 1)


def test_what_counts_against_a_cap_is_asked_each_time(busy: Desk):
    busy.authorization.validity = None
    first, second = busy.create(), busy.create()
    busy.submit(first)
    assert asked(busy, lambda: busy.submit(second)) == (1, 0)


@pytest.mark.parametrize("by_whom", ["authorization", "catalog"])
def test_nobody_is_refused_for_what_was_so_a_moment_ago(busy: Desk, by_whom: str):
    refused, again = busy.create(), busy.create()
    lacking = PurchaseVerdict(product=PLUG, visible=True, lack=PurchaseVerdict.NOT_FOR_PURPOSE)
    if by_whom == "authorization":
        busy.authorization.lacks[PLUG] = lacking
    else:
        busy.catalog.offers[PLUG] = developing()
    with pytest.raises(Refusal):
        busy.submit(refused)

    busy.authorization.lacks, busy.catalog.offers[PLUG] = {}, an_offer(PLUG)
    assert busy.submit(again).state == pb.Order.INTENTION


def test_who_is_refused_all_the_same_is_asked_about_once_more_and_not_for_ever(busy: Desk):
    first, second = busy.create(), busy.create()
    busy.catalog.offers[PLUG] = developing()
    with pytest.raises(Disallowed):
        busy.submit(first)

    def submit() -> None:
        with pytest.raises(Disallowed):
            busy.submit(second)

    assert asked(busy, submit) == (1, 1)


def test_what_is_shown_to_people_is_asked(busy: Desk):
    """A draft's obstacles, and what new lines cost, are as they are now."""
    busy.submit(busy.create())
    assert asked(busy, lambda: busy.create()) == (1, 1)


def developing() -> Offer:
    return an_offer(PLUG, lifecycle=Lifecycle.DEVELOPMENT)
