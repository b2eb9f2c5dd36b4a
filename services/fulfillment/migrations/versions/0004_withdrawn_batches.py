"""Batches that were started by mistake are withdrawn, and their numbers are free again."""

import sqlalchemy as sa
from alembic import op

revision = "0004_withdrawn_batches"
down_revision = "0003_licenses"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column(
        "batches", sa.Column("withdraw_reason", sa.Text, nullable=False, server_default="")
    )
    op.add_column("batches", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "batches_by_number",
        "batches",
        ["production_batch_no"],
        unique=True,
        postgresql_where=sa.text("state <> 'WITHDRAWN'"),
    )
    op.drop_constraint("batches_production_batch_no_key", "batches")
