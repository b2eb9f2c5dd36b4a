"""What is to be done to every unit of a work order besides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_line_services"
down_revision = "0001_work_orders"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("work_orders", sa.Column("services", JSONB, nullable=False, server_default="[]"))
