"""An invoice that was issued as its order was changed is to be reversed, and says why."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0007_invoices_over_another_sum"
down_revision = "0006_reversed_invoices"

ENDED = "update invoices set reversal_cause = 'ORDER_ENDED' where state = 'REVERSAL_DUE'"
CHANGED = """
    update invoices i
    set state = 'REVERSAL_DUE', reversal_cause = 'ORDER_CHANGED', version = i.version + 1
    from payment_plans p
    where p.id = i.plan_id and not p.ended and i.state = 'ISSUED' and i.amount <> p.total
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("invoices", sa.Column("reversal_cause", sa.String(20)))
    with all_rows(op, "invoices", "payment_plans"):
        op.execute(ENDED)
        op.execute(CHANGED)
