"""Products are found by any part of a word; what rests on them is remembered."""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from shared.migrations.operations import protect

revision = "0002_products_in_full"
down_revision = "0001_modules_and_products"
branch_labels = None
depends_on = None

PARTS_OF = """
    CREATE FUNCTION parts_of(found_by text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT DISTINCT substr(word, n, 12)
        FROM regexp_split_to_table(found_by, '[ \\n]+') AS word,
            generate_series(1, length(word)) AS n
    $$
"""
KEEP_PARTS = """
    CREATE FUNCTION keep_product_parts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM product_parts
            WHERE enterprise = OLD.enterprise AND product_id = OLD.id AND part = ANY (ARRAY(
                SELECT parts_of(OLD.found_by) EXCEPT SELECT parts_of(NEW.found_by)
            ));
        END IF;
        INSERT INTO product_parts (enterprise, part, product_id)
        SELECT NEW.enterprise, part, NEW.id FROM parts_of(NEW.found_by) AS part
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
"""
ASSOCIATED = """
    CREATE POLICY product_parts_associated ON product_parts FOR SELECT TO catalog_app USING (
        EXISTS (
            SELECT 1 FROM associations
            WHERE associations.product_id = product_parts.product_id OFFSET 0
        )
    )
"""
"""Who may order a product may find it; see the first revision for the OFFSET."""


MANUFACTURERS = """
    INSERT INTO manufacturers (enterprise, pid, manufacturer, legal_name, association_id)
    SELECT products.enterprise, pid, associations.enterprise, coalesce(legal_name, ''),
        association_id
    FROM associations
    JOIN products ON products.id = associations.product_id
    LEFT JOIN owners ON owners.enterprise = associations.enterprise
"""


def _moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    known = ("products", "associations", "owners")
    for table in known:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    _create_parts()
    _say_what_products_are_found_by()
    _create_what_rests_on_products()
    op.execute(MANUFACTURERS)
    for table in known:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in ("product_parts", "open_orders", "manufacturers", "grants", "partners"):
        protect(op, table, "catalog")
    op.execute(ASSOCIATED)


def _create_parts() -> None:
    op.create_table(
        "product_parts",
        _text("enterprise"),
        sa.Column("part", sa.Text(collation="C"), nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "part", "product_id"),
    )
    op.create_index("product_parts_by_part", "product_parts", ["part", "product_id"])
    op.execute(PARTS_OF)
    op.execute(KEEP_PARTS)


def _say_what_products_are_found_by() -> None:
    op.add_column("products", sa.Column("found_by", sa.Text, nullable=False, server_default=""))
    op.alter_column("products", "found_by", server_default=None)
    op.execute(
        "CREATE TRIGGER products_keep_parts AFTER INSERT OR UPDATE OF found_by ON products"
        " FOR EACH ROW EXECUTE FUNCTION keep_product_parts()"
    )
    fields = ("pid", "model", "customer_name", "display_name")
    bind = op.get_bind()
    every = "SELECT enterprise, id, pid, model, customer_name, display_name FROM products"
    for row in bind.execute(sa.text(every)):
        lines = (unicodedata.normalize("NFKC", getattr(row, each)).casefold() for each in fields)
        found_by = "\n".join(" ".join(line.split()) for line in lines)
        bind.execute(
            sa.text("UPDATE products SET found_by = :it WHERE enterprise = :of AND id = :id"),
            {"it": found_by, "of": row.enterprise, "id": row.id},
        )


def _create_what_rests_on_products() -> None:
    op.create_table(
        "open_orders",
        _text("enterprise"),
        _text("pid"),
        sa.Column("order_id", sa.Uuid, nullable=False),
        _text("customer"),
        _text("customer_legal_name"),
        _text("order_no"),
        _text("purpose"),
        sa.Column("quantity", sa.Integer, nullable=False),
        _moment("ordered_at"),
        sa.PrimaryKeyConstraint("enterprise", "pid", "order_id"),
    )
    op.create_index("open_orders_by_order", "open_orders", ["order_id"])
    op.create_table(
        "manufacturers",
        _text("enterprise"),
        _text("pid"),
        _text("manufacturer"),
        _text("legal_name"),
        sa.Column("association_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "pid", "manufacturer"),
    )
    op.create_index("manufacturers_by_association", "manufacturers", ["association_id"])
    op.create_table(
        "grants",
        _text("enterprise"),
        _text("pid"),
        sa.Column("authorization_id", sa.Uuid, nullable=False),
        _text("account"),
        _text("role"),
        _moment("ends_at", optional=True),
        sa.PrimaryKeyConstraint("enterprise", "pid", "authorization_id"),
    )
    op.create_index("grants_by_authorization", "grants", ["enterprise", "authorization_id"])
    op.create_table(
        "partners",
        _text("enterprise"),
        sa.Column("partner_client_id", sa.Uuid, nullable=False),
        _text("display_name"),
        sa.Column("pids", ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "partner_client_id"),
    )
