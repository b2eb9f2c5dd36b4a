"""What lists are cut by is in columns: when an order was placed, and for whose products."""

from alembic import op

revision = "0013_placed_at"
down_revision = "0012_attachments"

PLACED_AT = (
    "placed_at timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(submitted_at, created_at))"
)
"""Row-level security does not know that `coalesce` keeps to itself what it is given, and looked at
every row before an index could compare it."""

OTHER_OWNER = "other_owner text GENERATED ALWAYS AS (nullif(owner, enterprise))"
"""Nobody could estimate for how many owners others order: as a column it is counted."""

TIMES = {
    "orders_by_time": "placed_at, id",
    "orders_placed_by_time": "enterprise, placed_at, id",
}
OWNED = {
    "orders_owned": "id",
    "orders_owned_by_no": "order_no, id",
    "orders_owned_by_state": "state, id",
    "orders_owned_by_party": "waiting_on, id",
    "orders_owned_by_purpose": "purpose, id",
    "orders_owned_by_total": "total_key, id",
    "orders_owned_by_time": "placed_at, id",
    "orders_owned_by_family": "family, id",
}


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute(f"ALTER TABLE orders ADD {PLACED_AT} STORED, ADD {OTHER_OWNER} STORED")
    for name, columns in TIMES.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON orders ({columns})")
    for name, columns in OWNED.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(
            f"CREATE INDEX {name} ON orders (other_owner, {columns}) WHERE other_owner IS NOT NULL"
        )
