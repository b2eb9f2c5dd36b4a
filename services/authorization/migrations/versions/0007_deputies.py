"""Deputies do the work of absent managers."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0007_deputies"
down_revision = "0006_certifications_end"

SERVICE = "authorization"


def upgrade() -> None:
    op.create_table(
        "deputyships",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("absent_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("absent_display_name", sa.Text, nullable=False),
        sa.Column("deputy_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("deputy_display_name", sa.Text, nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_told", sa.Boolean, nullable=False),
        sa.Column("ended_told", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("deputyships_by_deputy", "deputyships", ["deputy_id", "ends_at"])
    op.create_index("deputyships_by_absent", "deputyships", ["absent_id", "id"])
    not_over = sa.text("not ended_told")
    op.create_index("deputyships_to_turn", "deputyships", ["id"], postgresql_where=not_over)
    # They belong to no enterprise, so no enterprise's transaction sees any.
    protect(op, "deputyships", SERVICE)
