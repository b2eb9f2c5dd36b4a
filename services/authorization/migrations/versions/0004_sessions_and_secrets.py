"""A session is opened by one secret after the other, and says where it is used."""

import sqlalchemy as sa
from alembic import op

revision = "0004_sessions_and_secrets"
down_revision = "0003_limits_of_authorizations"

SERVICE = "authorization"


def upgrade() -> None:
    # The earlier ones cannot be told apart from stolen ones: whoever was signed in does so again.
    op.drop_table("sessions")
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("sessions_by_account", "sessions", ["account_id"])
    cascade = sa.ForeignKey("sessions.id", ondelete="CASCADE")
    op.create_table(
        "session_secrets",
        sa.Column("secret_hash", sa.LargeBinary, primary_key=True),
        sa.Column("session_id", sa.Uuid, cascade, nullable=False),
        sa.Column("before", sa.LargeBinary),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True)),
    )
    op.create_index("session_secrets_by_session", "session_secrets", ["session_id"])
    op.create_index("session_secrets_before", "session_secrets", ["before"])
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, session_secrets TO {SERVICE}_staff"
    )
