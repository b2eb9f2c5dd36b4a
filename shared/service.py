"""What a service is, before anything decides how to run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

from shared.inbox import Reactions
from shared.settings import ServiceSettings

if TYPE_CHECKING:
    from shared.clients import Clients
    from shared.storage import Database


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Something a service does from time to time, in its serve process.

    `tick` is called every `every` seconds; it returns how much it did, and is called again at once
    while that is not zero.
    """

    every: float
    tick: Callable[[Runtime], int]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A name, the questions it answers, the events it tells and hears, the clocks it watches."""

    name: str
    events: ModuleType
    """The generated module of its `events.proto`."""

    api: str
    """The module with `register(server, runtime)`; imported only where gRPC may be."""

    settings: type[ServiceSettings] = ServiceSettings
    """Its settings class; read from `<NAME>_…` in the environment, once, at launch."""

    remembered: bool = False
    """Whether others may remember some of its answers: it has the table of `shared.invalidations`,
    and says there what does not hold any more."""

    reactions: Reactions = field(default_factory=Reactions)
    clocks: tuple[Clock, ...] = ()
    look: Callable[[Any], object] = lambda _: None
    """Looks, by its settings, for what is mounted for its serve process alone, as keys; raises what
    says that something is missing. It is told when it starts, and answers all the rest."""

    chores: Mapping[str, Callable[[Runtime, list[str]], None]] = field(default_factory=dict)
    """Commands for its operator: `python -m services.<name> <chore> …`."""

    @property
    def domain(self) -> str:
        """Where its error reasons belong."""
        return f"{self.name}.millrun"


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """A service that runs: what its servicer and its clocks are given."""

    service: Service
    database: Database
    settings: ServiceSettings
    clients: Clients | None
    """Stubs of the other services; none where nobody may be asked (a worker)."""
