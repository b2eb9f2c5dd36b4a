"""The feed says what whoever caused an event was called."""

import sqlalchemy as sa
from alembic import op

revision = "0002_who_caused_it"
down_revision = "0001_messages_and_the_feed"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    column = sa.Column("actor_display_name", sa.Text(), nullable=False, server_default="")
    op.add_column("feed", column)
    op.alter_column("feed", "actor_display_name", server_default=None)
