"""How an event looks in RabbitMQ, and what is made of something that does not look like one."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from amqp import Message

from shared.events import Envelope
from shared.topology import EXCHANGE, dead_queue

_ADDRESS = re.compile(r"millrun\.([a-z]+)\.v1\.[A-Z][A-Za-z0-9]*")
_TEXTS = ("id", "type", "time", "enterprise", "aggregate", "actor", "trace")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Unreadable(ValueError):
    """These bytes are not an event we know how to read."""


class Letter(NamedTuple):
    """A message and where it goes; an empty exchange means: into the queue of that name."""

    exchange: str
    routing_key: str
    message: Message


def encode(envelope: Envelope) -> Letter:
    """Put `envelope` into a message that survives a restart of the broker."""
    message = Message(
        json.dumps(vars(envelope), ensure_ascii=False, separators=(",", ":")).encode(),
        content_type="application/json",
        delivery_mode=2,
        message_id=envelope.id,
        type=envelope.type,
    )
    return Letter(EXCHANGE, envelope.routing_key, message)


def decode(body: bytes | str, *, source: str) -> Envelope:
    """Read what the service `source` is said to have told; raises Unreadable with the reason.

    A name that is not known here is fine: producers are upgraded before those who hear them, and
    the inbox must see every number of an aggregate. Another version of the contract is not, nor
    is anything PostgreSQL could not keep: the inbox would stumble over it for ever.
    """
    try:
        envelope = Envelope.from_dict(_load(body))
        UUID(envelope.id)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(f"not an envelope: {error!r}") from error
    if not all(isinstance(getattr(envelope, name), str) for name in _TEXTS):
        raise Unreadable("not an envelope: text expected in all of " + ", ".join(_TEXTS))
    if not isinstance(envelope.data, Mapping) or not envelope.aggregate:
        raise Unreadable("not an envelope: it lacks its aggregate or its data")
    if type(envelope.sequence) is not int or not 0 < envelope.sequence < 2**63:
        raise Unreadable(f"sequence {envelope.sequence!r} is not 1, 2, 3 …")
    address = _ADDRESS.fullmatch(envelope.type)
    if not address or address[1] != source:
        raise Unreadable(f"type {envelope.type!r} is none of millrun.{source}.v1")
    return envelope


def _load(body: bytes | str) -> Any:
    """Read JSON that can be written again; ValueError if it cannot."""
    text = body if isinstance(body, str) else body.decode()
    raw = json.loads(text, parse_constant=_refuse)
    # Only what is written as an escape can be a NUL or half of a sign: to look for one is quick.
    if "\\u" in text:
        if _NUL.search(text):
            raise ValueError("it contains a NUL character")
        json.dumps(raw, ensure_ascii=False).encode()
    return raw


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON compliant")


def buried(consumer: str, body: bytes | str, *, reason: str, queue: str) -> Letter:
    """Return the letter that keeps an unreadable message of `queue`, and why, for a person."""
    headers = {"x-millrun-reason": reason[:500], "x-millrun-queue": queue}
    message = Message(body, delivery_mode=2, application_headers=headers)
    return Letter("", dead_queue(consumer), message)
