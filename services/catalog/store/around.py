"""What catalog remembers of other services' affairs that rest on a product (R47)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from services.catalog.domain.impact import (
    AffectedAuthorization,
    AffectedManufacturer,
    AffectedOrder,
    AffectedPartner,
    Impact,
)
from services.catalog.domain.product import Product
from services.catalog.store.columns import mapper, moment, number, text
from shared import rows
from shared.clock import now
from shared.invalidations import table as invalidations_of
from shared.storage import enterprise_column

open_orders = sa.Table(
    "open_orders",
    mapper.metadata,
    enterprise_column(),
    sa.Column("pid", sa.Text),
    sa.Column("order_id", sa.Uuid),
    text("customer"),
    text("customer_legal_name"),
    text("order_no"),
    text("purpose"),
    number("quantity"),
    moment("ordered_at"),
    sa.PrimaryKeyConstraint("enterprise", "pid", "order_id"),
    sa.Index("open_orders_by_order", "order_id"),
)
"""Orders that were submitted and have not ended, as ordering told it; a row a product.

A row is its owner's, whoever ordered: the owner may read orders for its products (R78).
"""

manufacturers = sa.Table(
    "manufacturers",
    mapper.metadata,
    enterprise_column(),
    sa.Column("pid", sa.Text),
    sa.Column("manufacturer", sa.Text),
    text("legal_name"),
    sa.Column("association_id", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("enterprise", "pid", "manufacturer"),
    sa.Index("manufacturers_by_association", "association_id"),
)
"""To whom a product is open, for its owner; `associations` says the same to the manufacturer."""

grants = sa.Table(
    "grants",
    mapper.metadata,
    enterprise_column(),
    sa.Column("pid", sa.Text),
    sa.Column("authorization_id", sa.Uuid),
    text("account"),
    text("role"),
    sa.Column("ends_at", sa.DateTime(timezone=True)),
    sa.PrimaryKeyConstraint("enterprise", "pid", "authorization_id"),
    sa.Index("grants_by_authorization", "enterprise", "authorization_id"),
)
"""Who may order what in an enterprise's space, as authorization told it; a row a product."""

partners = sa.Table(
    "partners",
    mapper.metadata,
    enterprise_column(),
    sa.Column("partner_client_id", sa.Uuid),
    text("display_name"),
    sa.Column("pids", ARRAY(sa.Text), nullable=False),
    sa.PrimaryKeyConstraint("enterprise", "partner_client_id"),
)
"""Partner systems that follow an enterprise, and which products alone; none: all."""

invalidations = invalidations_of(mapper.metadata)
"""What of the offers does not hold any more."""


def enter_orders(tx: Session, new: Sequence[Mapping[str, Any]]) -> None:
    """Remember open orders, a row a product; one statement, however many."""
    rows.insert(tx, open_orders, new)


def forget_order(tx: Session, order: UUID) -> None:
    """Forget an order that ended."""
    tx.execute(sa.delete(open_orders).where(open_orders.c.order_id == order))


def enter_grant(
    tx: Session,
    *,
    enterprise: str,
    authorization: UUID,
    pids: Iterable[str],
    account: str,
    role: str,
    ends_at: datetime | None,
) -> None:
    """Remember for which products an authorization is, in place of what was known of it."""
    forget_grant(tx, authorization)
    who = {"account": account, "role": role, "ends_at": ends_at}
    key = {"enterprise": enterprise, "authorization_id": authorization}
    tx.execute(sa.insert(grants), [{**key, "pid": pid, **who} for pid in dict.fromkeys(pids)])


def forget_grant(tx: Session, authorization: UUID) -> None:
    """Forget an authorization that cannot be used any more."""
    tx.execute(sa.delete(grants).where(grants.c.authorization_id == authorization))


def enter_partner(tx: Session, **facts: Any) -> None:
    """Remember a partner system, in place of what was known of it."""
    entered = insert(partners).values(**facts)
    changed = {name: entered.excluded[name] for name in ("display_name", "pids")}
    tx.execute(entered.on_conflict_do_update(index_elements=partners.primary_key, set_=changed))


def forget_partner(tx: Session, partner_client: UUID) -> None:
    """Forget a partner system that was shut out."""
    tx.execute(sa.delete(partners).where(partners.c.partner_client_id == partner_client))


def impact_of(tx: Session, product: Product) -> Impact:
    """Return all that rests on `product`, the newest first; of its owner's space only."""
    return Impact(
        product=product.name,
        orders=tuple(
            AffectedOrder(
                name=f"enterprises/{row.customer}/orders/{row.order_id}",
                order_no=row.order_no,
                enterprise_legal_name=row.customer_legal_name,
                quantity=row.quantity,
                ordered_at=row.ordered_at,
            )
            for row in _resting(tx, open_orders, product, open_orders.c.order_id)
        ),
        authorizations=tuple(
            AffectedAuthorization(
                name=f"{product.owner}/authorizations/{row.authorization_id}", account=row.account
            )
            for row in _resting(tx, grants, product, grants.c.authorization_id)
            if row.ends_at is None or row.ends_at > now()
        ),
        manufacturers=tuple(
            AffectedManufacturer(name=f"enterprises/{row.manufacturer}", legal_name=row.legal_name)
            for row in _resting(tx, manufacturers, product, manufacturers.c.association_id)
        ),
        partner_clients=_partners(tx, product),
    )


def _resting(
    tx: Session, table: sa.Table, product: Product, key: sa.ColumnElement[UUID]
) -> Iterable[sa.Row[Any]]:
    here = (table.c.enterprise == product.enterprise) & (table.c.pid == product.pid)
    return tx.execute(sa.select(table).where(here).order_by(key.desc()))


def _partners(tx: Session, product: Product) -> tuple[AffectedPartner, ...]:
    follow = sa.or_(partners.c.pids == [], sa.literal(product.pid) == sa.any_(partners.c.pids))
    select = (
        sa.select(partners)
        .where(partners.c.enterprise == product.enterprise, follow)
        .order_by(partners.c.partner_client_id.desc())
    )
    return tuple(
        AffectedPartner(
            name=f"{product.owner}/partnerClients/{row.partner_client_id}",
            display_name=row.display_name,
        )
        for row in tx.execute(select)
    )
