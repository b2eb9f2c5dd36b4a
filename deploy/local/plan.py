"""What the person at the keyboard asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from deploy.local.ports import Address
from deploy.local.state import State

Bus = Literal["local", "rabbitmq"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One run of Millrun on this machine."""

    state: State
    portal: Address
    console: Address

    bus: Bus = "local"
    """`local`: everything in this process; `rabbitmq`: every service in its own, with a broker."""

    demo: bool = True
    """Whether an empty Millrun is filled with something to look at."""

    def edge(self, name: str) -> Address:
        """Return where the edge `name` listens."""
        return {"gateway": self.portal, "console": self.console}[name]

    @property
    def edges(self) -> dict[str, str]:
        """What tells everybody where portal and console are: links lead from one to the other."""
        return {"GATEWAY_ADDRESS": str(self.portal), "CONSOLE_ADDRESS": str(self.console)}

    @property
    def profile(self) -> str:
        """The name of the profile (architecture §3)."""
        return {"local": "embedded", "rabbitmq": "rabbitmq"}[self.bus]


@dataclass(frozen=True, kw_only=True)
class Running:
    """What runs, for whoever wants to look at it."""

    services: Mapping[str, str]
    """Where each service answers gRPC: `{"catalog": "127.0.0.1:50051"}`."""

    health: Mapping[str, str]
    """Where each process says that it is well, by its name."""
