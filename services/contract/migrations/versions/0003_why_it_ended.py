"""Why a version ended is kept as a code too, so that it can be said in any language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_why_it_ended"
down_revision = "0002_editions"

KNOWN = """
    update editions set ended = jsonb_build_object('cause', case
        when end_reason = 'The order expired.' then 'ORDER_EXPIRED'
        when end_reason like 'The order was replaced by %' then 'ORDER_REPLACED'
        when end_reason like 'Version % took its place.' then 'NEWER_VERSION'
        when end_reason = 'The amendment was taken back.' then 'AMENDMENT_TAKEN_BACK'
        else 'ORDER_CANCELLED' end, 'note', case
        when end_reason like 'Version % took its place.'
            then substring(end_reason from 'Version (.*) took its place')
        when end_reason like 'The order was cancelled: %'
            then substring(end_reason from 'The order was cancelled: (.*)')
        else '' end)
    where end_reason <> ''
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("editions", sa.Column("ended", JSONB))
    op.execute(KNOWN)
