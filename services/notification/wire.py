"""Messages and the feed in and out of protobuf."""

import json
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from typing import Any

from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from google.type.money_pb2 import Money
from millrun.notification.v1 import feed_pb2
from millrun.notification.v1 import notification_pb2 as pb

from services.notification.domain.feed import OrderEvent
from services.notification.queries import Inbox, Shown
from shared.events import message_class
from shared.paging import Page
from shared.wire import money_from, time_message


def nothing(_: None) -> Empty:
    """Answer that it is done."""
    return Empty()


def message_message(message: Shown) -> feed_pb2.Message:
    """Return a message as its reader sees it."""
    return feed_pb2.Message(
        name=f"{message.account}/messages/{message.id}",
        subject=message.subject,
        text=message.text,
        subject_form=message.subject_form,
        text_form=message.text_form,
        facts=message.facts,
        about=message.about,
        read=message.read_at is not None,
        create_time=time_message(message.created_at),
        deliveries=[
            feed_pb2.Delivery(
                channel=each["channel"],
                state=feed_pb2.Delivery.State.Value(each["state"]),
                error=each["error"],
            )
            for each in message.outcomes
        ],
    )


def messages_message(inbox: Inbox) -> pb.ListMessagesResponse:
    """Return a page of messages."""
    return pb.ListMessagesResponse(
        messages=[message_message(each) for each in inbox.page.items],
        next_page_token=inbox.page.next_token,
        unread=inbox.unread,
    )


def read_message(count: int) -> pb.ReadMessagesResponse:
    """Return how many messages were marked as read."""
    return pb.ReadMessagesResponse(read_count=count)


def event_message(event: OrderEvent) -> feed_pb2.OrderEvent:
    """Return an event of an order as whoever follows the feed sees it."""
    message = feed_pb2.OrderEvent(
        id=str(event.id),
        type=event.type,
        order=event.order,
        order_no=event.order_no,
        sequence=event.sequence,
        time=time_message(event.time.astimezone(UTC)),
        actor=event.actor,
        actor_display_name=event.actor_display_name,
    )
    json_format.ParseDict(dict(event.data), message.data)
    return message


def events_message(page: Page[OrderEvent]) -> pb.ListOrderEventsResponse:
    """Return a page of the feed."""
    return pb.ListOrderEventsResponse(
        order_events=[event_message(each) for each in page.items], next_page_token=page.next_token
    )


MOST_DIFFERENCES = 6


def differences_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what an event says changed in a contract, for pages in other languages: as JSON."""
    found = data.get("differences", [])
    rows = [
        {
            "clause": each.get("clause", ""),
            "line_no": int(each.get("lineNo", 0)),
            **{name: each.get(name, "") for name in ("field", "before", "after")},
        }
        for each in found[:MOST_DIFFERENCES]
    ]
    if not found:
        return {}
    return {
        "differences": json.dumps(rows, ensure_ascii=False),
        "differences_count": str(len(found)),
    }


def facts_of(message: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what sentences about an event may name: its texts, and its amounts of money.

    `data` is the event as proto3 JSON of `message`, by its full name; it need not be opened.
    """
    facts = {name: str(data.get(key, "")) for name, key in _texts_of(message)}
    for name, key in _amounts_of(message):
        # Production hears of orders without their prices.
        facts[name] = _amount(data[key]) if key in data else ""
    return facts


@cache
def _texts_of(message: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field.name, field.json_name)
        for field in message_class(message).DESCRIPTOR.fields
        if field.type == field.TYPE_STRING and not field.is_repeated
    )


@cache
def _amounts_of(message: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field.name, field.json_name)
        for field in message_class(message).DESCRIPTOR.fields
        if field.message_type is Money.DESCRIPTOR and not field.is_repeated
    )


def _amount(data: Mapping[str, Any]) -> str:
    money = json_format.ParseDict(dict(data), Money())
    return str(money_from(money)) if money.currency_code else ""
