"""Orders, their lines and their snapshots."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.migrations.operations import infrastructure, protect, share

revision = "0001_orders"
down_revision = None

OWN_PRODUCTS = "owner = nullif(current_setting('app.enterprise', true), '')"
"""Whose products an order is for: they may read it (R78), but not change it."""


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _number(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _money(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Numeric, nullable=False) for name in names]


def _flag(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Boolean, nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    infrastructure(op, "ordering")
    op.execute("CREATE SEQUENCE order_numbers")
    op.execute("GRANT USAGE ON SEQUENCE order_numbers TO ordering_app, ordering_staff")
    _create_orders()
    _create_lines()
    op.create_table(
        "order_snapshots",
        *_text("enterprise"),
        sa.Column("order_id", sa.Uuid, nullable=False),
        *_text("digest"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "order_id"),
        _of_order("order_snapshots_order"),
    )
    op.create_table("retired_firmware", sa.Column("firmware", sa.Text, primary_key=True))
    for table in ("orders", "order_lines"):
        protect(op, table, "ordering")
        op.execute(
            f"CREATE POLICY {table}_owner ON {table} FOR SELECT TO ordering_app"
            f" USING ({OWN_PRODUCTS})"
        )
    protect(op, "order_snapshots", "ordering", append_only=True)
    share(op, "retired_firmware", "ordering", append_only=True)


def _create_orders() -> None:
    op.create_table(
        "orders",
        *_text("enterprise"),
        *_number("version"),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        *_text("order_no"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("exit", sa.String(20)),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("family", sa.String(20), nullable=False),
        *_text("owner", "currency"),
        *_money("total_amount", "settled_amount"),
        *_number("last_line_no"),
        sa.Column("form", JSONB, nullable=False),
        sa.Column("gates", JSONB, nullable=False),
        sa.Column("holds", JSONB, nullable=False),
        sa.Column("terms", JSONB),
        sa.Column("waiting_on", sa.String(20)),
        *_text("waiting_task"),
        _moment("waiting_since", nullable=True),
        *_text("snapshot_digest", "buyer", "enterprise_legal_name"),
        *_text("business_manager", "business_manager_display_name", "business_manager_email"),
        *_text("project_manager", "price_confirmed_by", "contract"),
        *_flag("buyer_signed", "invoice_requested", "production_cleared", "shipping_cleared"),
        *_text("close_reason", "replaces", "replaced_by"),
        _moment("created_at"),
        _moment("submitted_at", nullable=True),
        _moment("updated_at"),
        _moment("expires_at", nullable=True),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.UniqueConstraint("order_no", name="orders_order_no_key"),
    )
    op.create_index("orders_by_id", "orders", ["id"], unique=True)
    op.create_index("orders_by_owner", "orders", ["owner", "id"])
    op.create_index("orders_by_party", "orders", ["waiting_on", "id"])
    op.create_index(
        "orders_to_expire",
        "orders",
        ["expires_at"],
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )


def _create_lines() -> None:
    op.create_table(
        "order_lines",
        *_text("enterprise"),
        sa.Column("order_id", sa.Uuid, nullable=False),
        *_number("line_no"),
        *_text("product", "owner"),
        *_number("quantity"),
        *_text("pid", "display_name", "model", "module", "module_display_name"),
        *_text("firmware", "firmware_version", "firmware_digest"),
        *_number("lead_time_days"),
        *_text("currency"),
        *_money("list_price", "price"),
        *_number("finished_quantity", "shipped_quantity", "received_quantity"),
        sa.PrimaryKeyConstraint("enterprise", "order_id", "line_no"),
        sa.CheckConstraint("quantity > 0", name="order_lines_quantity"),
        sa.CheckConstraint(
            "shipped_quantity BETWEEN 0 AND quantity", name="order_lines_shipped_quantity"
        ),
        _of_order("order_lines_order"),
    )


def _of_order(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["enterprise", "order_id"], ["orders.enterprise", "orders.id"], name=name
    )
