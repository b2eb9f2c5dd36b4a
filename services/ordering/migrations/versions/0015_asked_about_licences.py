"""Purchase requests say which licence they are about: each can be asked about once a day."""

import sqlalchemy as sa
from alembic import op

revision = "0015_asked_about_licences"
down_revision = "0014_whose"

ONCE = "purchase_requests_once_a_day"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column(
        "purchase_requests",
        sa.Column("license_type", sa.Text, nullable=False, server_default=""),
    )
    op.alter_column("purchase_requests", "license_type", server_default=None)
    op.drop_constraint(ONCE, "purchase_requests")
    op.create_unique_constraint(
        ONCE,
        "purchase_requests",
        ["enterprise", "account", "product", "license_type", "kind", "day"],
    )
