"""Events as they travel between services.

Inside a service an event is a frozen dataclass; between services it is the protobuf message of
the same name. The message is the contract; the envelope is what the carrier needs to know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from types import ModuleType
from typing import Any

from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import Message

from shared.clock import now
from shared.domain import Aggregate, Event
from shared.ids import new_id
from shared.sealing import data_of


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An event, addressed, numbered and dated."""

    id: str = field(default_factory=lambda: str(new_id()))
    type: str
    """Full protobuf name: `millrun.ordering.v1.OrderSubmitted`."""

    time: str = field(default_factory=lambda: now().isoformat())
    enterprise: str = ""
    """The space it belongs to, as `acme`; empty for what belongs to the vendor."""

    aggregate: str
    """Resource name of what it happened to."""

    sequence: int
    """1, 2, 3 … without a gap, per aggregate (I9)."""

    actor: str = ""
    """Account that caused it; empty when the system did."""

    trace: str = ""
    """W3C `traceparent` of the request it came from."""

    data: dict[str, Any]
    """The message in proto3 JSON."""

    @property
    def routing_key(self) -> str:
        """Where it goes: `ordering.order.submitted`."""
        return routing_key(self.type)

    @property
    def source(self) -> str:
        """The service it comes from."""
        return self.type.split(".")[1]

    def open(self) -> Message:
        """Return the message inside; fields we do not know yet are ignored."""
        return json_format.ParseDict(
            self.data, message_class(self.type)(), ignore_unknown_fields=True
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON data."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Envelope":
        """Read it back; keys of a later version are ignored. KeyError or TypeError if not one."""
        return cls(**{name: raw[name] for name in _NAMES if name in raw})


_NAMES = tuple(each.name for each in fields(Envelope))


def seal(
    event: Event, *, sequence: int, of: Aggregate, contract: ModuleType, **more: str
) -> Envelope:
    """Wrap `event` of the aggregate `of` as the message of the same name in `contract`."""
    message = getattr(contract, type(event).__name__).DESCRIPTOR
    return Envelope(
        type=message.full_name,
        enterprise=of.enterprise,
        aggregate=of.name,
        sequence=sequence,
        data=data_of(event, message),
        **more,
    )


@cache
def routing_key(type_: str) -> str:
    """`millrun.ordering.v1.OrderPriceConfirmed` travels as `ordering.order.price_confirmed`.

    The first word of the name is the resource, the others are what became of it.
    """
    _, service, _, name = type_.split(".")
    words = [word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", name)]
    return f"{service}.{words[0]}.{'_'.join(words[1:])}"


def message_class(full_name: str) -> type[Message]:
    """Return the class of a protobuf message by its full name; KeyError if it is not loaded."""
    pool = descriptor_pool.Default()  # type: ignore[no-untyped-call]
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(full_name))
