"""Value-added services on the lines of an order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009_line_services"
down_revision = "0008_address_book"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("order_lines", sa.Column("services", JSONB, nullable=False, server_default="[]"))
