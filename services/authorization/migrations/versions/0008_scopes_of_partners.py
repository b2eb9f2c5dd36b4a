"""Partner systems follow what they may, and their secrets rotate."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_scopes_of_partners"
down_revision = "0007_deputies"

TEXTS = postgresql.ARRAY(sa.Text)


def upgrade() -> None:
    added = {
        "former_hash": sa.Column("former_hash", sa.LargeBinary, server_default=""),
        "event_types": sa.Column("event_types", TEXTS, server_default="{}"),
        "products": sa.Column("products", TEXTS, server_default="{}"),
    }
    for name, column in added.items():
        column.nullable = False
        op.add_column("partner_clients", column)
        op.alter_column("partner_clients", name, server_default=None)
    for moment in ("former_until", "rotated_at"):
        op.add_column("partner_clients", sa.Column(moment, sa.DateTime(timezone=True)))
