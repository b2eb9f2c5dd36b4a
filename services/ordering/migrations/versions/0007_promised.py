"""When the goods of an order are to be finished is known once production is cleared."""

import sqlalchemy as sa
from alembic import op

revision = "0007_promised"
down_revision = "0006_who_froze"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("orders", sa.Column("promised_at", sa.DateTime(timezone=True)))
    # Of orders in production it is not known when they were cleared: since when they wait is later.
    op.execute(
        """
        update orders set promised_at =
            waiting_since + (terms->>'lead_time_days')::int * interval '1 day'
        where production_cleared and state in ('DEPOSIT_PAID', 'IN_PRODUCTION')
            and terms is not null and waiting_since is not null
        """
    )
