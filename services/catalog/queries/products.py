"""What can be known about products."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.errors.products import EnterpriseNotFound
from services.catalog.domain.product import Lifecycle, Product
from services.catalog.store import associations, products
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, decode, page, size_of

ALL = "-"


def list_products(
    tx: Session,
    *,
    caller: Caller,
    parent: str,
    owner: str,
    lifecycle: Lifecycle | None,
    search: str,
    size: int,
    token: str,
) -> Page[Product]:
    """Return some products an enterprise owns or may order, newest first; EnterpriseNotFound."""
    (enterprise,) = parse("enterprises/*", parent)
    if not caller.may_see(enterprise):
        raise EnterpriseNotFound(enterprise=parent)
    wanted = _wanted(owner, lifecycle, search.strip())
    if enterprise == ALL:
        return page(
            tx, sa.select(Product).where(*wanted), key=products.c.id, size=size, token=token
        )
    reach = _within_reach_of(enterprise, wanted, size, token)
    select = sa.select(Product).join(reach, reach.c.id == products.c.id)
    return page(tx, select, key=reach.c.id, size=size, token=token)


def _wanted(owner: str, lifecycle: Lifecycle | None, words: str) -> list[sa.ColumnElement[bool]]:
    """Return what a product must be to be listed; MalformedName."""
    wanted = []
    if owner:
        wanted.append(products.c.enterprise == parse("enterprises/*", owner)[0])
    if lifecycle:
        wanted.append(products.c.lifecycle == lifecycle)
    if words:
        wanted.append(_says(words))
    return wanted


def _within_reach_of(
    enterprise: str, wanted: list[sa.ColumnElement[bool]], size: int, token: str
) -> sa.Subquery:
    """Return the ids of one page of products it owns and of one it may order.

    Each is read in order from an index of its own and ends with the page: PostgreSQL finds no such
    way through both at once, and would sort all there are.
    """
    own = sa.select(products.c.id).where(products.c.enterprise == enterprise, *wanted)
    open_ = (
        sa.select(associations.c.product_id)
        .join(products)
        .where(associations.c.enterprise == enterprise, *wanted)
    )
    pages = (
        _newest(own, products.c.id, size, token),
        _newest(open_, associations.c.product_id, size, token),
    )
    return sa.union_all(*(sa.select(each.subquery()) for each in pages)).subquery("reach")


def _newest(
    select: sa.Select[tuple[UUID]], key: sa.ColumnElement[UUID], size: int, token: str
) -> sa.Select[tuple[UUID]]:
    if token:
        select = select.where(key < decode(token))
    return select.order_by(key.desc()).limit(size_of(size) + 1)


def _says(words: str) -> sa.ColumnElement[bool]:
    """Whether a product has `words` in its PID, model, customer or display name (R37)."""
    spoken = (
        products.c.pid,
        products.c.model,
        products.c.customer_name,
        products.c.display_name,
    )
    return sa.or_(*(column.icontains(words, autoescape=True) for column in spoken))
