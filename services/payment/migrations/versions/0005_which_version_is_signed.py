"""Which version of the contract is signed, and from which one on signatures hold."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.operations import all_rows

revision = "0005_which_version_is_signed"
down_revision = "0004_invoices_of_ended_orders"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for name, default in (("signed_version", "0"), ("binding_version", "1")):
        column = sa.Column(name, sa.Integer, nullable=False, server_default=default)
        op.add_column("payment_plans", column)
    # Under which version was not kept: what holds now is called the first.
    with all_rows(op, "payment_plans"):
        op.execute("update payment_plans set signed_version = 1 where contract_signed")
    op.drop_column("payment_plans", "contract_signed")
    for name in ("signed_version", "binding_version"):
        op.alter_column("payment_plans", name, server_default=None)
