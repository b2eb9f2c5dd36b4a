"""Price lists, licence types and services; the prices modules had go into general lists."""

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.clock import now
from shared.ids import new_id
from shared.migrations.operations import TENANT, share

revision = "0003_what_is_sold"
down_revision = "0002_products_in_full"
branch_labels = None
depends_on = None

PRICE = sa.Numeric(24, 9)


def upgrade() -> None:
    _extend_modules_and_firmware()
    _create_sold()
    _create_prices()
    _move_prices()
    op.drop_column("modules", "price_tiers")
    for table in ("license_types", "value_added_services"):
        share(op, table, "catalog")
    for table in ("price_lists", "price_entries"):
        _let_read(table, f"enterprise = '' OR {TENANT}")
    _let_read("customer_terms", TENANT)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _number(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _counted() -> list[sa.Column[Any]]:
    return [*_number("version"), sa.Column("sequence", sa.BigInteger, nullable=False)]


def _extend_modules_and_firmware() -> None:
    for table, name, was in (
        ("modules", "series", ""),
        ("modules", "state", "ACTIVE"),
        ("firmware", "release_notes", ""),
        ("firmware", "released_by", ""),
        ("firmware", "released_by_name", ""),
        ("firmware", "retired_by", ""),
        ("firmware", "retired_by_name", ""),
    ):
        kind = sa.String(20) if name == "state" else sa.Text()
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=was))
        op.alter_column(table, name, server_default=None)
    for name in ("released_at", "retired_at"):
        op.add_column("firmware", _moment(name, optional=True))


def _create_sold() -> None:
    op.create_table(
        "license_types",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_counted(),
        *_text("sku", "display_name", "licenses"),
        sa.Column("modules", ARRAY(sa.Text), nullable=False),
        *_number("minimum_quantity", "lead_time_days"),
        sa.Column("state", sa.String(20), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("sku", name="license_types_sku_key"),
    )
    op.create_table(
        "value_added_services",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_counted(),
        *_text("service_id", "display_name", "description"),
        sa.Column("purposes", ARRAY(sa.Text), nullable=False),
        sa.Column("modules", ARRAY(sa.Text), nullable=False),
        *_number("minimum_quantity", "added_lead_time_days"),
        sa.Column("state", sa.String(20), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("service_id", name="value_added_services_service_id_key"),
    )


def _create_prices() -> None:
    op.create_table(
        "price_lists",
        *_text("enterprise"),
        *_counted(),
        sa.Column("id", sa.Uuid, nullable=False),
        *_text("display_name", "currency"),
        _moment("start_at"),
        _moment("end_at", optional=True),
        sa.Column("state", sa.String(20), nullable=False),
        _moment("created_at"),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("enterprise", "id"),
    )
    op.create_index("price_lists_by_id", "price_lists", ["id"], unique=True)
    op.create_table(
        "price_entries",
        *_text("enterprise"),
        sa.Column("price_list_id", sa.Uuid, nullable=False),
        *_text("item", "currency"),
        sa.Column("tiers", JSONB, nullable=False),
        sa.Column("per_order", PRICE),
        sa.Column("setup_fee", PRICE),
        sa.PrimaryKeyConstraint("enterprise", "price_list_id", "item"),
        sa.ForeignKeyConstraint(
            ["enterprise", "price_list_id"], ["price_lists.enterprise", "price_lists.id"]
        ),
    )
    op.create_index("price_entries_by_item", "price_entries", ["item", "enterprise"])
    op.create_table(
        "customer_terms",
        *_text("enterprise"),
        *_counted(),
        *_text("currency"),
        sa.PrimaryKeyConstraint("enterprise"),
    )


def _move_prices() -> None:
    """Put each module's prices into the general list of their currency, which counts from now."""
    connection, lists = op.get_bind(), dict[str, Any]()
    for module_id, tiers in connection.execute(
        sa.text("SELECT module_id, price_tiers FROM modules ORDER BY id")
    ):
        if not tiers:
            continue
        currency = tiers[0][1]
        if currency not in lists:
            lists[currency] = _general_list(connection, currency)
        connection.execute(
            sa.text(
                "INSERT INTO price_entries (enterprise, price_list_id, item, currency, tiers)"
                " VALUES ('', :list, :item, :currency, cast(:tiers AS jsonb))"
            ),
            {
                "list": lists[currency],
                "item": f"modules/{module_id}",
                "currency": currency,
                "tiers": json.dumps([_split(tier) for tier in tiers]),
            },
        )


def _general_list(connection: sa.Connection, currency: str) -> Any:
    id_, at = new_id(), now()
    connection.execute(
        sa.text(
            "INSERT INTO price_lists (enterprise, version, sequence, id, display_name, currency,"
            " start_at, state, created_at, changed_at)"
            " VALUES ('', 1, 0, :id, :display_name, :currency, :at, 'ACTIVE', :at, :at)"
        ),
        {"id": id_, "display_name": f"List prices, {currency}", "currency": currency, "at": at},
    )
    return id_


def _split(tier: list[Any]) -> list[Any]:
    """`[1, "EUR", "2.40"]` becomes `[1, "EUR", 2, 400000000]`."""
    quantity, currency, amount = tier
    units, rest = divmod(Decimal(amount), 1)
    return [quantity, currency, int(units), int(rest * 10**9)]


def _let_read(table: str, condition: str) -> None:
    """Let customers read what `condition` says and change nothing; the staff may do all."""
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_tenant ON {table} FOR SELECT TO catalog_app USING ({condition})",
        f"CREATE POLICY {table}_staff ON {table} TO catalog_staff USING (true) WITH CHECK (true)",
        f"GRANT SELECT ON {table} TO catalog_app",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO catalog_staff",
    ):
        op.execute(statement)
