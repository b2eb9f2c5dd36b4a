"""Who asked whom to let a product be ordered."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0004_purchase_requests"
down_revision = "0003_revisions"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "purchase_requests",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.UniqueConstraint(
            "enterprise", "account", "product", "kind", "day", name="purchase_requests_once_a_day"
        ),
    )
    protect(op, "purchase_requests", "ordering", append_only=True)
