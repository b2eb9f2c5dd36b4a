"""Each index of orders is paid for by every order that is made, submitted or moved on; those stay
which a list cannot do without, and of them only as much as lists look at."""

from alembic import op

revision = "0016_fewer_indexes"
down_revision = "0015_asked_about_licences"

GONE = ("orders_by_owner", "orders_placed_by_po", "orders_placed_by_batch")
"""Whose products are ordered is asked as two lists, of the owner's own orders and of others'; one
number is on few orders, whoever placed them."""

MOST_ARE = "purpose <> 'MASS_PRODUCTION'"
LESS = {
    "orders_by_purpose": ("purpose, id", MOST_ARE),
    "orders_placed_by_purpose": ("enterprise, purpose, id", MOST_ARE),
    "orders_by_party": ("waiting_on, id", "waiting_on IS NOT NULL"),
    "orders_placed_by_party": ("enterprise, waiting_on, id", "waiting_on IS NOT NULL"),
    "orders_by_manager": ("business_manager, id", "business_manager <> ''"),
    "orders_by_po_key": ("po_key, submitted_at", "po_key <> ''"),
    "orders_by_batch_key": ("batch_key, submitted_at", "batch_key <> ''"),
}
"""What drafts do not have yet, what ended orders have no more, and what most orders are anyway."""

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
        PERFORM pg_advisory_xact_lock(hashtextextended('po ' || mine || ' ' || po, 0)),
            pg_advisory_xact_lock(hashtextextended('batch ' || mine || ' ' || batch, 0));
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
"""As before, but it says that what is empty is not alike: the indexes have no such numbers."""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for name in GONE:
        op.execute(f"DROP INDEX {name}")
    for name, (columns, where) in LESS.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON orders ({columns}) WHERE {where}")
    op.execute(ALIKE)
