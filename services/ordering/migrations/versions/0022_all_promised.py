"""When goods that are being made are to be finished: the revision that knew saw nobody's rows."""

from alembic import op

from shared.migrations.operations import all_rows

revision = "0022_all_promised"
down_revision = "0021_insisting"

PROMISED = """
    update orders set promised_at =
        waiting_since + (terms->>'lead_time_days')::int * interval '1 day'
    where promised_at is null and production_cleared
        and state in ('DEPOSIT_PAID', 'IN_PRODUCTION')
        and terms is not null and waiting_since is not null
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    with all_rows(op, "orders"):
        op.execute(PROMISED)
