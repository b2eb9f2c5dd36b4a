"""Where price lists are kept, and the currencies customers buy in.

Everybody reads general lists and a customer their own; only the vendor's people write: that is
said where the tables are made, in `migrations/versions`.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, column_property, relationship

from services.catalog.domain.customer_terms import CustomerTerms
from services.catalog.domain.errors import prices as errors
from services.catalog.domain.price_list import PriceEntry, PriceList, State
from services.catalog.domain.prices import PriceTier
from services.catalog.store.columns import mapper, moment, text, uuid
from services.catalog.store.products import owners
from shared.money import Money
from shared.names import parse
from shared.storage import aggregate_columns, enterprise_column
from shared.wire import NANOS

PRICE_LIST = "priceLists/*"
PRICE = sa.Numeric(24, 9)


class Tiers(sa.types.TypeDecorator[tuple[PriceTier, ...]]):
    """Price tiers as JSON: `[[1, "EUR", 2, 400000000], …]`, each price in units and nanos.

    So they come with the row they belong to, and go on to a message without a Decimal between.
    """

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Sequence[PriceTier] | None, dialect: Any) -> Any:
        return [_parts(tier) for tier in value or ()]

    def process_result_value(self, value: Any, dialect: Any) -> tuple[PriceTier, ...]:
        return tuple(
            PriceTier(quantity, Money(currency, units + Decimal(nanos).scaleb(-9)))
            for quantity, currency, units, nanos in value or ()
        )


def _parts(tier: PriceTier) -> list[Any]:
    units, rest = divmod(tier.unit_price.amount, 1)
    return [tier.from_quantity, tier.unit_price.currency, int(units), int(rest * NANOS)]


price_lists = sa.Table(
    "price_lists",
    mapper.metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid),
    text("display_name"),
    text("currency"),
    moment("start_at"),
    moment("end_at", optional=True),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    moment("created_at"),
    moment("changed_at"),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.Index("price_lists_by_id", "id", unique=True),
)

price_entries = sa.Table(
    "price_entries",
    mapper.metadata,
    enterprise_column(),
    sa.Column("price_list_id", sa.Uuid),
    text("item"),
    text("currency"),
    sa.Column("tiers", Tiers, nullable=False),
    sa.Column("per_order", PRICE),
    sa.Column("setup_fee", PRICE),
    sa.PrimaryKeyConstraint("enterprise", "price_list_id", "item"),
    sa.ForeignKeyConstraint(
        ["enterprise", "price_list_id"], [price_lists.c.enterprise, price_lists.c.id]
    ),
    sa.Index("price_entries_by_item", "item", "enterprise"),
)

customer_terms = sa.Table(
    "customer_terms",
    mapper.metadata,
    *aggregate_columns(),
    text("currency"),
    sa.PrimaryKeyConstraint("enterprise"),
)

mapper.map_imperatively(PriceEntry, price_entries)
mapper.map_imperatively(CustomerTerms, customer_terms, version_id_col=customer_terms.c.version)
mapper.map_imperatively(
    PriceList,
    price_lists,
    version_id_col=price_lists.c.version,
    properties={
        "entries": relationship(
            PriceEntry,
            order_by=price_entries.c.item,
            cascade="all, delete-orphan",
            lazy="raise",
        ),
        "entry_count": column_property(
            sa.select(sa.func.count())
            .select_from(price_entries)
            .where(
                price_entries.c.enterprise == price_lists.c.enterprise,
                price_entries.c.price_list_id == price_lists.c.id,
            )
            .scalar_subquery(),
        ),
        "legal_name": column_property(
            sa.select(owners.c.legal_name)
            .where(owners.c.enterprise == price_lists.c.enterprise)
            .scalar_subquery()
        ),
    },
)


class PriceLists:
    """The price lists the transaction may see: for a customer general ones and their own."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: PriceList) -> None:
        """Keep a new list."""
        self._tx.add(new)

    def get(self, name: str) -> PriceList:
        """Return the list called `priceLists/…` with its prices; PriceListNotFound."""
        key = uuid(parse(PRICE_LIST, name)[0])
        select = sa.select(PriceList).where(price_lists.c.id == key)
        found = self._tx.scalar(select.options(sa.orm.selectinload(PriceList.entries)))  # type: ignore[arg-type]
        if found is None:
            raise errors.PriceListNotFound(price_list=name)
        return found


class Terms:
    """What was agreed with customers."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: CustomerTerms) -> None:
        """Keep what was agreed with a customer for the first time."""
        self._tx.add(new)

    def of(self, enterprise: str) -> CustomerTerms | None:
        """Return what was agreed with an enterprise, if anything was."""
        return self._tx.get(CustomerTerms, enterprise)
