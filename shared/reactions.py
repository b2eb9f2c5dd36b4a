"""What a service does with the events it hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
    patient: bool = False
    """Whether it may wait a little, for more to come that it can take at once."""


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
        return self._register(_names(message), Registered(_nothing, everything))

    def to_all(
        self, *contracts: ModuleType, everything: bool = False
    ) -> Callable[[Reaction[Message]], Reaction[Message]]:
        """Register the decorated function as a reaction to every event of `contracts`."""
        names = [name for each in contracts for name in _names(each)]
        return self._register(names, Registered(_nothing, everything))

    def together(
        self, *told: type[Message] | ModuleType, patient: bool = False
    ) -> Callable[[Together], Together]:
        """Register the decorated function as a reaction to messages, or all those of contracts.

        It is given what arrived together, unopened and in order, and sees all enterprises: what
        each event costs a busy listener is mostly what each statement costs it. One that is
        `patient` need not hear of an event at once, but within a quarter of a second.
        """
        names = [name for each in told for name in _names(each)]
        return self._register(names, Registered(_nothing, True, together=True, patient=patient))

    @property
    def sources(self) -> frozenset[str]:
        """The services it hears: those whose events it reacts to."""
        return frozenset(type_.split(".")[1] for type_ in self._by_type)

    @property
    def types(self) -> frozenset[str]:
        """The full names of the messages it reacts to."""
        return frozenset(self._by_type)

    @property
    def urgent(self) -> frozenset[str]:
        """The full names of those among them it reacts to at once."""
        return frozenset(
            type_ for type_, todo in self._by_type.items() if not all(each.patient for each in todo)
        )

    def of(self, envelope: Envelope) -> list[Registered]:
        """Return what to do about `envelope`, in the order it was registered."""
        return self._by_type.get(envelope.type, [])

    def _register(self, types: Iterable[str], how: Registered) -> Callable[[_R], _R]:
        def register(reaction: _R) -> _R:
            for type_ in types:
                self._by_type[type_].append(replace(how, react=reaction))
            return reaction

        return register


def _nothing(*_: object) -> None:
    """Stand in the place of a reaction until it is known."""


def _names(told: type[Message] | ModuleType) -> list[str]:
    if isinstance(told, ModuleType):
        return [each.full_name for each in told.DESCRIPTOR.message_types_by_name.values()]
    return [told.DESCRIPTOR.full_name]
