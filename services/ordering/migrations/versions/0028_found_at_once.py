"""Orders of everybody that are in one state are read by their totals, too.

Before, all of that state were sorted to find the dearest of them.
"""

from alembic import op

revision = "0028_found_at_once"
down_revision = "0026_found_at_once"

HELD = (
    "purpose, family, waiting_on, owner, order_no, placed_at, created_at, submitted_at,"
    " business_manager, enterprise"
)


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute(
        f"CREATE INDEX orders_by_state_total ON orders (state, total_key, id) INCLUDE ({HELD})"
    )
