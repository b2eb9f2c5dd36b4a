"""Whose products an enterprise orders is counted pair by pair.

As a dependency it was taken for granted that somebody who is asked about has some, and all orders
were looked through for those there are none of.
"""

from alembic import op

revision = "0014_whose"
down_revision = "0013_placed_at"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("DROP STATISTICS orders_whose")
    op.execute("CREATE STATISTICS orders_whose (mcv) ON enterprise, owner FROM orders")
