"""An order that looks like an earlier one nobody acknowledged fails as it is submitted.

Which those are was asked before, at every submit, which is a message to wait for; now whoever fails
begins again and asks.
"""

from alembic import op

revision = "0027_none_alike"
down_revision = "0026_alike_by_number"

INSIST = """
    CREATE FUNCTION insist_none_alike(
        wanted jsonb, po_no text, batch_no text, since timestamptz, this uuid, known text[]
    )
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM orders_alike(wanted, po_no, batch_no, since, this) AS a
            WHERE CASE WHEN a.enterprise = '' THEN a.product
                ELSE 'enterprises/' || a.enterprise || '/orders/' || a.order_id
                END <> ALL (known)
        ) THEN
            RAISE EXCEPTION 'it looks like an earlier one' USING ERRCODE = '40001';
        END IF;
    END
    $$
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute(INSIST)
    op.execute("REVOKE ALL ON FUNCTION insist_none_alike FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION insist_none_alike TO ordering_app, ordering_staff")
