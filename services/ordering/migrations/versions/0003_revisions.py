"""Orders are amended and ended by request; what was ordered is kept by revision, and signed."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_revisions"
down_revision = "0002_found_and_alike"

NEW: dict[str, dict[str, tuple[Any, str]]] = {
    "orders": {
        "revision": (sa.Integer, "0"),
        "amendment": (sa.Integer, "0"),
        "addendum_open": (sa.Boolean, "false"),
    },
    "order_lines": {"price_reason": (sa.Text, "")},
    "order_snapshots": {
        "revision": (sa.Integer, "0"),
        "signature": (sa.Text, ""),
        "key_id": (sa.Text, ""),
        "reason": (sa.Text, ""),
    },
}


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for table, columns in NEW.items():
        for name, (kind, default) in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
            op.alter_column(table, name, server_default=None)
    op.add_column("orders", sa.Column("proposal", JSONB))
    op.add_column("orders", sa.Column("cancellation", JSONB))
    op.add_column(
        "order_snapshots",
        sa.Column(
            "frozen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
    )
    op.drop_constraint("order_snapshots_pkey", "order_snapshots")
    op.create_primary_key(
        "order_snapshots_pkey", "order_snapshots", ["enterprise", "order_id", "revision"]
    )
    op.create_index("order_snapshots_by_digest", "order_snapshots", ["digest"])
