"""Where an account can act: asked of several tables at once."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.account import Account
from services.authorization.domain.space import Space
from services.authorization.store import tables
from shared.clock import now

_ACCOUNT = sa.bindparam("account", type_=sa.Uuid())
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=sa.DateTime(timezone=True))


def spaces_of(tx: Session, account: Account) -> list[Space]:
    """Return where a customer's account can act now: first by membership, then by authorization.

    The transaction must see everything: the spaces are different enterprises'.
    """
    found: dict[str, Space] = {}
    for row in tx.execute(_SPACES, {"account": account.id, "now": now()}):
        before = found.get(row.enterprise)
        ends = [each for each in (row.until, before and before.until) if each]
        found[row.enterprise] = Space(
            enterprise=row.enterprise,
            display_name=row.legal_name,
            roles=row.roles | (before.roles if before else frozenset()),
            until=min(ends, default=None),
            certified=row.certified_at is not None
            and (row.certified_until is None or row.certified_until > now()),
        )
    return list(found.values())


def _spaces_statement() -> sa.CompoundSelect[Any]:
    enterprises, members, granted = tables.enterprises, tables.memberships, tables.authorizations
    facts = (
        enterprises.c.enterprise,
        enterprises.c.legal_name,
        enterprises.c.certified_at,
        enterprises.c.certified_until,
    )
    role = sa.func.array_agg(sa.cast(granted.c.role, sa.Text)).label("roles")
    by_membership = (
        sa.select(
            *facts,
            members.c.roles,
            sa.cast(sa.null(), granted.c.expires_at.type).label("until"),
            sa.literal(0).label("rank"),
            members.c.id,
        )
        .join_from(members, enterprises, members.c.enterprise == enterprises.c.enterprise)
        .where(members.c.account_id == _ACCOUNT)
    )
    by_authorization = (
        sa.select(
            *facts,
            role,
            granted.c.expires_at.label("until"),
            sa.literal(1).label("rank"),
            granted.c.id,
        )
        .join_from(granted, enterprises, granted.c.enterprise == enterprises.c.enterprise)
        .where(granted.c.account_id == _ACCOUNT, tables.is_valid(_NOW))
        .group_by(*facts, granted.c.id, granted.c.expires_at)
    )
    return sa.union_all(by_membership, by_authorization).order_by("rank", "id")


_SPACES = _spaces_statement()
