"""What a service does with the events it hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared.events import Envelope

_M = TypeVar("_M", bound=Message)
_R = TypeVar("_R", bound=Callable[..., None])
Reaction = Callable[[Session, _M, Envelope], None]
"""What to do in `tx` about `event`, heard as `heard`: `open_work_order(tx, event, heard)`."""

Together = Callable[[Session, Sequence[Envelope]], None]
"""What to do in `tx` about all that was heard at once, in its order: `note(tx, heard)`."""


@dataclass(frozen=True)
class Registered:
    """A reaction, whether it sees all enterprises, and whether it takes several events at once."""

    react: Callable[..., None]
    everything: bool
    together: bool = False


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
        return self._register([name for each in contracts for name in _names(each)], everything)

    def together(self, *told: type[Message] | ModuleType) -> Callable[[Together], Together]:
        """Register the decorated function as a reaction to messages, or all those of contracts.

        It is given what arrived together, unopened and in order, and sees all enterprises: what
        each event costs a busy listener is mostly what each statement costs it.
        """
        return self._register([name for each in told for name in _names(each)], True, together=True)

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
        self, types: Iterable[str], everything: bool, *, together: bool = False
    ) -> Callable[[_R], _R]:
        def register(reaction: _R) -> _R:
            for type_ in types:
                self._by_type[type_].append(Registered(reaction, everything, together))
            return reaction

        return register


def _names(told: type[Message] | ModuleType) -> list[str]:
    if isinstance(told, ModuleType):
        return [each.full_name for each in told.DESCRIPTOR.message_types_by_name.values()]
    return [told.DESCRIPTOR.full_name]
