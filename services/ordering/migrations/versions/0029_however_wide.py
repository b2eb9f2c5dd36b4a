"""A PO and a batch number are one in wide letters and in narrow ones, as words are.

An order of `ＰＯ－１２` was not found by `PO-12`, nor the other way round, and not alike one of it.
The columns are made anew: no version before PostgreSQL 17 can change what one is computed of.
"""

from alembic import op

revision = "0029_however_wide"
down_revision = "0028_found_at_once"

KEYS = {"po_key": "po_no", "batch_key": "customer_batch_no"}
HELD = (
    "state, purpose, family, waiting_on, owner, order_no, total_key, created_at,"
    " placed_at, enterprise, other_owner"
)

ALIKE = """
    CREATE OR REPLACE FUNCTION orders_alike(
        wanted jsonb, po_no text, batch_no text, since timestamptz, this uuid
    )
    RETURNS TABLE (
        enterprise text, order_id uuid, order_no text, buyer text, submitted_at timestamptz,
        product text, pid text, display_name text, quantity integer
    )
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_seqscan = off AS $$
    #variable_conflict use_column
    DECLARE
        mine text := nullif(current_setting('app.enterprise', true), '');
        po text := lower(btrim(normalize(orders_alike.po_no, NFKC))) COLLATE "C";
        batch text := lower(btrim(normalize(orders_alike.batch_no, NFKC))) COLLATE "C";
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
        FROM (
            SELECT * FROM orders o
            WHERE (o.po_key = po AND o.po_key <> '' OR o.batch_key = batch AND o.batch_key <> '')
                AND o.submitted_at >= since AND o.exit IS NULL AND o.id <> this
            OFFSET 0
        ) o
        CROSS JOIN LATERAL (
            SELECT * FROM order_lines l
            WHERE l.enterprise = o.enterprise AND l.order_id = o.id OFFSET 0
        ) l
        JOIN jsonb_to_recordset(wanted)
            AS w (product text, license_type text, least integer, most integer)
            ON w.product = l.product AND w.license_type = l.license_type
            AND l.quantity BETWEEN w.least AND w.most
        WHERE o.enterprise = mine OR o.enterprise = l.owner OR l.owner = mine
        ORDER BY o.submitted_at DESC, o.id, l.line_no
        LIMIT 200;
    END $$
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    dropped = ", ".join(f"DROP COLUMN {key}" for key in KEYS)
    added = ", ".join(
        f'ADD COLUMN {key} text COLLATE "C" NOT NULL'
        f" GENERATED ALWAYS AS (lower(btrim(normalize(form->>'{field}', NFKC)))) STORED"
        for key, field in KEYS.items()
    )
    op.execute(f"ALTER TABLE orders {dropped}")
    op.execute(f"ALTER TABLE orders {added}")
    op.execute(
        "CREATE INDEX orders_by_po_key ON orders (po_key, submitted_at)"
        f" INCLUDE (id, {HELD}) WHERE po_key <> ''"
    )
    op.execute(
        "CREATE INDEX orders_by_batch_key ON orders (batch_key, submitted_at) WHERE batch_key <> ''"
    )
    op.execute(ALIKE)
    op.execute("ANALYZE orders (po_key, batch_key)")
