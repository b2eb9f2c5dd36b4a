"""Which invoice was heard of last: it may be reversed, and another one asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0023_which_invoice"
down_revision = "0022_all_promised"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("orders", sa.Column("invoice", sa.Text, nullable=False, server_default=""))
