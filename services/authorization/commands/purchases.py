"""May the caller order products: asked at every submit, so it costs one statement."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization.domain.errors import (
    BadQuantities,
    EnterpriseNotFound,
    NotAnOrderOfYours,
    TooManyProducts,
)
from services.authorization.domain.purchase import Grant, Verdict, Wanted, judge, uses
from services.authorization.domain.purpose import Purpose
from services.authorization.store import Meters
from services.authorization.store.purchasing import Purchasing, purchasing
from shared.caller import Caller
from shared.names import enterprise_of, parse

MOST_PRODUCTS = 200
ORDER = "enterprises/*/orders/*"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out: the ordering enterprise, as a row, and a verdict a product."""

    enterprise: Any
    verdicts: list[Verdict]
    about: frozenset[str] | None = None
    """Names of what must not change for this to hold; None: it holds only now."""

    until: datetime | None = None
    """When it may change by itself."""


def check_purchase(
    tx: Session,
    *,
    products: Sequence[str],
    purpose: Purpose | None = None,
    quantities: Sequence[int] = (),
    order: str = "",
    caller: Caller,
) -> Checked:
    """Say for each product whether the caller may order it (R27, R29, R31, R51, R78).

    A product is visible if it is the enterprise's own or associated with it now. For an `order`
    that is about to be submitted, pieces that count against a cap are kept. One statement, and
    three more if something is to be kept; at most 200 products, else TooManyProducts.
    """
    wanted = _wanted(products, quantities)
    if order:
        _insist_own(order, caller)
    found = purchasing(tx, products, order, caller)
    if found is None:
        raise EnterpriseNotFound(enterprise=f"enterprises/{caller.enterprise}")
    own = (each for each in products if enterprise_of(each) == caller.enterprise)
    visible = found.associated.union(own)
    capped = {each.id for grants in found.grants.values() for each in grants if each.cap}
    if order and (capped or found.counted):
        verdicts = _keep(tx, order, caller, found, capped, wanted, visible, purpose)
    else:
        verdicts = judge(wanted, visible, found.grants, purpose)
    if capped or found.counted or not all(each.visible for each in verdicts):
        return Checked(found.enterprise, verdicts)
    return Checked(found.enterprise, verdicts, _about(found.enterprise, products), found.until)


def _about(row: Any, products: Iterable[str]) -> frozenset[str]:
    """Name what a verdict without caps rests on: who orders, who owns, who is asked to sell."""
    owners = {f"enterprises/{enterprise_of(each)}" for each in products}
    manager = {f"accounts/{row.business_manager_id}"} if row.business_manager_id else set()
    return frozenset({f"enterprises/{row.enterprise}", *owners, *manager})


def _keep(
    tx: Session,
    order: str,
    caller: Caller,
    found: Purchasing,
    capped: Collection[UUID],
    wanted: Sequence[Wanted],
    visible: Collection[str],
    purpose: Purpose | None,
) -> list[Verdict]:
    """Judge by what the meters say once they are locked, and count for the order what it takes.

    What is refused takes nothing; an order that was submitted already has what it takes.
    """
    meters, enterprise = Meters(tx), caller.enterprise
    locked = meters.locked(enterprise, order, capped)
    kept = meters.of(enterprise, order)
    if any(use.confirmed_at for use in kept):
        return judge([Wanted(each.product) for each in wanted], visible, found.grants, purpose)
    mine = {use.authorization_id: use.pieces for use in kept if use.released_at is None}
    grants = {product: list(_fresh(each, locked, mine)) for product, each in found.grants.items()}
    verdicts = judge(wanted, visible, grants, purpose)
    pieces = uses(wanted, verdicts) if all(each.roles for each in verdicts) else {}
    if pieces or kept:
        meters.keep(enterprise, order, caller.account, pieces)
    return verdicts


def _fresh(
    grants: Iterable[Grant],
    locked: Mapping[UUID, tuple[int | None, int]],
    mine: Mapping[UUID, int],
) -> Iterator[Grant]:
    """Yield the grants with their meters as they are now, without what the order itself took."""
    for grant in grants:
        if grant.cap is None:
            yield grant
        elif grant.id in locked:
            cap, used = locked[grant.id]
            yield replace(grant, cap=cap, used=used - mine.get(grant.id, 0))


def _wanted(products: Sequence[str], quantities: Sequence[int]) -> list[Wanted]:
    if len(products) > MOST_PRODUCTS:
        raise TooManyProducts(count=len(products), most=MOST_PRODUCTS)
    if quantities and (len(quantities) != len(products) or min(quantities) < 0):
        raise BadQuantities(quantities=len(quantities), products=len(products))
    return list(map(Wanted, products, quantities or repeat(0)))


def _insist_own(order: str, caller: Caller) -> None:
    enterprise, _ = parse(ORDER, order)
    if enterprise != caller.enterprise:
        raise NotAnOrderOfYours(order=order)
