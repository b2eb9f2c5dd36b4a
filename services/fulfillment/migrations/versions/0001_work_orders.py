"""Work orders, batches, units and shipments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.operations import infrastructure, protect

revision = "0001_work_orders"
down_revision = None


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    infrastructure(op, "fulfillment")
    for numbers in ("work_order_numbers", "shipment_numbers"):
        op.execute(f"CREATE SEQUENCE {numbers}")
        op.execute(f"GRANT USAGE ON SEQUENCE {numbers} TO fulfillment_app, fulfillment_staff")
    op.create_table(
        "shipments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("shipment_no", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("DISPATCHED", "RECEIVED", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_no", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("delivery_address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("shipment_no"),
    )
    op.create_index("shipments_by_enterprise", "shipments", ["enterprise", "id"], unique=False)
    op.create_index("shipments_by_order", "shipments", ["order"], unique=False)
    op.create_index(
        "shipments_under_way",
        "shipments",
        ["dispatched_at"],
        unique=False,
        postgresql_where=sa.text("state = 'DISPATCHED'"),
    )
    op.create_table(
        "work_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("work_order_no", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "OPEN", "STARTED", "FINISHED", "CLOSED", name="state", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("product_display_name", sa.Text(), nullable=False),
        sa.Column("module_display_name", sa.Text(), nullable=False),
        sa.Column("firmware_version", sa.Text(), nullable=False),
        sa.Column("firmware_digest", sa.Text(), nullable=False),
        sa.Column("customer_batch_no", sa.Text(), nullable=False),
        sa.Column("material_model", sa.Text(), nullable=False),
        sa.Column("snapshot_digest", sa.Text(), nullable=False),
        sa.Column("enterprise_legal_name", sa.Text(), nullable=False),
        sa.Column("hold_reason", sa.Text(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("delivery_address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cleared_for_shipping", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enterprise", "id", name="work_orders_enterprise_id_key"),
        sa.UniqueConstraint("order", "line_no", name="work_orders_order_line_no_key"),
        sa.UniqueConstraint("work_order_no"),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("production_batch_no", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("STARTED", "STOPPED", "COMPLETED", name="state", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("passed_quantity", sa.Integer(), nullable=False),
        sa.Column("failed_quantity", sa.Integer(), nullable=False),
        sa.Column("shipped_quantity", sa.Integer(), nullable=False),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.Column("test_data_digest", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise", "work_order_id"],
            ["work_orders.enterprise", "work_orders.id"],
            name="batches_work_order",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enterprise", "id", name="batches_enterprise_id_key"),
        sa.UniqueConstraint("production_batch_no"),
    )
    op.create_index("batches_by_work_order", "batches", ["work_order_id"], unique=False)
    op.create_table(
        "units",
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("serial_no", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("firmware_digest", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise", "batch_id"], ["batches.enterprise", "batches.id"], name="units_batch"
        ),
        sa.PrimaryKeyConstraint("product", "serial_no"),
    )
    op.create_index("units_by_batch", "units", ["batch_id"], unique=False)
    protect(op, "shipments", "fulfillment")
    protect(op, "work_orders", "fulfillment")
    protect(op, "batches", "fulfillment")
    protect(op, "units", "fulfillment")
