"""The feed as a partner system reads it that follows some events only.

What it may not follow is not read: for each type or product it follows there is an index in the
order of the feed, of which a page takes the next rows at most. A page that is not full says how far
the feed reached when it was read, so that nothing before is looked at again.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from shared.clock import now
from shared.sql import named

PATIENCE = timedelta(minutes=15)
"""So long what happened to an order holds up those who follow products, as long as nobody knows of
what the order is: the service that tells it may be late."""


def followed(
    tx: Session,
    *,
    enterprise: str,
    after: int,
    types: Sequence[str] | None,
    products: Collection[str],
    limit: int,
) -> tuple[list[Any], int]:
    """Return the next rows of the feed of these types, and where to go on from.

    None of a type is nothing; `types` that are None are all of them. With `products`, only of
    orders of nothing but those.
    """
    given = {
        "enterprise": enterprise,
        "after": after,
        "types": list(types or ()),
        "products": sorted(products),
        "limit": limit,
        "recently": now() - PATIENCE,
    }
    rows = named(tx, _statement(types is not None, bool(products)), given)
    reached, found = max(rows[0].reached, after), [row for row in rows if row.position is not None]
    return found, found[-1].position if len(found) == limit else reached


@cache
def _statement(by_type: bool, by_product: bool) -> str:
    if not by_product:
        return _PAGE.format(reached=_END, found=_OF_TYPES)
    found = _OF_PRODUCTS.format(**(_OF_A_TYPE if by_type else _OF_ANY_TYPE))
    return _PAGE.format(reached=_KNOWN.format(end=_END), found=found)


_PAGE = """
    with reached as ({reached}), found as ({found})
    select r.position as reached, f.*, f.event_id as id
    from reached r left join found f on true order by f.position
"""

_END = "select coalesce(max(position), 0) as position from feed where enterprise = %(enterprise)s"

_KNOWN = """
    select least(e.position, u.position - 1) as position
    from ({end}) e, (
        select min(f.position) as position
        from orders o join feed f on f.enterprise = o.enterprise and f."order" = o."order"
        where o.enterprise = %(enterprise)s and o.products is null and f.time > %(recently)s
    ) u
"""

# Rows are compared as the index has them, and asked for in its order: however few or many rows
# PostgreSQL believes there are of a type, no other index can answer that.
_OF_TYPES = """
    select f.* from unnest(%(types)s::text[]) as t (type) cross join lateral (
        select * from feed
        where enterprise = %(enterprise)s and (type, position) > (t.type, %(after)s)
            and (type, position) <= (t.type, (select position from reached))
        order by type, position limit %(limit)s
    ) f order by f.position limit %(limit)s
"""

_OF_PRODUCTS = """
    select f.* from (
        select distinct m.position
        from unnest(%(products)s::text[]) as w (product) {each} cross join lateral (
            select p.position
            from feed_products p
            where p.enterprise = %(enterprise)s and ({mine}) > ({wanted}, %(after)s)
                and ({mine}) <= ({wanted}, (select position from reached))
                and (
                    select o.products <@ %(products)s::text[] from orders o
                    where o.enterprise = p.enterprise and o."order" = p."order"
                )
            order by {mine} limit %(limit)s
        ) m order by m.position limit %(limit)s
    ) page join feed f using (position)
"""

_OF_ANY_TYPE = {"each": "", "mine": "p.product, p.position", "wanted": "w.product"}
_OF_A_TYPE = {
    "each": "cross join unnest(%(types)s::text[]) as t (type)",
    "mine": "p.product, p.type, p.position",
    "wanted": "w.product, t.type",
}
