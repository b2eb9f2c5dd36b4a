"""Where modules are kept."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.catalog.domain.errors import modules as errors
from services.catalog.domain.module import Module, PriceTier
from services.catalog.store.columns import counted, mapper, moment, number, text, unless_taken
from shared.money import Money
from shared.names import parse

MODULE = "modules/*"


class PriceTiers(sa.types.TypeDecorator[tuple[PriceTier, ...]]):
    """A price list as JSON: `[[1, "EUR", "2.40"], …]`, so that it comes with its module's row."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Sequence[PriceTier] | None, dialect: Any) -> Any:
        return [
            [tier.from_quantity, tier.unit_price.currency, str(tier.unit_price.amount)]
            for tier in value or ()
        ]

    def process_result_value(self, value: Any, dialect: Any) -> tuple[PriceTier, ...]:
        # Empty beside a product that is not built on any module yet.
        return tuple(
            PriceTier(quantity, Money(currency, Decimal(amount)))
            for quantity, currency, amount in value or ()
        )


modules = sa.Table(
    "modules",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *counted(),
    text("module_id"),
    text("display_name"),
    text("description"),
    sa.Column("price_tiers", PriceTiers, nullable=False),
    number("minimum_quantity"),
    number("packing_unit"),
    number("lead_time_days"),
    moment("created_at"),
    sa.UniqueConstraint("module_id", name="modules_module_id_key"),
)


mapper.map_imperatively(Module, modules, version_id_col=modules.c.version)


class Modules:
    """All modules there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, module: Module) -> None:
        """Keep a new module; ModuleIdTaken if there is one of that name."""
        self._tx.add(module)
        with unless_taken("modules_module_id_key", errors.ModuleIdTaken(module=module.name)):
            self._tx.flush()

    def get(self, name: str) -> Module:
        """Return the module called `modules/{module}`; ModuleNotFound."""
        (module_id,) = parse(MODULE, name)
        found = self._tx.scalar(sa.select(Module).where(modules.c.module_id == module_id))
        if found is None:
            raise errors.ModuleNotFound(module=name)
        return found
