"""What is asked of RabbitMQ, and what is made of its answers."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from amqp import Channel

from shared.broker import Broker
from shared.broker_node import Node
from shared.bus import NotCarried, Unheard
from shared.events import Envelope
from shared.letters import LARGEST, MOST, Label, Letter, label, pack, unpack
from shared.rabbit import RabbitBus, connect, prepare
from shared.testing import LONG, eventually
from shared.testing.broker import empty_queues, forget_queues
from shared.testing.frozen import frozen
from shared.testing.listener.toy import CONSUMER, SOURCE, history, thing_done
from shared.topology import DELIVERY_LIMIT, dead_queue, policies, queue

EVENT = thing_done("things/1", 1, note="naïve ☂")


@pytest.fixture
def channel(broker: Broker) -> Iterator[Channel]:
    """Return a channel to a broker on which nobody listens yet."""
    forget_queues(broker.url)
    connection = connect(broker.url)
    yield connection.channel()
    connection.close()


def test_events_are_read_as_they_were_written() -> None:
    told = history(aggregates=2, events_each=3)
    (letter,) = pack(told)
    assert unpack(letter.message.body, source=SOURCE) == (told, [])


def test_a_letter_takes_so_many_events_and_no_more() -> None:
    told = history(aggregates=1, events_each=MOST + 1)
    assert [len(_read(letter)) for letter in pack(told)] == [MOST, 1]


def test_a_letter_that_is_large_takes_no_further_event() -> None:
    told = [thing_done("things/1", number, note="x" * LARGEST) for number in (1, 2, 3)]
    assert [len(_read(letter)) for letter in pack(told)] == [1, 1, 1]


def test_what_other_services_told_travels_apart() -> None:
    other = replace(EVENT, type="millrun.other.v1.ThingDone")
    assert [letter.routing_key for letter in pack([EVENT, EVENT, other, EVENT])] == [
        "toy.thing.done",
        "other.thing.done",
        "toy.thing.done",
    ]


def test_a_letter_goes_to_whoever_hears_any_of_what_is_in_it() -> None:
    polished = replace(EVENT, type="millrun.toy.v1.ThingPolished")
    ((_, key, message),) = pack([EVENT, polished, EVENT])
    assert [key, *message.application_headers["CC"]] == ["toy.thing.done", "toy.thing.polished"]


def test_a_letter_says_on_the_outside_what_is_in_it_and_how_much() -> None:
    polished = replace(EVENT, type="millrun.toy.v1.ThingPolished")
    (letter,) = pack([EVENT, polished, EVENT])
    assert label(_delivered(letter, letter.message.application_headers)) == Label(
        frozenset({"toy.thing.done", "toy.thing.polished"}), 3
    )


@pytest.mark.parametrize("said", [{}, {"x-millrun-events": "many"}, {"x-millrun-events": 0}])
def test_a_letter_that_does_not_say_how_much_is_in_it_is_taken_for_full(said: Any) -> None:
    (letter,) = pack([EVENT])
    assert label(_delivered(letter, said)) == Label(frozenset({"toy.thing.done"}), MOST)


def test_a_name_nobody_knows_here_is_no_reason_to_stop() -> None:
    newer = {**vars(EVENT), "type": "millrun.toy.v1.ThingPolished", "later": "field"}
    (found,) = unpack(json.dumps([newer]), source=SOURCE).envelopes
    assert found.type == "millrun.toy.v1.ThingPolished"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfe not text", "not a list of envelopes"),
        (b"{broken", "not a list of envelopes"),
        (b"[]", "it is none, or empty"),
        (b"null", "it is none, or empty"),
        (b"{}", "it is none, or empty"),
        (b"[" * 100_000, "not a list of envelopes"),
        (b"[null]", "not an envelope"),
        (b"[[]]", "not an envelope"),
        ({"id": None}, "not an envelope"),
        ({"id": "not-a-uuid"}, "not an envelope"),
        ({"aggregate": ""}, "lacks its aggregate"),
        ({"aggregate": 7}, "text expected"),
        ({"data": "text"}, "lacks its aggregate or its data"),
        ({"data": {"note": "a\0b"}}, "NUL"),
        ({"data": {"note": "\ud800"}}, "surrogates"),
        ({"data": {"weight": float("inf")}}, "not JSON compliant"),
        ({"sequence": 0}, "is not 1, 2, 3"),
        ({"sequence": True}, "is not 1, 2, 3"),
        ({"sequence": "1"}, "is not 1, 2, 3"),
        ({"sequence": 2**63}, "is not 1, 2, 3"),
        ({"type": "millrun.toy.v2.ThingDone"}, "none of millrun.toy.v1"),
        ({"type": "millrun.other.v1.ThingDone"}, "none of millrun.toy.v1"),
        ({"type": "ThingDone"}, "none of millrun.toy.v1"),
    ],
)
def test_what_the_inbox_could_not_keep_is_unreadable(
    body: bytes | dict[str, Any], reason: str
) -> None:
    sent = body if isinstance(body, bytes) else json.dumps([{**vars(EVENT), **body}])
    envelopes, strange = unpack(sent, source=SOURCE)
    assert not envelopes
    assert re.search(reason, str(strange[0][1]))


@pytest.mark.parametrize(
    "odd",
    [
        {"sequence": 0},
        {"data": {"note": "a\0b"}},
        {"data": {"note": "\ud800"}},
        {"data": {"weight": float("inf")}},
    ],
    ids=["number", "nul", "surrogate", "infinity"],
)
def test_what_is_strange_in_a_letter_keeps_nothing_else_up(odd: dict[str, Any]) -> None:
    told = history(aggregates=1, events_each=2)
    strange = {**vars(EVENT), **odd}
    sent = json.dumps([vars(told[0]), strange, vars(told[1])])
    envelopes, [(body, _)] = unpack(sent, source=SOURCE)
    assert envelopes == told
    assert json.loads(body) == [strange]


def test_a_backslash_before_u0000_is_text_like_any_other() -> None:
    told = [thing_done("things/1", 1, note=r"\u0000 ☂"), thing_done("things/1", 2, note="\n\u2028")]
    sent = json.dumps([vars(each) for each in told])
    assert unpack(sent, source=SOURCE) == (told, [])


def test_limits_are_set_for_every_queue_of_a_consumer_but_the_dead_one() -> None:
    (policy,) = policies(["toy"], vhost="/")
    assert re.search(policy["pattern"], "toy.ordering")
    assert not re.search(policy["pattern"], "toy.dead")
    assert not re.search(policy["pattern"], "other.toy")


def test_a_broker_that_is_not_there_takes_nothing() -> None:
    with pytest.raises(NotCarried, match="does not answer"):
        RabbitBus("amqp://127.0.0.1:1/", patience=1).publish([EVENT])


@pytest.mark.rabbit
def test_what_is_published_is_in_the_queue_in_order(broker: Broker, channel: Channel) -> None:
    prepare(broker.url, CONSUMER, [SOURCE])
    told = history(aggregates=2, events_each=600)
    bus = RabbitBus(broker.url)
    bus.publish(told)
    bus.close()
    found = list(iter(lambda: channel.basic_get(queue(CONSUMER, SOURCE), no_ack=True), None))
    assert [event for each in found for event in unpack(each.body, source=SOURCE)[0]] == told
    assert len(found) == len(told) / MOST
    assert {each.properties["delivery_mode"] for each in found} == {2}


@pytest.mark.rabbit
@pytest.mark.usefixtures("channel")
def test_one_event_that_no_queue_hears_makes_the_batch_be_offered_again(broker: Broker) -> None:
    bus = RabbitBus(broker.url)
    with pytest.raises(Unheard, match=r"no queue hears toy\.thing\.done"):
        bus.publish(history(aggregates=1, events_each=50))
    prepare(broker.url, CONSUMER, [SOURCE])
    bus.publish(history(aggregates=1, events_each=50))
    bus.close()


@pytest.mark.rabbit
def test_a_full_queue_refuses_and_the_bus_says_so(broker: Broker, channel: Channel) -> None:
    limits = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "reject-publish"}
    channel.queue_declare("full", durable=True, auto_delete=False, arguments=limits)
    channel.queue_bind("full", "millrun.events", "toy.#")
    bus = RabbitBus(broker.url, patience=LONG)
    try:
        with pytest.raises(NotCarried, match="refused"):
            _fill(bus)
    finally:
        bus.close()
        channel.queue_delete("full")


@pytest.mark.rabbit
def test_a_message_that_keeps_killing_its_consumer_is_buried_in_the_end(node: Node) -> None:
    empty_queues(node.url)
    bus = RabbitBus(node.url, patience=LONG)
    bus.publish([EVENT])
    bus.close()
    connection = connect(node.url)
    channel, returned = connection.channel(), 0

    def buried() -> Any:
        return channel.basic_get(dead_queue(CONSUMER), no_ack=True)

    while message := channel.basic_get(queue(CONSUMER, SOURCE)):
        assert returned <= DELIVERY_LIMIT
        channel.basic_reject(message.delivery_tag, requeue=True)
        returned += 1
    letter = eventually(buried)
    connection.close()
    assert unpack(letter.body, source=SOURCE) == ([EVENT], [])
    assert letter.application_headers["x-death"][0]["reason"] == "delivery_limit"


@pytest.mark.rabbit
def test_a_frozen_broker_is_given_up_and_found_again(node: Node) -> None:
    empty_queues(node.url)
    bus = RabbitBus(node.url, patience=1)
    _offer(bus)
    with (
        frozen(node._running[-1].pid),
        pytest.raises(NotCarried, match="does not answer"),
    ):
        bus.publish([EVENT])
    _offer(bus)
    bus.close()


@pytest.mark.rabbit
def test_the_bus_finds_a_restarted_broker_with_everything_in_it(node: Node) -> None:
    empty_queues(node.url)
    bus = RabbitBus(node.url, patience=LONG)
    for event in history(aggregates=1, events_each=3):
        bus.publish([event])
    node.kill()
    with pytest.raises(NotCarried):
        bus.publish([EVENT])
    node.start()
    _offer(bus)
    bus.close()
    connection = connect(node.url)
    state = connection.channel().queue_declare(queue(CONSUMER, SOURCE), passive=True)
    connection.close()
    assert state.message_count >= 4


def _read(letter: Letter) -> list[Envelope]:
    return unpack(letter.message.body, source=SOURCE).envelopes


def _delivered(letter: Letter, headers: dict[str, Any]) -> Any:
    return SimpleNamespace(headers=headers, delivery_info={"routing_key": letter.routing_key})


def _fill(bus: RabbitBus) -> None:
    """Publish more than a small queue takes; it notices a little late."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        bus.publish([EVENT])


def _offer(bus: RabbitBus) -> None:
    """Publish as the relay does: again, until it is taken."""

    def taken() -> bool:
        bus.publish([EVENT])
        return True

    eventually(taken)
