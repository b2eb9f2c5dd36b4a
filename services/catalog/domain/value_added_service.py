"""The value-added service: what the vendor does on top of an order (R22, R25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.catalog.domain.errors.sold import NoPurposeServed
from services.catalog.domain.sold import Sold, State, item_id, number
from services.catalog.domain.text import PROSE, kept
from shared.clock import now
from shared.ids import new_id


class Purpose(Enum):
    """What an order must be for to have a service on top."""

    TRIAL_PRODUCTION = "trial production"
    MASS_PRODUCTION = "mass production"


class ValueAddedService(Sold):
    """What is done, to what, and how long that takes; what it costs stands in price lists."""

    id: UUID
    service_id: str
    """The last part of its name."""

    display_name: str
    description: str
    purposes: frozenset[Purpose]
    modules: tuple[str, ...]
    """The modules it can be done to, by name; every module if there are none."""

    minimum_quantity: int
    added_lead_time_days: int
    created_at: datetime

    @classmethod
    def enter(
        cls,
        *,
        service_id: str,
        display_name: str,
        purposes: Iterable[Purpose],
        description: str = "",
        modules: Iterable[str] = (),
        minimum_quantity: int = 0,
        added_lead_time_days: int = 0,
    ) -> ValueAddedService:
        """Enter a service. Without a minimum quantity every line can have it."""
        service = cls()
        service.id = new_id()
        service.service_id = item_id(service_id, "value_added_service_id")
        service.state, service.created_at = State.ACTIVE, now()
        service.change(
            display_name=display_name,
            description=description,
            purposes=purposes,
            modules=modules,
            minimum_quantity=minimum_quantity,
            added_lead_time_days=added_lead_time_days,
        )
        return service

    @property
    def name(self) -> str:
        """`valueAddedServices/{service}`."""
        return f"valueAddedServices/{self.service_id}"

    def change(
        self,
        *,
        display_name: str,
        description: str,
        purposes: Iterable[Purpose],
        modules: Iterable[str],
        minimum_quantity: int,
        added_lead_time_days: int,
    ) -> None:
        """Call and sell it so from now on; orders keep what they were placed with."""
        self.display_name = kept(display_name, "display_name", needed=True)
        self.description = kept(description, "description", most=PROSE)
        self.purposes = frozenset(purposes)
        if not self.purposes:
            raise NoPurposeServed(field="purposes")
        self.modules = tuple(sorted(set(modules)))
        self.minimum_quantity = number(minimum_quantity, "minimum_quantity", least=1)
        self.added_lead_time_days = number(added_lead_time_days, "added_lead_time_days")
