"""The invoice titles of an enterprise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.migrations.operations import protect

revision = "0017_invoice_profiles"
down_revision = "0016_fewer_indexes"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "invoice_profiles",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("invoice_title", JSONB, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.UniqueConstraint("enterprise", "label", name="invoice_profiles_label"),
    )
    protect(op, "invoice_profiles", "ordering")
