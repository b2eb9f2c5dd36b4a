"""What a service does with the events it hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared.events import Envelope

_M = TypeVar("_M", bound=Message)
Reaction = Callable[[Session, _M, Envelope], None]
"""What to do in `tx` about `event`, heard as `heard`: `open_work_order(tx, event, heard)`."""


@dataclass(frozen=True)
class Registered:
    """A reaction, and whether it sees all enterprises."""

    react: Reaction[Any]
    everything: bool


class Reactions:
    """What a service does when it hears of an event.

    A reaction sees the enterprise the event belongs to, or everything if it belongs to none. It
    asks nobody: the event and the service's own tables must be enough.
    """

    def __init__(self) -> None:
        self._by_type: dict[str, list[Registered]] = defaultdict(list)

    def to(
        self, message: type[_M], *, everything: bool = False
    ) -> Callable[[Reaction[_M]], Reaction[_M]]:
        """Register the decorated function as a reaction to `message`.

        With `everything` it sees all enterprises, for what one enterprise's event means to another.
        """
        return self._register([message.DESCRIPTOR.full_name], everything)

    def to_all(
        self, *contracts: ModuleType, everything: bool = False
    ) -> Callable[[Reaction[Message]], Reaction[Message]]:
        """Register the decorated function as a reaction to every event of `contracts`."""
        return self._register(
            [
                message.full_name
                for contract in contracts
                for message in contract.DESCRIPTOR.message_types_by_name.values()
            ],
            everything,
        )

    @property
    def sources(self) -> frozenset[str]:
        """The services it hears: those whose events it reacts to."""
        return frozenset(type_.split(".")[1] for type_ in self._by_type)

    @property
    def types(self) -> frozenset[str]:
        """The full names of the messages it reacts to."""
        return frozenset(self._by_type)

    def of(self, envelope: Envelope) -> list[Registered]:
        """Return what to do about `envelope`, in the order it was registered."""
        return self._by_type.get(envelope.type, [])

    def _register(
        self, types: Iterable[str], everything: bool
    ) -> Callable[[Reaction[_M]], Reaction[_M]]:
        def register(reaction: Reaction[_M]) -> Reaction[_M]:
            for type_ in types:
                self._by_type[type_].append(Registered(reaction, everything))
            return reaction

        return register
