"""An issued invoice can be reversed by a credit note, and another one asked for then."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0006_reversed_invoices"
down_revision = "0005_which_version_is_signed"

DUE = """
    update invoices i set state = 'REVERSAL_DUE', version = i.version + 1
    from payment_plans p where p.id = i.plan_id and p.ended and i.state = 'ISSUED'
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("invoices", sa.Column("reversal_no", sa.Text))
    reason = sa.Column("reversal_reason", sa.Text, nullable=False, server_default="")
    op.add_column("invoices", reason)
    op.alter_column("invoices", "reversal_reason", server_default=None)
    op.add_column("invoices", sa.Column("reversed_at", sa.DateTime(timezone=True)))
    op.create_unique_constraint("invoices_reversal_no_key", "invoices", ["reversal_no"])
    op.drop_constraint("invoices_plan_id_key", "invoices")
    op.create_index(
        "invoices_one_a_plan",
        "invoices",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('VOID', 'REVERSED')"),
    )
    with all_rows(op, "invoices", "payment_plans"):
        op.execute(DUE)
