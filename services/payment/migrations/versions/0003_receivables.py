"""What is owed for an order that ended is a task of finance, and stands in the ledger."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0003_receivables"
down_revision = "0002_refunds"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "receivables",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("settled", sa.Numeric(18, 2), nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("waive_reason", sa.Text, nullable=False),
        sa.Column("waived_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["enterprise", "plan_id"],
            ["payment_plans.enterprise", "payment_plans.id"],
            name="receivables_plan",
        ),
    )
    # An order ends once.
    op.create_index("receivables_by_plan", "receivables", ["plan_id"], unique=True)
    op.create_index("receivables_by_enterprise", "receivables", ["enterprise", "id"])
    open_ones = sa.text("state = 'OPEN'")
    op.create_index("receivables_open", "receivables", ["id"], postgresql_where=open_ones)
    protect(op, "receivables", "payment")
    # A posting is about a payment or about a receivable.
    op.alter_column("postings", "payment_id", nullable=True)
    op.add_column("postings", sa.Column("receivable_id", sa.Uuid))
