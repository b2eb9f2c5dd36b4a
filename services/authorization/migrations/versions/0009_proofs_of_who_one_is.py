"""Addresses are verified, passwords replaced by mail, a code asked for after the password."""

import sqlalchemy as sa
from alembic import op

revision = "0009_proofs_of_who_one_is"
down_revision = "0008_scopes_of_partners"

SERVICE = "authorization"
TABLES = "two_steps, recovery_codes, challenges, one_time_codes"


def upgrade() -> None:
    _describe_accounts()
    op.create_table(
        "two_steps",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "challenges",
        sa.Column("secret_hash", sa.LargeBinary, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index("challenges_by_time", "challenges", ["made_at"])
    _create_codes()
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {SERVICE}_staff")


def _describe_accounts() -> None:
    op.add_column("accounts", sa.Column("verified_at", sa.DateTime(timezone=True)))
    op.add_column("accounts", sa.Column("two_step_at", sa.DateTime(timezone=True)))
    op.add_column(
        "accounts", sa.Column("provider", sa.Text, nullable=False, server_default=sa.text("''"))
    )
    op.alter_column("accounts", "provider", server_default=None)
    op.execute("ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE accounts SET verified_at = registered_at WHERE staff_roles <> '{}'")
    op.execute("ALTER TABLE accounts FORCE ROW LEVEL SECURITY")


def _create_codes() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("email", sa.Text, primary_key=True),
        sa.Column("purpose", sa.String(30), primary_key=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    is_due = sa.text("due_at is not null")
    op.create_index("one_time_codes_due", "one_time_codes", ["due_at"], postgresql_where=is_due)
