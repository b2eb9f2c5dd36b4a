"""Manufacturers propose associations, owners decide about them and see them."""

import sqlalchemy as sa
from alembic import op

revision = "0005_proposed_associations"
down_revision = "0004_sessions_and_secrets"

SERVICE = "authorization"
TABLE = "product_associations"
COLUMNS = ("asked", "owner", "manufacturer_legal_name")
OWN_PRODUCTS = "owner = nullif(current_setting('app.enterprise', true), '')"


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column(TABLE, sa.Column(column, sa.Text, nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("opened_at", sa.DateTime(timezone=True)))
    _fill()
    for column in COLUMNS:
        op.alter_column(TABLE, column, server_default=None)
    op.create_index("product_associations_by_owner", TABLE, ["owner", "id"])
    op.create_index(
        "product_associations_proposed",
        TABLE,
        ["enterprise", "asked"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index("products_by_pid", "products", [sa.text("split_part(product, '/', 4)")])
    for verb in ("SELECT", "UPDATE"):
        op.execute(
            f"CREATE POLICY {TABLE}_owner_{verb.lower()} ON {TABLE} FOR {verb}"
            f" TO {SERVICE}_app USING ({OWN_PRODUCTS})"
        )


def _fill() -> None:
    """Say of every association whose product it is, and that it was opened when it was made."""
    tables = (TABLE, "enterprises")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE product_associations a SET asked = product, owner = split_part(product, '/', 2),"
        " opened_at = a.created_at, manufacturer_legal_name = e.legal_name"
        " FROM enterprises e WHERE e.enterprise = a.enterprise"
    )
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
