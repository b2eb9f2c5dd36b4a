from datetime import timedelta

import pytest
import time_machine
from millrun.notification.v1 import feed_pb2
from millrun.ordering.v1 import events_pb2 as ordering
from pydantic import ValidationError

from services.notification.clocks import clocks, send_one
from services.notification.domain.message import ATTEMPTS, LEASE, Channel
from services.notification.service import service
from services.notification.settings import NotificationSettings
from services.notification.store import Messages
from services.notification.tests.builders import (
    BUYER,
    MANAGER,
    ORDER,
    Post,
    account_registered,
    order_submitted,
)
from services.notification.tests.mailbox import mailbox
from shared import settings
from shared.clock import now
from shared.storage import EVERYTHING, outbox

DEAD = "mailto://127.0.0.1:1/?from=millrun@example.com&to={address}"


@pytest.fixture
def box():
    with mailbox() as box:
        yield box


@pytest.fixture
def office(databases, serving, box):
    """Mail goes to the box; text messages go nowhere."""
    return Post(databases, serving, channels={Channel.MAIL: box.channel, Channel.SMS: DEAD})


def send_all(office, channel=Channel.MAIL):
    count = 0
    while send_one(office.served.runtime, channel):
        count += 1
    return count


def deliveries(office, who=BUYER):
    (message,) = office.messages(who).messages
    return [(each.channel, each.state) for each in message.deliveries]


def told(office):
    with office.database.transaction(EVERYTHING) as tx:
        return [row.body for row in tx.execute(outbox.select().order_by(outbox.c.position))]


PENDING, DELIVERED, FAILED = (
    feed_pb2.Delivery.PENDING,
    feed_pb2.Delivery.DELIVERED,
    feed_pb2.Delivery.FAILED,
)


def test_a_message_is_mailed_once(office, box):
    office.hear(account_registered(MANAGER), order_submitted())
    assert deliveries(office, MANAGER) == [("mail", PENDING)]
    assert send_all(office) == 1
    assert send_all(office) == 0
    ((to, mail),) = box.mails

    assert to == "manager@example.com"
    assert mail["subject"] == "Order MR-2026-000001 of Acme GmbH came in"
    assert "Confirm its price, quantity and module." in mail.get_content()
    assert deliveries(office, MANAGER) == [("mail", DELIVERED)]


def test_each_channel_is_used_for_which_there_is_an_address(office):
    office.hear(account_registered(BUYER, phone="+8657155550100"), order_submitted())
    office.hear(ordering.OrderHeld(order=ORDER, reason="x"))

    assert deliveries(office) == [("mail", PENDING), ("sms", PENDING)]
    assert list(office.messages(MANAGER).messages[0].deliveries) == []


def test_without_channels_nothing_is_sent(databases, serving):
    office = Post(databases, serving)
    office.hear(account_registered(MANAGER, phone="+86571"), order_submitted())

    assert deliveries(office, MANAGER) == []
    assert sum(clock.tick(office.served.runtime) for clock in clocks) == 0


def test_what_somebody_was_told_before_they_could_be_reached_is_sent_then(office, box):
    office.hear(order_submitted(), account_registered(MANAGER))

    assert send_all(office) == 1
    assert [to for to, _ in box.mails] == ["manager@example.com"]


def test_a_channel_that_refuses_is_tried_again_and_the_rest_goes_on(office, box):
    with time_machine.travel(now(), tick=False) as clock:
        office.hear(account_registered(MANAGER), order_submitted())
        box.refusing = True
        assert send_all(office) == 1
        (message,) = office.messages(MANAGER).messages
        assert message.deliveries[0].state == PENDING
        assert "manager@example.com" in message.deliveries[0].error
        box.refusing = False
        assert send_all(office) == 0
        clock.shift(timedelta(seconds=6))
        assert send_all(office) == 1

    assert deliveries(office, MANAGER) == [("mail", DELIVERED)]
    assert told(office) == []


def test_a_message_nobody_took_is_told_after_five_attempts(office, box):
    office.hear(account_registered(MANAGER), order_submitted())
    box.refusing = True
    for attempt in range(ATTEMPTS):
        assert told(office) == []
        with time_machine.travel(now() + attempt * timedelta(minutes=10), tick=False):
            assert send_all(office) == 1
    (failed,) = told(office)
    (message,) = office.messages(MANAGER).messages

    assert deliveries(office, MANAGER) == [("mail", FAILED)]
    assert failed["type"] == "millrun.notification.v1.MessageFailed"
    assert failed["enterprise"] == ""
    assert failed["data"]["message"] == message.name
    assert failed["data"]["about"] == ORDER
    assert message.name.endswith(failed["aggregate"].rpartition("/")[2])


def test_a_process_that_dies_while_sending_is_followed_by_another(office, box):
    office.hear(account_registered(MANAGER), order_submitted())
    with office.database.transaction(EVERYTHING) as tx:
        assert Messages(tx).begin_due(Channel.MAIL)

    assert send_all(office) == 0
    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        assert send_all(office) == 1
    assert len(box.mails) == 1


def test_two_processes_send_a_message_once(office):
    office.hear(account_registered(MANAGER), order_submitted())
    with office.database.transaction(EVERYTHING) as first:
        assert Messages(first).begin_due(Channel.MAIL)
        with office.database.transaction(EVERYTHING) as second:
            assert Messages(second).begin_due(Channel.MAIL) is None


def test_every_channel_has_a_clock_of_its_own():
    assert [clock.tick.__name__ for clock in clocks] == ["send_mail", "send_sms", "send_wechat"]


def test_channels_are_read_from_the_environment_and_not_shown(monkeypatch):
    sms = '{"sms": "twilio://sid:hidden@from/{address}"}'
    monkeypatch.setenv("NOTIFICATION_CHANNELS", sms)
    given = settings.load(service.name, NotificationSettings)

    assert given.channels == {Channel.SMS: "twilio://sid:hidden@from/{address}"}
    assert "hidden" not in repr(given)


def test_a_channel_nobody_knows_is_named():
    with pytest.raises(ValidationError, match="pigeon"):
        NotificationSettings(channels={"pigeon": "x"})
