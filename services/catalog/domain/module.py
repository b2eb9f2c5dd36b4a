"""The module: hardware the vendor makes, with its list price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from services.catalog.domain.errors.modules import (
    ModuleIdMalformed,
    ModuleNumbersOutOfRange,
    PriceTiersUnusable,
)
from services.catalog.domain.text import PROSE, kept
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id
from shared.money import Money

MODULE_ID = re.compile(r"[a-z0-9-]{2,40}")


@dataclass(frozen=True)
class PriceTier:
    """The price of one module from a quantity on."""

    from_quantity: int
    unit_price: Money


class Module(Aggregate):
    """A hardware module; it belongs to the vendor, so everybody may read it."""

    enterprise = ""
    id: UUID
    module_id: str
    """The last part of its name."""

    display_name: str
    description: str
    price_tiers: tuple[PriceTier, ...]
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
        price_tiers: Sequence[PriceTier],
        description: str = "",
        minimum_quantity: int = 0,
        packing_unit: int = 0,
        lead_time_days: int = 0,
    ) -> Module:
        """Enter a module. Without a minimum quantity or packing unit every quantity will do."""
        if not MODULE_ID.fullmatch(module_id):
            raise ModuleIdMalformed(module_id=module_id[:80])
        if min(minimum_quantity, packing_unit, lead_time_days) < 0:
            raise ModuleNumbersOutOfRange
        insist_on_a_price_list(price_tiers)
        module = cls()
        module.id, module.module_id = new_id(), module_id
        module.display_name = kept(display_name, "display_name", needed=True)
        module.description = kept(description, "description", most=PROSE)
        module.price_tiers = tuple(price_tiers)
        module.minimum_quantity = minimum_quantity or 1
        module.packing_unit = packing_unit or 1
        module.lead_time_days = lead_time_days
        module.created_at = now()
        return module

    @property
    def name(self) -> str:
        """`modules/{module}`."""
        return f"modules/{self.module_id}"


def insist_on_a_price_list(tiers: Sequence[PriceTier]) -> None:
    """Refuse with PriceTiersUnusable what does not give every quantity from 1 on one price."""
    if not tiers or tiers[0].from_quantity != 1:
        raise PriceTiersUnusable(why="there is no price from quantity 1 on")
    if any(tier.unit_price.amount <= 0 for tier in tiers):
        raise PriceTiersUnusable(why="a price is not above 0")
    for tier, larger in pairwise(tiers):
        if larger.unit_price.currency != tier.unit_price.currency:
            raise PriceTiersUnusable(why="there is more than one currency")
        if larger.from_quantity <= tier.from_quantity:
            raise PriceTiersUnusable(why="a quantity does not rise")
        if larger.unit_price > tier.unit_price:
            raise PriceTiersUnusable(why="a price rises with the quantity")
