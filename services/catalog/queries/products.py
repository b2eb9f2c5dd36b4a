"""What can be known about products."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.errors.products import EnterpriseNotFound
from services.catalog.domain.product import Product
from services.catalog.queries.finding import Wanted
from services.catalog.store import associations, owners, product_parts, products
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, decode, page, size_of
from shared.tenancy import ALL

MOST_OWNERS = 200


def list_products(
    tx: Session, *, caller: Caller, parent: str, wanted: Wanted, size: int, token: str
) -> Page[Product]:
    """Return some products an enterprise owns or may order, newest first; EnterpriseNotFound."""
    enterprise = enterprise_asked(parent, caller)
    if enterprise == ALL:
        those = sa.select(Product).where(*wanted.conditions(), *wanted.among())
        return page(tx, those, key=products.c.id, size=size, token=token)
    before = decode(token) if token else None
    reach = within_reach_of(enterprise, wanted, most=size_of(size) + 1, before=before)
    select = sa.select(Product).join(reach, reach.c.id == products.c.id)
    return page(tx, select, key=reach.c.id, size=size, token=token)


def enterprise_asked(parent: str, caller: Caller) -> str:
    """Return whose products are asked for, as `acme` or `-` for all; EnterpriseNotFound."""
    (enterprise,) = parse("enterprises/*", parent)
    if not caller.may_see(enterprise):
        raise EnterpriseNotFound(enterprise=parent)
    return enterprise


def within_reach_of(
    enterprise: str, wanted: Wanted, *, most: int, before: UUID | None = None
) -> sa.Subquery:
    """Return the ids of as many products it owns and of as many it may order, the newest.

    Each is read in order from an index of its own and ends with the page: PostgreSQL finds no such
    way through both at once, and would sort all there are.
    """
    conditions = wanted.conditions()
    mine = product_parts.c.enterprise == enterprise
    own = sa.select(products.c.id).where(
        products.c.enterprise == enterprise, *conditions, *wanted.among(mine)
    )
    theirs = product_parts.c.enterprise.in_(
        sa.select(associations.c.owner).where(associations.c.enterprise == enterprise)
    )
    open_ = (
        sa.select(associations.c.product_id)
        .join(products)
        .where(associations.c.enterprise == enterprise, *conditions, *wanted.among(theirs))
    )
    pages = (
        _newest(own, products.c.id, most, before),
        _newest(open_, associations.c.product_id, most, before),
    )
    return sa.union_all(*(sa.select(each.subquery()) for each in pages)).subquery("reach")


def _newest(
    select: sa.Select[tuple[UUID]], key: sa.ColumnElement[UUID], most: int, before: UUID | None
) -> sa.Select[tuple[UUID]]:
    if before:
        select = select.where(key < before)
    return select.order_by(key.desc()).limit(most)


def list_product_owners(
    tx: Session, *, caller: Caller, parent: str
) -> list[tuple[str, str | None]]:
    """Return whose products an enterprise may order, and their names; EnterpriseNotFound."""
    enterprise = enterprise_asked(parent, caller)
    if enterprise == ALL:
        raise EnterpriseNotFound(enterprise=parent)
    others = sa.select(associations.c.owner).where(associations.c.enterprise == enterprise)
    named = sa.select(owners.c.enterprise, owners.c.legal_name).where(
        owners.c.enterprise.in_([enterprise]) | owners.c.enterprise.in_(others)
    )
    names = dict(tx.execute(named).tuples().all())
    if caller.is_staff and enterprise not in names:
        raise EnterpriseNotFound(enterprise=parent)
    found = sorted(
        {*tx.scalars(others.distinct())} - {enterprise}, key=lambda it: names.get(it, it)
    )
    return [(each, names.get(each)) for each in [enterprise, *found][:MOST_OWNERS]]
