"""What can be asked of price lists, and agreed with customers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.catalog.domain.customer_terms import CustomerTerms
from services.catalog.domain.price_list import PriceList
from services.catalog.domain.prices import Charge
from services.catalog.store import Owners, PriceLists, Terms
from services.catalog.store.items import insist_all
from shared.names import parse

Charges = Sequence[tuple[str, Charge | None]]


def create_price_list(
    tx: Session,
    *,
    display_name: str,
    currency: str,
    enterprise: str,
    start_at: datetime | None,
    end_at: datetime | None,
    charges: Charges = (),
) -> PriceList:
    """Enter a price list; EnterpriseNotFound, ItemNotFound, or what its parts refuse."""
    if enterprise:
        Owners(tx).insist(enterprise)
    prices = PriceList.enter(
        display_name=display_name,
        currency=currency,
        enterprise=enterprise,
        start_at=start_at,
        end_at=end_at,
    )
    prices.set_prices(charges)
    insist_all(tx, (item for item, _ in charges))
    PriceLists(tx).add(prices)
    return prices


def update_price_list(tx: Session, *, name: str, etag: str = "", **changes: Any) -> PriceList:
    """Change what a list is called and when it gives prices; PriceListChanged, PriceListRetired."""
    prices = PriceLists(tx).get(name)
    prices.expect(etag)
    stays = {field: getattr(prices, field) for field in ("display_name", "start_at", "end_at")}
    prices.change(**stays | changes)
    return prices


def set_prices(tx: Session, *, name: str, charges: Charges, etag: str = "") -> PriceList:
    """Set what items cost by a list; ItemNotFound, PriceListChanged, or what prices refuse."""
    prices = PriceLists(tx).get(name)
    prices.expect(etag)
    prices.set_prices(charges)
    insist_all(tx, (item for item, charge in charges if charge is not None))
    return prices


def retire_price_list(tx: Session, *, name: str, etag: str = "") -> PriceList:
    """End a price list; PriceListChanged, PriceListRetired."""
    prices = PriceLists(tx).get(name)
    prices.expect(etag)
    prices.retire()
    return prices


def set_customer_terms(tx: Session, *, name: str, currency: str, etag: str = "") -> CustomerTerms:
    """Agree on the currency an enterprise buys in; EnterpriseNotFound, TermsChanged."""
    (enterprise,) = parse("enterprises/*/customerTerms", name)
    Owners(tx).insist(enterprise)
    terms = Terms(tx).of(enterprise)
    if terms is None:
        terms = CustomerTerms.of(enterprise, currency, etag)
        Terms(tx).add(terms)
        return terms
    terms.expect(etag)
    terms.agree(currency)
    return terms
