"""An order that ended is not invoiced; one that went all its way may still be."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0004_invoices_of_ended_orders"
down_revision = "0003_receivables"

ENDED = """
    update payment_plans p set ended = true
    where closed and total > (
        select coalesce(sum(amount), 0) from payments where plan_id = p.id and state = 'SETTLED'
    ) - (
        select coalesce(sum(amount), 0) from refunds where plan_id = p.id and cause = 'ORDER_ENDED'
    )
"""
"""What is over and not paid in full did not go all its way: that takes the whole amount."""

VOID = """
    update invoices i set state = 'VOID', version = i.version + 1
    from payment_plans p where p.id = i.plan_id and p.ended and i.state = 'REQUESTED'
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    ended = sa.Column("ended", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("payment_plans", ended)
    with all_rows(op, "payment_plans", "payments", "refunds", "invoices"):
        op.execute(ENDED)
        op.execute(VOID)
    op.alter_column("payment_plans", "ended", server_default=None)
