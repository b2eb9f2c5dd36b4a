"""What people are told is kept as sentence and facts, too, to be said in any language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_sentences_and_facts"
down_revision = "0003_what_orders_are_of"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for name in ("subject_form", "text_form"):
        op.add_column("messages", sa.Column(name, sa.Text, nullable=False, server_default=""))
    empty = sa.text("'{}'::jsonb")
    op.add_column("messages", sa.Column("facts", JSONB, nullable=False, server_default=empty))
