"""The feed is read by type and by product without reading what others follow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.operations import protect

revision = "0003_what_orders_are_of"
down_revision = "0002_who_caused_it"

SERVICE = "notification"
TEXTS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("orders", sa.Column("products", TEXTS))
    op.create_table(
        "feed_products",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "product", "position"),
    )
    _fill()
    op.create_index("feed_by_type", "feed", ["enterprise", "type", "position"])
    op.create_index(
        "feed_products_by_type", "feed_products", ["enterprise", "product", "type", "position"]
    )
    op.create_index(
        "orders_of_nobody_knows_what",
        "orders",
        ["enterprise"],
        postgresql_where=sa.text("products is null"),
    )
    protect(op, "feed_products", SERVICE, append_only=True)


def _fill() -> None:
    """Say of every order of what it is, as it was told when it was submitted."""
    tables = ("feed", "orders")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE orders o SET products = array(SELECT DISTINCT p #>> '{}' FROM feed f,"
        " jsonb_path_query(f.data, '$.purchaseOrder.lines[*].product') p"
        ' WHERE f.enterprise = o.enterprise AND f."order" = o."order"'
        " AND f.type = 'ordering.order.submitted')"
        ' WHERE EXISTS (SELECT FROM feed f WHERE f.enterprise = o.enterprise AND f."order" ='
        " o.\"order\" AND f.type = 'ordering.order.submitted')"
    )
    op.execute(
        'INSERT INTO feed_products SELECT f.enterprise, p, f.position, f."order", f.type'
        ' FROM feed f JOIN orders o USING (enterprise, "order") CROSS JOIN unnest(o.products) p'
    )
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
