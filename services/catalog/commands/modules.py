"""What can be asked of modules."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.catalog.domain.module import Module, PriceTier
from services.catalog.store import Modules


def create_module(
    tx: Session,
    *,
    module_id: str,
    display_name: str,
    description: str,
    price_tiers: Sequence[PriceTier],
    minimum_quantity: int,
    packing_unit: int,
    lead_time_days: int,
) -> Module:
    """Enter a module; ModuleIdTaken, or what its parts refuse."""
    module = Module.enter(
        module_id=module_id,
        display_name=display_name,
        description=description,
        price_tiers=price_tiers,
        minimum_quantity=minimum_quantity,
        packing_unit=packing_unit,
        lead_time_days=lead_time_days,
    )
    Modules(tx).add(module)
    return module
