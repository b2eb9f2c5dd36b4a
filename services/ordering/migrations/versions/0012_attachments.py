"""Files belong to orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012_attachments"
down_revision = "0011_lists"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("orders", sa.Column("attachments", JSONB, nullable=False, server_default="[]"))
    op.alter_column("orders", "attachments", server_default=None)
