"""Money that goes back is a task of finance until it is sent."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import protect

revision = "0002_refunds"
down_revision = "0001_plans_payments_and_ledger"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("amount", sa.Numeric(18, 2), nullable=False),
        sa.Column("payment_id", sa.Uuid),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("bank_reference", sa.Text, unique=True),
        sa.Column("value_date", sa.Date),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["enterprise", "plan_id"],
            ["payment_plans.enterprise", "payment_plans.id"],
            name="refunds_plan",
        ),
    )
    op.create_index("refunds_by_plan", "refunds", ["plan_id"])
    op.create_index("refunds_by_enterprise", "refunds", ["enterprise", "id"])
    op.create_index("refunds_owed", "refunds", ["id"], postgresql_where=sa.text("state = 'OWED'"))
    protect(op, "refunds", "payment")
    # What was in suspense before is owed, too.
    op.execute(
        """
        insert into refunds (id, plan_id, enterprise, cause, reason, currency, amount, payment_id,
            state, issued_by, created_at)
        select id, plan_id, enterprise, 'LATE_MONEY', '', currency, amount, id, 'OWED', '',
            settled_at
        from payments where state = 'SUSPENSE'
        """
    )
