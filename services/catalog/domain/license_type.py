"""The licence type: a kind of IPC SDK authorization code, ordered like a module (R2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.catalog.domain.sold import Sold, State, item_id, number
from services.catalog.domain.text import PROSE, kept
from shared.clock import now
from shared.ids import new_id


class LicenseType(Sold):
    """What one code allows, and how codes are sold; what they cost stands in price lists."""

    id: UUID
    sku: str
    """The stock keeping unit it is ordered by; the last part of its name."""

    display_name: str
    licenses: str
    """What one code allows whom to do."""

    modules: tuple[str, ...]
    """The modules it can be used with, by name; every module if there are none."""

    minimum_quantity: int
    lead_time_days: int
    created_at: datetime

    @classmethod
    def enter(
        cls,
        *,
        sku: str,
        display_name: str,
        licenses: str,
        modules: Iterable[str] = (),
        minimum_quantity: int = 0,
        lead_time_days: int = 0,
    ) -> LicenseType:
        """Enter a licence type. Without a minimum quantity every quantity will do."""
        license_type = cls()
        license_type.id, license_type.sku = new_id(), item_id(sku, "sku")
        license_type.state, license_type.created_at = State.ACTIVE, now()
        license_type.change(
            display_name=display_name,
            licenses=licenses,
            modules=modules,
            minimum_quantity=minimum_quantity,
            lead_time_days=lead_time_days,
        )
        return license_type

    @property
    def name(self) -> str:
        """`licenseTypes/{sku}`."""
        return f"licenseTypes/{self.sku}"

    def change(
        self,
        *,
        display_name: str,
        licenses: str,
        modules: Iterable[str],
        minimum_quantity: int,
        lead_time_days: int,
    ) -> None:
        """Call and sell it so from now on; orders keep what they were placed with."""
        self.display_name = kept(display_name, "display_name", needed=True)
        self.licenses = kept(licenses, "licenses", needed=True, most=PROSE)
        self.modules = tuple(sorted(set(modules)))
        self.minimum_quantity = number(minimum_quantity, "minimum_quantity", least=1)
        self.lead_time_days = number(lead_time_days, "lead_time_days")
