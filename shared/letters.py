"""How events look in RabbitMQ, and what is made of something that does not look like them.

A letter carries what was told together: most of what a message costs, the broker and each of its
listeners, it costs whatever is in it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from amqp import Message

from shared.events import Envelope
from shared.topology import EXCHANGE, dead_queue

MOST = 25
"""Events in one letter; what is delivered again when a worker dies is delivered by the letter."""

LARGEST = 128 * 1024
"""Characters after which a letter takes no further event."""

_OTHERS, _COUNT = "CC", "x-millrun-events"
"""Headers: RabbitMQ's own, of the keys it delivers by beside the first, and how many events."""

_ADDRESS = re.compile(r"millrun\.([a-z]+)\.v1\.[A-Z][A-Za-z0-9]*")
_TEXTS = ("id", "type", "time", "enterprise", "aggregate", "actor", "trace")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Unreadable(ValueError):
    """Says why some bytes are no event we know how to read."""


class Letter(NamedTuple):
    """A message and where it goes; an empty exchange means: into the queue of that name."""

    exchange: str
    routing_key: str
    message: Message


class Label(NamedTuple):
    """What can be seen of a letter without opening it."""

    keys: frozenset[str]
    """The routing keys of all that is in it."""

    events: int
    """How many events are in it, or as many as there may be."""


class Opened(NamedTuple):
    """What was in a letter."""

    envelopes: list[Envelope]
    strange: list[tuple[bytes, Unreadable]]
    """What is no event, as a letter of its own, and why."""


def pack(envelopes: Iterable[Envelope]) -> list[Letter]:
    """Put `envelopes` into letters that survive a restart of the broker, in order."""
    return [_letter(events, texts) for events, texts in _together(envelopes)]


def _together(envelopes: Iterable[Envelope]) -> Iterator[tuple[list[Envelope], list[str]]]:
    """Yield those that travel together: of one source, not too many and not too large."""
    events: list[Envelope] = []
    texts: list[str] = []
    for each in envelopes:
        if events and (
            len(events) == MOST or sum(map(len, texts)) > LARGEST or each.source != events[0].source
        ):
            yield events, texts
            events, texts = [], []
        events.append(each)
        texts.append(json.dumps(vars(each), ensure_ascii=False, separators=(",", ":")))
    if events:
        yield events, texts


def _letter(events: Sequence[Envelope], texts: Sequence[str]) -> Letter:
    # To whoever hears any of them: the broker delivers by all these keys, once to a queue.
    key, *others = dict.fromkeys(each.routing_key for each in events)
    headers: dict[str, Any] = {_COUNT: len(events)} | ({_OTHERS: others} if others else {})
    message = Message(
        f"[{','.join(texts)}]".encode(),
        content_type="application/json",
        delivery_mode=2,
        message_id=events[0].id,
        application_headers=headers,
    )
    return Letter(EXCHANGE, key, message)


def label(message: Any) -> Label:
    """Read what the letter that `message` delivers says on the outside.

    It is only as true as whoever sent it, and is for deciding when to open it, not what it is.
    """
    others, count = (message.headers.get(name) for name in (_OTHERS, _COUNT))
    keys = {str(message.delivery_info.get("routing_key"))}
    keys.update(map(str, others if isinstance(others, list) else ()))
    return Label(frozenset(keys), count if isinstance(count, int) and 0 < count <= MOST else MOST)


def unpack(body: bytes | str, *, source: str) -> Opened:
    """Read what the service `source` is said to have told; what is strange keeps nothing else up.

    A name that is not known here is fine: producers are upgraded before those who hear them, and
    the inbox must see every number of an aggregate. Another version of the contract is not, nor
    is anything PostgreSQL could not keep: the inbox would stumble over it for ever.
    """
    found = Opened([], [])
    try:
        raw, is_plain = _load(body)
    except (ValueError, TypeError, RecursionError) as error:
        found.strange.append((_bytes(body), Unreadable(f"not a list of envelopes: {error!r}")))
        return found
    for each in raw:
        try:
            if not is_plain:
                _insist_it_can_be_kept(each)
            found.envelopes.append(_read(each, source))
        except Unreadable as reason:
            found.strange.append((json.dumps([each]).encode(), reason))
    return found


def _load(body: bytes | str) -> tuple[list[Any], bool]:
    """Return what JSON says, and whether it surely can be written as it was."""
    text = body if isinstance(body, str) else body.decode()
    odd: list[str] = []
    raw = json.loads(text, parse_constant=odd.append)
    if not isinstance(raw, list) or not raw:
        raise ValueError("it is none, or empty")
    # Only what is written as an escape can be a NUL or half of a sign: to look for one is quick.
    return (json.loads(text) if odd else raw), not odd and "\\u" not in text


def _insist_it_can_be_kept(raw: Any) -> None:
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not an envelope: {error!r}") from error
    if _NUL.search(text):
        raise Unreadable("not an envelope: it contains a NUL character")


def _read(raw: Any, source: str) -> Envelope:
    try:
        envelope = Envelope.from_dict(raw)
        UUID(envelope.id)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
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


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode(errors="surrogatepass")


def buried(consumer: str, body: bytes, *, reason: str, queue: str) -> Letter:
    """Return the letter that keeps something unreadable of `queue`, and why, for a person."""
    headers = {"x-millrun-reason": reason[:500], "x-millrun-queue": queue}
    message = Message(body, delivery_mode=2, application_headers=headers)
    return Letter("", dead_queue(consumer), message)
