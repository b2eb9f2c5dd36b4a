"""What something costs: for each piece by quantity, for an order, and to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.catalog.domain.errors.prices import PriceTiersUnusable
from shared.money import HIGHEST_PRICE, Money


@dataclass(frozen=True)
class PriceTier:
    """The price of one piece from a quantity on."""

    from_quantity: int
    unit_price: Money


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What an item costs; the parts add up."""

    tiers: tuple[PriceTier, ...] = ()
    """For each piece, smallest quantity first; none if pieces cost nothing."""

    per_order: Money | None = None
    """Once for an order line, whatever its quantity."""

    setup_fee: Money | None = None
    """Once, the first time it is done for a product."""

    @property
    def amounts(self) -> Iterator[Money]:
        """Every amount in it."""
        yield from (tier.unit_price for tier in self.tiers)
        yield from (fee for fee in (self.per_order, self.setup_fee) if fee is not None)

    def unit_price(self, quantity: int) -> Money | None:
        """Return the price of one piece when `quantity` are bought; None if pieces cost nothing."""
        reached = [tier for tier in self.tiers if tier.from_quantity <= quantity]
        return reached[-1].unit_price if reached else None

    def total(self, quantity: int) -> Money | None:
        """Return what `quantity` pieces cost in one order; None if neither costs anything.

        The pieces are rounded to the smallest coin once, together. The setup fee is not in it.
        """
        unit_price = self.unit_price(quantity)
        pieces = None if unit_price is None else (unit_price * quantity).rounded()
        due = [each for each in (pieces, self.per_order) if each is not None]
        return Money.total(due) if due else None

    def next_tier(self, quantity: int) -> int:
        """Return from how many pieces on one is cheaper than at `quantity`; 0 if it never is."""
        now = self.unit_price(quantity)
        later = (tier for tier in self.tiers if tier.from_quantity > quantity)
        return next((tier.from_quantity for tier in later if tier.unit_price != now), 0)


def insist_on_tiers(tiers: Sequence[PriceTier]) -> None:
    """Refuse with PriceTiersUnusable what does not give every quantity from 1 on one price."""
    if not tiers or tiers[0].from_quantity != 1:
        raise PriceTiersUnusable(why="there is no price from quantity 1 on")
    if any(tier.unit_price.amount <= 0 for tier in tiers):
        raise PriceTiersUnusable(why="a price is not above 0")
    if any(tier.unit_price.amount > HIGHEST_PRICE for tier in tiers):
        raise PriceTiersUnusable(why=f"a price is above {HIGHEST_PRICE:,}")
    for tier, larger in pairwise(tiers):
        if larger.unit_price.currency != tier.unit_price.currency:
            raise PriceTiersUnusable(why="there is more than one currency")
        if larger.from_quantity <= tier.from_quantity:
            raise PriceTiersUnusable(why="a quantity does not rise")
        if larger.unit_price > tier.unit_price:
            raise PriceTiersUnusable(why="a price rises with the quantity")
