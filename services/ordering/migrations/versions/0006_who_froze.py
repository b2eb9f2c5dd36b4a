"""A revision of an order says who submitted it or asked for the change."""

import sqlalchemy as sa
from alembic import op

revision = "0006_who_froze"
down_revision = "0005_licenses"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    column = sa.Column("frozen_by", sa.Text(), nullable=False, server_default="")
    op.add_column("order_snapshots", column)
    op.alter_column("order_snapshots", "frozen_by", server_default=None)
