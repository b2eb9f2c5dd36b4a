"""Whose access tokens ended before their time."""

import sqlalchemy as sa
from alembic import op

revision = "0002_revocations"
down_revision = "0001_people_and_permissions"

SERVICE = "authorization"


def upgrade() -> None:
    op.create_table(
        "revocations",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("revocations_by_time", "revocations", ["revoked_at"])
    op.execute(f"GRANT INSERT ON revocations TO {SERVICE}_app")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON revocations TO {SERVICE}_staff")
    # How many there were is said in every token, also in those made for one enterprise.
    sequence = "revocations_position_seq"
    op.execute(f"GRANT SELECT ON SEQUENCE {sequence} TO {SERVICE}_app, {SERVICE}_staff")
