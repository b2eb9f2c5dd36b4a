"""Modules, firmware, products, and what is remembered of enterprises and associations."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.migrations.operations import infrastructure, protect, share

revision = "0001_modules_and_products"
down_revision = None
branch_labels = None
depends_on = None

ASSOCIATED = "EXISTS (SELECT 1 FROM associations WHERE associations.{key} = {table}.{is_} OFFSET 0)"
"""Whoever may order a product sees it, and what its owner is called; associations are protected
themselves, so that a transaction finds its own enterprise's only. OFFSET 0 has PostgreSQL look one
up for each row shown instead of reading all of them first."""


def _counted() -> list[sa.Column[Any]]:
    return [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    ]


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    infrastructure(op, "catalog")
    _create_modules()
    _create_products()
    _create_replicas()
    for table in ("modules", "firmware"):
        share(op, table, "catalog")
    for table in ("products", "associations", "owners"):
        protect(op, table, "catalog")
    _show("products", ASSOCIATED.format(table="products", key="product_id", is_="id"))
    _show("owners", ASSOCIATED.format(table="owners", key="owner", is_="enterprise"))


def _create_modules() -> None:
    op.create_table(
        "modules",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_counted(),
        sa.Column("module_id", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("price_tiers", JSONB, nullable=False),
        sa.Column("minimum_quantity", sa.Integer, nullable=False),
        sa.Column("packing_unit", sa.Integer, nullable=False),
        sa.Column("lead_time_days", sa.Integer, nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("module_id", name="modules_module_id_key"),
    )
    op.create_table(
        "firmware",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_counted(),
        sa.Column("module_id", sa.Text, sa.ForeignKey("modules.module_id"), nullable=False),
        sa.Column("version_name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("module_id", "version_name", name="firmware_version_key"),
    )
    op.create_index("firmware_by_module", "firmware", ["module_id", "id"])


def _create_products() -> None:
    op.create_table(
        "products",
        sa.Column("enterprise", sa.Text, nullable=False),
        *_counted(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("pid", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("lifecycle", sa.String(20), nullable=False),
        sa.Column("firmware_id", sa.Uuid, sa.ForeignKey("firmware.id")),
        sa.Column("panel", sa.Text, nullable=False),
        sa.Column("data_points", ARRAY(sa.Text), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("customer_name", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.UniqueConstraint("pid", name="products_pid_key"),
    )
    op.create_index("products_by_id", "products", ["id"], unique=True)


def _create_replicas() -> None:
    op.create_table(
        "associations",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("association_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "product_id"),
        sa.ForeignKeyConstraint(["owner", "product_id"], ["products.enterprise", "products.id"]),
    )
    op.create_index("associations_by_owner", "associations", ["enterprise", "owner"])
    op.create_table(
        "owners",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("legal_name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("enterprise"),
    )


def _show(table: str, condition: str) -> None:
    """Let the application read rows of others too; to change them, they must still be its own."""
    # Of two policies the one with the later name is asked first, and own rows need no look-up.
    op.execute(
        f"CREATE POLICY {table}_associated ON {table} FOR SELECT TO catalog_app USING ({condition})"
    )
