"""People may sign in at an OpenID Connect provider."""

import sqlalchemy as sa
from alembic import op

revision = "0010_providers"
down_revision = "0009_proofs_of_who_one_is"

SERVICE = "authorization"


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("account_id", "issuer", name="identities_account_id_issuer_key"),
    )
    op.create_table(
        "provider_questions",
        sa.Column("state_hash", sa.LargeBinary, primary_key=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("redirect_uri", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("provider_questions_by_time", "provider_questions", ["asked_at"])
    op.execute(f"GRANT SELECT, INSERT, DELETE ON identities, provider_questions TO {SERVICE}_staff")
