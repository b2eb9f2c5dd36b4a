"""A device's secret is kept encrypted; what is not yet is found by a clock, which has the keys."""

import sqlalchemy as sa
from alembic import op

revision = "0011_sealed_secrets"
down_revision = "0010_providers"


def upgrade() -> None:
    op.add_column(
        "two_steps", sa.Column("sealed_by", sa.Text, nullable=False, server_default=sa.text("''"))
    )
    op.alter_column("two_steps", "sealed_by", server_default=None)
    op.create_index("two_steps_by_key", "two_steps", ["sealed_by"])
