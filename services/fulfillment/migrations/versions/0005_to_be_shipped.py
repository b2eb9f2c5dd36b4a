"""Batches of which finished units are still to be shipped are found without all that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0005_to_be_shipped"
down_revision = "0004_withdrawn_batches"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_index(
        "batches_to_be_shipped",
        "batches",
        ["work_order_id"],
        postgresql_where=sa.text("state = 'COMPLETED' and shipped_quantity < quantity"),
    )
