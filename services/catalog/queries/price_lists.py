"""What can be known about price lists, and what somebody would pay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.catalog.domain.customer_terms import CustomerTerms
from services.catalog.domain.errors.prices import QuantityUnusable
from services.catalog.domain.errors.products import EnterpriseNotFound
from services.catalog.domain.errors.sold import ItemNotFound
from services.catalog.domain.module import Module
from services.catalog.domain.price_list import PriceList, State
from services.catalog.domain.prices import Charge
from services.catalog.domain.pricing import COUNTS, Verdict, consider
from services.catalog.domain.sold import Sold
from services.catalog.queries.pricing import own_currency
from services.catalog.store import (
    LicenseTypes,
    Modules,
    Owners,
    Services,
    Terms,
    price_entries,
    price_lists,
)
from shared.caller import Caller
from shared.clock import now
from shared.names import parse
from shared.paging import Page, page
from shared.quantities import nearest
from shared.tenancy import ALL


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What an item costs somebody, and why."""

    item: Sold
    quantity: int
    enterprise: str
    currency: str
    at: datetime
    considered: Sequence[tuple[PriceList, Verdict]]
    """The list that counts first, if there is one."""

    @property
    def price_list(self) -> PriceList | None:
        """The list that gives the price."""
        first = self.considered[0] if self.considered else None
        return first[0] if first and first[1] in COUNTS else None

    @property
    def charge(self) -> Charge:
        """What that list says about the item."""
        if self.price_list is None:
            return Charge()
        return next(e.charge for e in self.price_list.entries if e.item == self.item.name)

    @property
    def packing_unit(self) -> int:
        """How many are in a package."""
        return self.item.packing_unit if isinstance(self.item, Module) else 1

    @property
    def minimum_quantity(self) -> int:
        """How many have to be bought at least."""
        minimum: int = getattr(self.item, "minimum_quantity", 1)
        return minimum

    @property
    def nearest(self) -> tuple[int, ...]:
        """What could be bought instead, if this quantity cannot."""
        return nearest(self.quantity, minimum=self.minimum_quantity, unit=self.packing_unit)


def list_price_lists(
    tx: Session, *, enterprise: str, state: State | None, size: int, token: str
) -> Page[PriceList]:
    """Return some price lists the transaction may see, newest first, without their prices."""
    select = sa.select(PriceList)
    if enterprise:
        (owner,) = parse("enterprises/*", enterprise)
        select = select.where(price_lists.c.enterprise == ("" if owner == ALL else owner))
    if state:
        select = select.where(price_lists.c.state == state)
    return page(tx, select, key=price_lists.c.id, size=size, token=token)


def get_terms(tx: Session, *, name: str, caller: Caller) -> CustomerTerms:
    """Return what was agreed with an enterprise, or what counts until then; EnterpriseNotFound."""
    (enterprise,) = parse("enterprises/*/customerTerms", name)
    _insist_on(tx, enterprise, caller)
    return Terms(tx).of(enterprise) or CustomerTerms.of(enterprise, own_currency(tx))


def quote_price(
    tx: Session, *, parent: str, item: str, quantity: int, at: datetime | None, caller: Caller
) -> Quote:
    """Return what an enterprise would pay; EnterpriseNotFound, ItemNotFound."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != ALL or not caller.is_staff:
        _insist_on(tx, enterprise, caller)
    if quantity < 1:
        raise QuantityUnusable(field="quantity", quantity=quantity)
    customer = "" if enterprise == ALL else enterprise
    agreed, moment = Terms(tx).of(customer), at or now()
    currency = agreed.currency if agreed else own_currency(tx)
    thing = find_item(tx, item)
    return Quote(
        item=thing,
        quantity=quantity,
        enterprise=parent,
        currency=currency,
        at=moment,
        considered=consider(_lists_with(tx, thing, customer), currency=currency, at=moment),
    )


def find_item(tx: Session, name: str) -> Sold:
    """Return what is called so, whatever it is; ItemNotFound, ModuleNotFound."""
    kinds: dict[str, type[Modules] | type[LicenseTypes] | type[Services]] = {
        "modules": Modules,
        "licenseTypes": LicenseTypes,
        "valueAddedServices": Services,
    }
    found = re.fullmatch(r"(\w+)/[^/]+", name)
    if not found or found[1] not in kinds:
        raise ItemNotFound(item=name[:200], field="item")
    return kinds[found[1]](tx).get(name)


def _insist_on(tx: Session, enterprise: str, caller: Caller) -> None:
    if not caller.may_see(enterprise):
        raise EnterpriseNotFound(enterprise=f"enterprises/{enterprise}")
    if caller.is_staff:
        Owners(tx).insist(enterprise)


def _lists_with(tx: Session, item: Sold, customer: str) -> Sequence[PriceList]:
    has_it = sa.exists().where(
        price_entries.c.enterprise == price_lists.c.enterprise,
        price_entries.c.price_list_id == price_lists.c.id,
        price_entries.c.item == item.name,
    )
    entries = PriceList.entries.and_(price_entries.c.item == item.name)  # type: ignore[attr-defined]
    return tx.scalars(
        sa.select(PriceList)
        .where(price_lists.c.enterprise.in_(("", customer)), has_it)
        .options(selectinload(entries))
        .order_by(price_lists.c.id.desc())
    ).all()
