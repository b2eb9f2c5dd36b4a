"""What things cost whom: one statement for all that is asked about.

The rule is the one of `domain.pricing`, which also says why; a test compares the two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.catalog.domain.prices import Charge
from services.catalog.domain.sold import Sold
from services.catalog.settings import CatalogSettings
from services.catalog.store.prices import Tiers
from shared.caller import Caller, Role
from shared.clock import now
from shared.money import Money
from shared.paging import Page
from shared.storage import settings_of

T = TypeVar("T", bound=Sold)

SEES_PRICES = frozenset({Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER, Role.FINANCE})
"""Those of the vendor's people who see prices (requirements §3)."""

_ENTRY = """
    SELECT e.price_list_id, e.currency, e.tiers, e.per_order, e.setup_fee
    FROM price_entries e
    JOIN price_lists l ON l.enterprise = e.enterprise AND l.id = e.price_list_id
    WHERE e.item = {item} AND e.enterprise IN ('', :customer) AND e.currency = coalesce(
            (SELECT t.currency FROM customer_terms t WHERE t.enterprise = :customer), :currency)
        AND l.state = 'ACTIVE' AND l.start_at <= :now AND (l.end_at IS NULL OR :now < l.end_at)
    ORDER BY e.enterprise = '', l.start_at DESC, l.id DESC LIMIT 1
"""


def the_entry(item: str) -> str:
    """Return the question for the entry that gives a price: own before general, then the newest.

    `item` is an SQL expression; the parameters are those of `facts`.
    """
    return _ENTRY.replace("{item}", item)


_PRICES = (
    sa.text(
        """
        SELECT asked.item, counts.* FROM unnest(:items) AS asked (item)
        CROSS JOIN LATERAL ({entry}) counts
        """.replace("{entry}", the_entry("asked.item"))
    )
    .bindparams(sa.bindparam("items", type_=ARRAY(sa.Text)))
    .columns(
        item=sa.Text,
        price_list_id=sa.Uuid,
        currency=sa.Text,
        tiers=Tiers,
        per_order=sa.Numeric,
        setup_fee=sa.Numeric,
    )
)


@dataclass(frozen=True)
class Price:
    """What an item costs somebody now, and by which list."""

    price_list: str
    charge: Charge


@dataclass(frozen=True)
class Priced(Generic[T]):
    """Something from the catalogue with what the reader would pay for it."""

    item: T
    price: Price | None = None
    """None without a price, and for whoever sees no prices."""


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who would pay, and when."""

    customer: str
    """The bare id of the enterprise; empty for whoever has no list of their own."""

    at: datetime = field(default_factory=now)


def price(tx: Session, caller: Caller, item: T) -> Priced[T]:
    """Return one thing as `caller` would pay for it."""
    return price_all(tx, caller, [item])[0]


def price_page(tx: Session, caller: Caller, found: Page[T]) -> Page[Priced[T]]:
    """Return a page of things as `caller` would pay for them, with one statement more."""
    return Page(price_all(tx, caller, found.items), found.next_token)


def price_all(tx: Session, caller: Caller, items: Sequence[T]) -> list[Priced[T]]:
    """Return things as `caller` would pay for them."""
    if caller.is_staff and not caller.has(*SEES_PRICES):
        return [Priced(item) for item in items]
    found = prices(tx, Buyer(customer=caller.enterprise), [item.name for item in items])
    return [Priced(item, found.get(item.name)) for item in items]


def prices(tx: Session, buyer: Buyer, items: Iterable[str]) -> dict[str, Price]:
    """Return what these items cost somebody, by name; what no list has is left out."""
    rows = tx.execute(_PRICES, {**facts(tx, buyer), "items": list(items)})
    return {row.item: Price(f"priceLists/{row.price_list_id}", _charge(row)) for row in rows}


def facts(tx: Session, buyer: Buyer) -> dict[str, Any]:
    """Return what the rule has to know about somebody."""
    return {"customer": buyer.customer, "now": buyer.at, "currency": own_currency(tx)}


def own_currency(tx: Session) -> str:
    """Return the currency of whoever nothing else was agreed with."""
    settings = settings_of(tx)
    assert isinstance(settings, CatalogSettings)
    return settings.currency


def _charge(row: sa.Row[Any]) -> Charge:
    def fee(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(row.currency, amount)

    return Charge(tiers=row.tiers, per_order=fee(row.per_order), setup_fee=fee(row.setup_fee))
