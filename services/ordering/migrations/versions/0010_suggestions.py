"""What customers suggest to their business managers."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0010_suggestions"
down_revision = "0009_line_services"

TEXTS = (
    *("text", "order", "product", "subject", "author", "author_display_name"),
    *("enterprise_legal_name", "business_manager", "business_manager_display_name"),
    *("answer", "answered_by", "answered_by_display_name"),
)


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "suggestions",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("enterprise", "id"),
    )
    op.create_index("suggestions_by_state", "suggestions", ["state", "id"])
    protect(op, "suggestions", "ordering")
