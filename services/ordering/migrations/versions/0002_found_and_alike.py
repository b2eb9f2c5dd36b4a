"""Orders are found by what they say, and one that looks like an earlier one is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0002_found_and_alike"
down_revision = "0001_orders"

ALIKE = """
    CREATE FUNCTION orders_alike(
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
        JOIN jsonb_to_recordset(wanted) AS w (product text, least integer, most integer)
            ON w.product = l.product AND l.quantity BETWEEN w.least AND w.most
        WHERE (o.po_key = po OR o.batch_key = batch) AND o.submitted_at >= since
            AND o.exit IS NULL AND o.id <> this
            AND (o.enterprise = mine OR o.enterprise = l.owner OR l.owner = mine)
        ORDER BY o.submitted_at DESC, o.id, l.line_no
        LIMIT 200;
    END $$
"""
"""The only way past row-level security: of the orders of others no more than this comes out."""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.add_column("orders", sa.Column("contract_no", sa.Text, nullable=False, server_default=""))
    op.alter_column("orders", "contract_no", server_default=None)
    for name, field in (("po_key", "po_no"), ("batch_key", "customer_batch_no")):
        op.execute(
            f'ALTER TABLE orders ADD {name} text COLLATE "C" NOT NULL'
            f" GENERATED ALWAYS AS (lower(btrim(form->>'{field}'))) STORED"
        )
    for name, columns in (
        ("orders_by_po_key", ["po_key", "submitted_at"]),
        ("orders_by_batch_key", ["batch_key", "submitted_at"]),
        ("orders_by_state", ["state", "id"]),
        ("orders_by_purpose", ["purpose", "id"]),
        ("orders_by_manager", ["business_manager", "id"]),
        ("orders_by_total", ["total_amount", "id"]),
    ):
        op.create_index(name, "orders", columns)
    op.create_index(
        "orders_by_contract_no",
        "orders",
        ["contract_no"],
        postgresql_where=sa.text("contract_no <> ''"),
    )
    op.create_index("order_lines_by_pid", "order_lines", ["pid", "order_id"])
    for table in ("orders", "order_lines"):
        op.execute(
            f"CREATE POLICY {table}_alike ON {table} FOR SELECT TO ordering_owner USING (true)"
        )
    op.execute(ALIKE)
    op.execute("REVOKE ALL ON FUNCTION orders_alike FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION orders_alike TO ordering_app, ordering_staff")
