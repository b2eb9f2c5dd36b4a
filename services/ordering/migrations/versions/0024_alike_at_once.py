"""Two enterprises that share a product, and submit alike at once, do not miss each other any more.

A number is waited for whoever has it: as only orders with a number in common are alike, nobody else
waits, and it takes no more locks than before. What is empty is not alike, so nobody waits for that.
"""

from alembic import op

revision = "0024_alike_at_once"
down_revision = "0023_which_invoice"

ALIKE = """
    CREATE OR REPLACE FUNCTION orders_alike(
        wanted jsonb, po_no text, batch_no text, since timestamptz, this uuid
    )
    RETURNS TABLE (
        enterprise text, order_id uuid, order_no text, buyer text, submitted_at timestamptz,
        product text, pid text, display_name text, quantity integer
    )
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    #variable_conflict use_column
    DECLARE
        mine text := nullif(current_setting('app.enterprise', true), '');
        po text := lower(btrim(orders_alike.po_no)) COLLATE "C";
        batch text := lower(btrim(orders_alike.batch_no)) COLLATE "C";
    BEGIN
        -- Of two alike that are submitted at once, one waits here and then sees the other.
        PERFORM pg_advisory_xact_lock(hashtextextended('po ' || nullif(po, ''), 0)),
            pg_advisory_xact_lock(hashtextextended('batch ' || nullif(batch, ''), 0));
        RETURN QUERY
        SELECT CASE WHEN o.enterprise = mine THEN o.enterprise ELSE '' END,
            CASE WHEN o.enterprise = mine THEN o.id END,
            CASE WHEN o.enterprise = mine THEN o.order_no ELSE '' END,
            CASE WHEN o.enterprise = mine THEN o.buyer ELSE '' END,
            o.submitted_at, l.product, l.pid,
            CASE WHEN o.enterprise = mine THEN l.display_name ELSE '' END, l.quantity
        FROM orders o
        JOIN order_lines l ON l.enterprise = o.enterprise AND l.order_id = o.id
        JOIN jsonb_to_recordset(wanted)
            AS w (product text, license_type text, least integer, most integer)
            ON w.product = l.product AND w.license_type = l.license_type
            AND l.quantity BETWEEN w.least AND w.most
        WHERE (o.po_key = po AND o.po_key <> '' OR o.batch_key = batch AND o.batch_key <> '')
            AND o.submitted_at >= since AND o.exit IS NULL AND o.id <> this
            AND (o.enterprise = mine OR o.enterprise = l.owner OR l.owner = mine)
        ORDER BY o.submitted_at DESC, o.id, l.line_no
        LIMIT 200;
    END $$
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute(ALIKE)
