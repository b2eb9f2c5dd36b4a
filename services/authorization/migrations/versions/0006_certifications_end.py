"""Certifications end, are proved with files, and their end is told."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0006_certifications_end"
down_revision = "0005_proposed_associations"

SERVICE = "authorization"


def upgrade() -> None:
    op.add_column("enterprises", sa.Column("certified_until", sa.DateTime(timezone=True)))
    for column in ("ending_told", "ended_told"):
        told = sa.Column(column, sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column("enterprises", told)
        op.alter_column("enterprises", column, server_default=None)
    op.create_index(
        "enterprises_to_renew",
        "enterprises",
        ["certified_until"],
        postgresql_where=sa.text("not ended_told"),
    )
    op.add_column("certifications", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.create_table(
        "certification_proofs",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("certification_id", sa.Uuid, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "certification_id", "digest"),
        sa.ForeignKeyConstraint(
            ["enterprise", "certification_id"], ["certifications.enterprise", "certifications.id"]
        ),
    )
    protect(op, "certification_proofs", SERVICE)
