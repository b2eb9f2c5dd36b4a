"""The price list: what things cost in one currency, for everybody or for one customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.catalog.domain.errors import prices as errors
from services.catalog.domain.prices import Charge, PriceTier, insist_on_tiers
from services.catalog.domain.text import kept
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id
from shared.money import Money

CURRENCY = re.compile(r"[A-Z]{3}")
MOST_PRICES = 2000
SERVICES = "valueAddedServices/"


class State(Enum):
    """Whether a list gives prices."""

    ACTIVE = "active"
    RETIRED = "retired"


class PriceEntry:
    """What one item costs by a price list."""

    def __init__(self, enterprise: str, item: str, currency: str, charge: Charge) -> None:
        self.enterprise, self.item, self.currency = enterprise, item, currency
        self.tiers: tuple[PriceTier, ...] = charge.tiers
        self.per_order = None if charge.per_order is None else charge.per_order.amount
        self.setup_fee = None if charge.setup_fee is None else charge.setup_fee.amount

    @property
    def charge(self) -> Charge:
        """What it costs."""
        per_order, setup_fee = (
            None if amount is None else Money(self.currency, amount)
            for amount in (self.per_order, self.setup_fee)
        )
        return Charge(tiers=self.tiers, per_order=per_order, setup_fee=setup_fee)


class PriceList(Aggregate):
    """Prices that count for a time; `enterprise` is whose own they are, empty for everybody's."""

    id: UUID
    display_name: str
    currency: str
    start_at: datetime
    end_at: datetime | None
    """Until when it gives prices; None for good."""

    state: State
    entries: list[PriceEntry]
    """By name of the item."""

    created_at: datetime
    changed_at: datetime

    @classmethod
    def enter(
        cls,
        *,
        display_name: str,
        currency: str,
        enterprise: str = "",
        start_at: datetime | None = None,
        end_at: datetime | None = None,
    ) -> PriceList:
        """Enter a list without prices; it counts from now on unless it says from when on."""
        prices = cls()
        prices.id, prices.enterprise, prices.state = new_id(), enterprise, State.ACTIVE
        prices.currency, prices.entries = a_currency(currency), []
        prices.created_at = now()
        prices.change(
            display_name=display_name, start_at=start_at or prices.created_at, end_at=end_at
        )
        return prices

    @property
    def name(self) -> str:
        """`priceLists/{price_list}`."""
        return f"priceLists/{self.id}"

    def change(
        self, *, display_name: str, start_at: datetime | None, end_at: datetime | None
    ) -> None:
        """Call it so, and let it give prices for that time."""
        self._insist_active()
        self.display_name = kept(display_name, "display_name", needed=True)
        self.start_at, self.end_at = start_at or self.start_at, end_at
        if end_at is not None and end_at <= self.start_at:
            raise errors.PeriodBackwards(field="end_time")
        self.changed_at = now()

    def set_prices(self, charges: Iterable[tuple[str, Charge | None]]) -> None:
        """Set what items cost; one with nothing to pay is taken off the list."""
        self._insist_active()
        new: dict[str, Charge | None] = {}
        for item, charge in charges:
            if item in new:
                raise errors.ItemPricedTwice(item=item)
            new[item] = charge
        stay = [entry for entry in self.entries if entry.item not in new]
        come = [self._entry(item, charge) for item, charge in new.items() if charge is not None]
        if len(stay) + len(come) > MOST_PRICES:
            raise errors.TooManyPrices(most=MOST_PRICES)
        self.entries = sorted([*stay, *come], key=lambda entry: entry.item)
        self.changed_at = now()

    def retire(self) -> None:
        """Give no price any more."""
        self._insist_active()
        self.state, self.changed_at = State.RETIRED, now()

    def expect(self, etag: str) -> None:
        """Insist that it is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.PriceListChanged(display_name=self.display_name)

    def _insist_active(self) -> None:
        if self.state is not State.ACTIVE:
            raise errors.PriceListRetired(display_name=self.display_name)

    def _entry(self, item: str, charge: Charge) -> PriceEntry:
        for amount in charge.amounts:
            if amount.currency != self.currency:
                raise errors.PriceInOtherCurrency(
                    item=item, currency=amount.currency, list_currency=self.currency
                )
        insist_on_charge(item, charge)
        return PriceEntry(self.enterprise, item, self.currency, charge)


def a_currency(given: str) -> str:
    """Return a currency by its code; NotACurrency if it cannot be one."""
    if not CURRENCY.fullmatch(given):
        raise errors.NotACurrency(field="currency", currency=given[:20])
    return given


def insist_on_charge(item: str, charge: Charge) -> None:
    """Refuse with ChargeUnusable or PriceTiersUnusable what an item cannot cost."""
    fees = [fee for fee in (charge.per_order, charge.setup_fee) if fee is not None]
    if fees and not item.startswith(SERVICES):
        raise errors.ChargeUnusable(item=item, why="only services have a price per order")
    if any(fee.amount <= 0 for fee in fees):
        raise errors.ChargeUnusable(item=item, why="a fee is not above 0")
    if charge.tiers or not fees:
        insist_on_tiers(charge.tiers)
