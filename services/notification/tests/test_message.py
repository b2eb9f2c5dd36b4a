from datetime import timedelta

import pytest
import time_machine
from millrun.notification.v1 import events_pb2

from services.notification.domain.errors import DeliveryCannotBecome
from services.notification.domain.events import MessageFailed
from services.notification.domain.message import (
    ATTEMPTS,
    BECOMES,
    LEASE,
    Channel,
    Message,
    State,
    pause,
)
from services.notification.sending import PATIENCE
from services.notification.tests.builders import ORDER
from shared.clock import now
from shared.events import seal
from shared.testing.golden import golden


def a_message(*channels: Channel) -> Message:
    message = Message.to("accounts/buyer", subject="Order 1", text="Sign.", facts={}, about=ORDER)
    message.send_over(dict.fromkeys(channels or [Channel.MAIL], "somewhere"))
    return message


def fail(message: Message, channel: Channel, times: int = ATTEMPTS) -> None:
    delivery = next(each for each in message.deliveries if each.channel is channel)
    for _ in range(times):
        delivery.begin()
        message.sent(channel, error="The line is dead.")


MOVES = {
    State.PENDING: lambda delivery: delivery.begin(),
    State.DELIVERED: lambda delivery: delivery.succeed(),
    State.FAILED: lambda delivery: delivery.fail("The line is dead."),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", State)
def test_every_wrong_move_is_refused_and_every_right_one_is_made(state, wanted):
    (delivery,) = a_message().deliveries
    delivery.state, delivery.attempts = state, ATTEMPTS

    if wanted in BECOMES[state]:
        MOVES[wanted](delivery)
        assert delivery.state is wanted
    else:
        with pytest.raises(DeliveryCannotBecome, match=f"is {state.value} and cannot"):
            MOVES[wanted](delivery)
        assert delivery.state is state


def test_a_failed_delivery_is_tried_five_times_later_each_time():
    message = a_message()
    (delivery,) = message.deliveries
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False):
        for seconds in (5, 20, 80, 320):
            fail(message, Channel.MAIL, 1)
            assert delivery.state is State.PENDING
            assert delivery.due_at == now() + timedelta(seconds=seconds)
    fail(message, Channel.MAIL, 1)

    assert delivery.state is State.FAILED
    assert delivery.attempts == ATTEMPTS


def test_nobody_begins_a_delivery_that_another_may_still_be_at():
    (delivery,) = a_message().deliveries
    delivery.begin()

    assert delivery.due_at > now() + timedelta(seconds=2 * PATIENCE)
    assert timedelta(seconds=PATIENCE) < LEASE
    assert pause(1) < pause(2)


def test_a_message_that_no_channel_took_is_told():
    message = a_message(Channel.MAIL, Channel.SMS)
    fail(message, Channel.MAIL)
    assert message.release_events() == []
    fail(message, Channel.SMS)
    ((sequence, event),) = message.release_events()

    assert event == MessageFailed(message=message.name, about=ORDER, error="The line is dead.")
    assert sequence == 1


def test_a_message_that_one_channel_took_has_not_failed():
    message = a_message(Channel.MAIL, Channel.SMS)
    message.sent(Channel.SMS)
    fail(message, Channel.MAIL)

    assert message.release_events() == []
    assert [each["state"] for each in message.outcomes] == ["FAILED", "DELIVERED"]


def test_the_first_reading_counts():
    message = a_message()
    message.read()
    first = message.read_at
    message.read()

    assert message.read_at is first


def test_a_failure_is_told_as_its_example_says():
    message = a_message()
    fail(message, Channel.MAIL)
    ((sequence, _),) = message.release_events()
    event = MessageFailed(
        message="accounts/01930000-0000-7000-8000-0000000000b1/messages/"
        "01930000-0000-7000-8000-0000000000f1",
        about=ORDER,
        error="The line is dead.",
    )

    golden(seal(event, sequence=sequence, of=message, contract=events_pb2).open())


def test_what_is_told_is_kept_as_sentence_and_facts_too():
    facts = {"order_no": "MR-1", "reason": "Later.", "price": "9.00 CNY"}
    message = Message.to(
        "accounts/buyer",
        subject="Order {order_no} ended",
        text="{reason}",
        facts=facts,
        about=ORDER,
    )
    assert (message.subject, message.text) == ("Order MR-1 ended", "Later.")
    assert (message.subject_form, message.text_form) == ("Order {order_no} ended", "{reason}")
    assert message.facts == {"order_no": "MR-1", "reason": "Later."}
