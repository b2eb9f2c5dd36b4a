"""The module: hardware the vendor makes, and how it is sold."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from services.catalog.domain.errors.modules import ModuleIdMalformed
from services.catalog.domain.sold import Sold, State, number
from services.catalog.domain.text import PROSE, kept
from shared.clock import now
from shared.ids import new_id

MODULE_ID = re.compile(r"[a-z0-9-]{2,40}")


class Module(Sold):
    """A hardware module; what it costs stands in price lists."""

    id: UUID
    module_id: str
    """The last part of its name."""

    display_name: str
    description: str
    series: str
    """The family of modules it belongs to, such as `Wi-Fi`."""

    minimum_quantity: int
    packing_unit: int
    lead_time_days: int
    created_at: datetime

    @classmethod
    def enter(
        cls,
        *,
        module_id: str,
        display_name: str,
        description: str = "",
        series: str = "",
        minimum_quantity: int = 0,
        packing_unit: int = 0,
        lead_time_days: int = 0,
    ) -> Module:
        """Enter a module. Without a minimum quantity or packing unit every quantity will do."""
        if not MODULE_ID.fullmatch(module_id):
            raise ModuleIdMalformed(field="module_id", module_id=module_id[:80])
        module = cls()
        module.id, module.module_id, module.state = new_id(), module_id, State.ACTIVE
        module.created_at = now()
        module.change(
            display_name=display_name,
            description=description,
            series=series,
            minimum_quantity=minimum_quantity,
            packing_unit=packing_unit,
            lead_time_days=lead_time_days,
        )
        return module

    @property
    def name(self) -> str:
        """`modules/{module}`."""
        return f"modules/{self.module_id}"

    def change(
        self,
        *,
        display_name: str,
        description: str,
        series: str,
        minimum_quantity: int,
        packing_unit: int,
        lead_time_days: int,
    ) -> None:
        """Call and sell it so from now on; orders keep what they were placed with."""
        self.display_name = kept(display_name, "display_name", needed=True)
        self.description = kept(description, "description", most=PROSE)
        self.series = kept(series, "series")
        self.minimum_quantity = number(minimum_quantity, "minimum_quantity", least=1)
        self.packing_unit = number(packing_unit, "packing_unit", least=1)
        self.lead_time_days = number(lead_time_days, "lead_time_days")
