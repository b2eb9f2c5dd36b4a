import re

import pytest
from millrun.notification.v1 import notification_pb2 as pb
from millrun.ordering.v1 import events_pb2 as ordering

from services.notification.tests.builders import (
    BUYER,
    ENGINEER,
    MANAGER,
    ORDER,
    order_submitted,
)
from shared.caller import NOBODY, Role
from shared.errors import Forbidden, Malformed, NotFound, Unauthenticated
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.statements import statements

STRANGER = caller(Role.BUYER, enterprise="globex", account="accounts/stranger")
PARTNER = caller(Role.PARTNER, account="enterprises/acme/partnerClients/erp")


def reading(name):
    return pb.ReadMessageRequest(name=name)


def listing(parent, **more):
    return pb.ListMessagesRequest(parent=parent, **more)


@pytest.fixture
def told(post):
    """The buyer was told of four changes."""
    post.hear(order_submitted())
    for reason in "abcd":
        post.hear(ordering.OrderHeld(order=ORDER, reason=reason))
    return post


def test_messages_come_newest_first_a_page_at_a_time(told):
    first = told.messages(BUYER, page_size=3)
    second = told.messages(BUYER, page_size=3, page_token=first.next_page_token)

    assert [each.text for each in first.messages] == ["d", "c", "b"]
    assert [each.text for each in second.messages] == ["a"]
    assert second.next_page_token == ""
    assert first.unread == second.unread == 4


def test_a_message_read_is_read_once_and_for_all(told):
    newest = told.messages(BUYER).messages[0]
    read = told.ask(BUYER).ReadMessage(reading(newest.name))
    again = told.ask(BUYER).ReadMessage(reading(newest.name.replace(BUYER.account, "accounts/me")))

    assert read == again
    assert read.read
    assert read.name == newest.name
    assert told.messages(BUYER).unread == 3
    unread = told.messages(BUYER, unread_only=True)
    assert [each.text for each in unread.messages] == ["c", "b", "a"]


def reading_all(parent="accounts/me", **more):
    return pb.ReadMessagesRequest(parent=parent, **more)


def test_all_messages_are_read_at_once_and_only_those_of_the_caller(told):
    others = told.messages(MANAGER).unread
    first = told.messages(BUYER).messages[2].name
    told.ask(BUYER).ReadMessage(reading(first))
    tried = told.ask(BUYER).ReadMessages(reading_all(validate_only=True))
    assert (tried.read_count, told.messages(BUYER).unread) == (3, 3)

    assert told.ask(BUYER).ReadMessages(reading_all(BUYER.account)).read_count == 3
    assert told.messages(BUYER).unread == 0
    assert told.ask(BUYER).ReadMessages(reading_all()).read_count == 0
    assert told.messages(MANAGER).unread == others > 0


def test_what_was_told_since_the_newest_that_was_seen_stays_unread(told):
    seen = told.messages(BUYER).messages[0].name
    told.hear(ordering.OrderHeld(order=ORDER, reason="e"))
    asked = reading_all(newest=seen, request_id="once")
    done = told.ask(BUYER).ReadMessages(asked)
    told.hear(ordering.OrderHeld(order=ORDER, reason="f"))
    again = told.ask(BUYER).ReadMessages(asked)

    assert done == again
    assert done.read_count == 4
    unread = told.messages(BUYER, unread_only=True)
    assert [each.text for each in unread.messages] == ["f", "e"]
    assert all(not each.read for each in told.messages(BUYER).messages[:2])


def test_a_message_that_is_being_sent_can_be_read_with_all_others(told):
    told.ask(BUYER).ReadMessages(reading_all())
    newest = told.messages(BUYER).messages[0]
    assert told.ask(BUYER).ReadMessage(reading(newest.name)).read, "its version is counted on"


def test_nobody_marks_what_others_were_told(told):
    mine = told.messages(MANAGER).messages[0].name
    with pytest.raises(NotFound, match=f"There are no messages of {MANAGER.account}"):
        told.ask(STRANGER).ReadMessages(reading_all(MANAGER.account))
    for newest in (mine, mine.replace(MANAGER.account, STRANGER.account)):
        with pytest.raises(NotFound, match="There is no message"):
            told.ask(STRANGER).ReadMessages(reading_all(newest=newest))
    assert told.messages(MANAGER).unread


def test_what_is_unread_is_counted_where_nothing_is_shown(told):
    last = told.messages(BUYER, page_size=3).next_page_token
    oldest = told.messages(BUYER, page_token=last).messages[0]
    told.ask(BUYER).ReadMessage(reading(oldest.name))
    page = told.messages(BUYER, page_token=last, unread_only=True)

    assert not page.messages
    assert page.unread == 3
    assert told.messages(STRANGER).unread == 0


def test_counting_ends_at_a_hundred(post):
    post.hear(order_submitted())
    for n in range(102):
        post.hear(ordering.OrderHeld(order=ORDER, reason=str(n)))

    assert post.messages(BUYER, page_size=1).unread == 100


def test_an_account_is_the_same_in_every_space(told):
    elsewhere = caller(Role.BUYER, enterprise="globex", account=BUYER.account)

    assert told.messages(elsewhere).messages == told.messages(BUYER).messages
    named = told.ask(BUYER).ListMessages(listing(BUYER.account))
    assert named.messages == told.messages(BUYER).messages


def test_nobody_reads_what_others_were_told(told):
    name = told.messages(MANAGER).messages[0].name
    mine = name.replace(MANAGER.account, STRANGER.account)
    missing = f"{STRANGER.account}/messages/nonsense"

    for asked in (name, mine, missing):
        for who in (STRANGER, ENGINEER):
            with pytest.raises(NotFound, match=f"There is no message {asked}"):
                told.ask(who).ReadMessage(reading(asked))
    with pytest.raises(NotFound, match=f"There are no messages of {MANAGER.account}"):
        told.ask(STRANGER).ListMessages(listing(MANAGER.account))
    assert not told.messages(MANAGER).messages[0].read


def test_whoever_signed_in_has_messages_and_nobody_else(told):
    assert not told.messages(PARTNER).messages
    with pytest.raises(Unauthenticated):
        told.messages(NOBODY)
    with pytest.raises(Malformed):
        told.ask(BUYER).ListMessages(listing("people/me"))
    with pytest.raises(Malformed):
        told.messages(BUYER, page_token="?")


def test_a_foreign_feed_does_not_exist(told):
    for who in (STRANGER, PARTNER):
        foreign = pb.ListOrderEventsRequest(
            parent="enterprises/globex" if who is PARTNER else "enterprises/acme"
        )
        with pytest.raises(NotFound, match=f"There is no enterprise {foreign.parent}"):
            told.ask(who).ListOrderEvents(foreign)
    assert len(told.feed(MANAGER).order_events) == len(told.feed(PARTNER).order_events) == 5


def test_what_the_feed_cannot_answer_is_refused_in_words(told):
    with pytest.raises(Malformed, match="page token"):
        told.feed(page_token="/////////////////////w")
    with pytest.raises(Malformed, match="enterprises/\\*/orders/\\*"):
        told.feed(order="MR-2026-000001")
    nobody = caller(account="accounts/nobody")
    with pytest.raises(Forbidden):
        told.feed(nobody)


def test_a_page_is_one_statement_however_much_it_shows(told):
    def asked(ask):
        with statements(told.database) as said:
            ask()
        return [each for each in said if not re.match("begin|select set_config", each)]

    for size in (1, 200):
        assert len(asked(lambda size=size: told.messages(BUYER, page_size=size))) == 1
        assert len(asked(lambda size=size: told.feed(page_size=size))) == 1


def test_reading_tells_nobody(told):
    told.ask(BUYER).ReadMessage(reading(told.messages(BUYER).messages[0].name))
    with told.database.transaction(EVERYTHING) as tx:
        assert tx.execute(outbox.select()).all() == []
