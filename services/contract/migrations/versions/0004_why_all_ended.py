"""Why a version ended before causes were kept: the revision before saw nobody's rows."""

from alembic import op

from shared.migrations.operations import all_rows

revision = "0004_why_all_ended"
down_revision = "0003_why_it_ended"

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
    where end_reason <> '' and ended is null
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    with all_rows(op, "editions"):
        op.execute(KNOWN)
