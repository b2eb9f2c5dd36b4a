"""What must be known to say whether somebody may order: asked in one statement.

It is plain SQL and its answer plain rows: this is asked at every submit, and a session that loads
objects costs more than everything else there is to do.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization.domain.purchase import Grant
from services.authorization.domain.purpose import Purpose
from services.authorization.store.names import account_id
from shared.caller import Caller, Role
from shared.clock import now
from shared.prepared import Prepared
from shared.sql import named


@dataclass(frozen=True, slots=True)
class Purchasing:
    """An enterprise that wants to order, and what the caller is authorized for."""

    enterprise: Any
    """A row: the enterprise with its people at the vendor."""

    associated: frozenset[str]
    grants: dict[str, list[Grant]]
    """By product, the oldest first."""

    counted: bool
    """Whether anything counts for the order already."""

    until: datetime | None
    """When the first of what counts here ends by itself: the certification, an authorization."""


def purchasing(
    tx: Session, products: Sequence[str], order: str, caller: Caller
) -> Purchasing | None:
    """Return what there is to know about `products`; None if there is no such enterprise."""
    given = {
        "enterprise": caller.enterprise,
        "account": account_id(caller.account),
        "products": list(products),
        "order": order,
        "now": now(),
    }
    found = named(tx, _STATEMENT, given, ahead=True)
    if not found:
        return None
    (row,) = found
    grants: dict[str, list[Grant]] = defaultdict(list)
    for product, id_, role, purposes, cap, used in row.grants or ():
        allowed = frozenset(_PURPOSES[each] for each in purposes)
        grants[product].append(Grant(UUID(id_), _ROLES[role], allowed, cap, used))
    ends = filter(None, (row.certified_until, row.grants_until))
    until = min((end for end in ends if end > given["now"]), default=None)
    return Purchasing(row, frozenset(row.associated), grants, row.counted, until)


_ROLES, _PURPOSES = {role.value: role for role in Role}, dict(Purpose.__members__)

_STATEMENT = Prepared(
    """
    select e.enterprise, e.version, e.legal_name, e.registration_no, e.address, e.kinds,
        e.certified_at, e.certified_until, e.ending_told, e.created_at,
        e.business_manager_id, e.project_manager_id,
        b.display_name as business_manager_display_name, b.email as business_manager_email,
        array(
            select a.product from product_associations a
            where a.enterprise = e.enterprise and a.state = 'active'
                and a.product = any(%(products)s)
        ) as associated,
        mine.grants, mine.grants_until,
        (
            select json_object_agg(o.product, 'accounts/' || j.project_manager_id)
            from project_products o
            join projects j on j.enterprise = o.enterprise and j.id = o.project_id
            where o.product = any(%(products)s)
        ) as project_managers,
        exists(
            select from authorization_uses u
            where u.enterprise = e.enterprise and u."order" = %(order)s
        ) as counted
    from enterprises e left join accounts b on b.id = e.business_manager_id
    cross join lateral (
        select json_agg(json_build_array(
                o.product, g.id, g.role, g.purposes, g.cap, g.used) order by g.id) as grants,
            min(g.expires_at) as grants_until
        from authorizations g
        join authorization_products o
            on o.enterprise = g.enterprise and o.authorization_id = g.id
        where g.enterprise = e.enterprise and g.account_id = %(account)s
            and g.revoked_at is null and (g.expires_at is null or g.expires_at > %(now)s)
            and o.product = any(%(products)s)
    ) mine
    where e.enterprise = %(enterprise)s
    """,
    account="uuid",
    enterprise="text",
    now="timestamptz",
    order="text",
    products="text[]",
)
