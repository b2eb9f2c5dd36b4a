"""Orders are listed by whatever people look for, a page at a time, however many there are."""

from alembic import op

from shared.migrations.operations import protect

revision = "0011_lists"
down_revision = "0010_suggestions"

MINE = "nullif(current_setting('app.enterprise', true), '')"
SAID = "coalesce(submitted_at, created_at)"
OF_OTHERS = "owner <> enterprise"
RARE = "family <> 'HARDWARE_MODULE'"

INDEXES = {
    "orders_by_total": ("total_key, id", ""),
    "orders_by_time": (f"{SAID}, id", ""),
    "orders_by_family": ("family, id", RARE),
    "orders_placed_by_state": ("enterprise, state, id", ""),
    "orders_placed_by_party": ("enterprise, waiting_on, id", ""),
    "orders_placed_by_purpose": ("enterprise, purpose, id", ""),
    "orders_placed_by_owner": ("enterprise, owner, id", ""),
    "orders_placed_by_total": ("enterprise, total_key, id", ""),
    "orders_placed_by_time": (f"enterprise, {SAID}, id", ""),
    "orders_placed_by_family": ("enterprise, family, id", RARE),
    "orders_placed_by_po": ("enterprise, po_key, id", ""),
    "orders_placed_by_batch": ("enterprise, batch_key, id", ""),
    "orders_placed_by_no": ("enterprise, order_no, id", ""),
    "orders_owned": ("owner, id", OF_OTHERS),
    "orders_owned_by_no": ("owner, order_no, id", OF_OTHERS),
    "orders_owned_by_state": ("owner, state, id", OF_OTHERS),
    "orders_owned_by_party": ("owner, waiting_on, id", OF_OTHERS),
    "orders_owned_by_purpose": ("owner, purpose, id", OF_OTHERS),
    "orders_owned_by_total": ("owner, total_key, id", OF_OTHERS),
    "orders_owned_by_time": (f"owner, {SAID}, id", OF_OTHERS),
    "orders_owned_by_family": ("owner, family, id", f"{OF_OTHERS} AND {RARE}"),
}
"""For everybody's orders, those an enterprise placed, and those others placed for its products."""

TOTAL_KEY = (
    "currency || lpad((least(total_amount, 900000000000000) * 10000)::bigint::text, 19, '0')"
)
"""A total as text that sorts by currency, then by amount: row-level security lets an index compare
texts, and not amounts."""

WEEK_OF = """
    CREATE FUNCTION week_of(id uuid) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT (('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 604800000)::integer
    $$
"""
"""An id begins with the moment it was made, in milliseconds (UUIDv7)."""

GRAMS_OF = """
    CREATE FUNCTION grams_of(week integer, words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT ARRAY(
            SELECT DISTINCT week::text || substr(words, n, 3)
            FROM generate_series(1, length(words) - 2) AS n
            WHERE strpos(substr(words, n + 1, 2), ' ') = 0
        )
    $$
"""
"""Every three characters of a word, or two and the blank before it, behind the number of the week.

With the week in each, what many orders say is found a week at a time, from the newest back, and no
search has to read all of them to show the first page.
"""

WORDS_OF = """
    CREATE FUNCTION words_of(enterprise text, id uuid, order_no text, form jsonb) RETURNS text
    LANGUAGE sql STABLE AS $$
        SELECT lower(normalize(concat_ws(' ', '', words_of.order_no, btrim(form->>'po_no'),
            btrim(form->>'customer_batch_no'), (
                SELECT string_agg(concat_ws(' ', pid, model), ' ' ORDER BY line_no)
                FROM order_lines AS l
                WHERE l.enterprise = words_of.enterprise AND l.order_id = words_of.id
            )), NFKC))
    $$
"""

KEEP_WORDS = """
    CREATE FUNCTION keep_order_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO order_words AS known (enterprise, order_id, owner, words)
        VALUES (NEW.enterprise, NEW.id, NEW.owner,
            words_of(NEW.enterprise, NEW.id, NEW.order_no, NEW.form))
        ON CONFLICT (enterprise, order_id) DO UPDATE
            SET owner = excluded.owner, words = excluded.words
            WHERE (known.owner, known.words) <> (excluded.owner, excluded.words);
        RETURN NULL;
    END
    $$
"""
TELLS = (
    "OLD.form <> NEW.form OR OLD.owner <> NEW.owner OR OLD.last_line_no <> NEW.last_line_no"
    " OR OLD.total_amount <> NEW.total_amount OR OLD.revision <> NEW.revision"
)
"""When an order may say other words than before: its lines change with its total or revision."""

SEEN = f"""
    CREATE VIEW words_seen AS
    SELECT enterprise, owner, order_id, words FROM order_words
    WHERE current_user = 'ordering_staff' OR enterprise = {MINE} OR owner = {MINE}
"""  # noqa: S608 (no input)""
"""What row-level security lets somebody see of `order_words`, said by a view.

Row-level security looks at every row before anything else does, and so before the index: an array
is not known to keep to itself what it was compared with. Orders themselves are read through it.
"""

FOUND_IN = """
    CREATE FUNCTION found_in(week integer, grams text[], space text)
    RETURNS TABLE (enterprise text, order_id uuid, words text)
    LANGUAGE plpgsql STABLE ROWS 20 SET enable_seqscan = off AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        SELECT enterprise, order_id, words FROM words_seen
        WHERE grams_of(week_of(order_id), words)
                @> ARRAY(SELECT found_in.week::text || gram FROM unnest(found_in.grams) AS gram)
            AND (space = '' OR enterprise = space OR owner = space);
    END $$
"""
"""Nobody can estimate how many orders of a week say something, and an estimate too high would have
all of them read; so this is a function, which is asked week by week."""

OF_ITS_PRODUCTS = f"nullif(owner = {MINE}, false) IS NOT NULL"
"""Whether an order is for somebody's products (R78), said so that it is taken to be so mostly.

As `owner = …` it was estimated as if it were yet another condition, and then five orders expected
where there are ten thousand: they were all read and sorted, to show the last fifty.
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for table in ("orders", "order_lines"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f'ALTER TABLE orders ADD total_key text COLLATE "C" NOT NULL'
        f" GENERATED ALWAYS AS ({TOTAL_KEY}) STORED"
    )
    op.execute("DROP INDEX orders_by_total")
    for name, (columns, where) in INDEXES.items():
        op.execute(
            f"CREATE INDEX {name} ON orders ({columns})" + (f" WHERE {where}" if where else "")
        )
    op.execute("CREATE INDEX order_lines_placed_by_pid ON order_lines (enterprise, pid, order_id)")
    _keep_words()
    _help_to_estimate()
    for table in ("orders", "order_lines"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _keep_words() -> None:
    op.execute(
        "CREATE TABLE order_words (enterprise text NOT NULL, order_id uuid NOT NULL,"
        " owner text NOT NULL, words text NOT NULL, PRIMARY KEY (enterprise, order_id))"
    )
    for statement in (WEEK_OF, GRAMS_OF, WORDS_OF, KEEP_WORDS):
        op.execute(statement)
    op.execute(
        "INSERT INTO order_words SELECT enterprise, id, owner,"
        " words_of(enterprise, id, order_no, form) FROM orders"
    )
    op.execute(
        "CREATE INDEX order_words_by_gram ON order_words"
        " USING gin (grams_of(week_of(order_id), words)) WITH (gin_pending_list_limit = 256)"
    )
    for event, when in (("INSERT", "true"), ("UPDATE", TELLS)):
        # At the end of the transaction, when the lines are written too.
        op.execute(
            f"CREATE CONSTRAINT TRIGGER orders_keep_words_on_{event.lower()} AFTER {event}"
            f" ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION keep_order_words()"
        )
    protect(op, "order_words", "ordering")
    op.execute(
        "CREATE POLICY order_words_seen ON order_words FOR SELECT TO ordering_owner USING (true)"
    )
    op.execute(SEEN)
    op.execute(FOUND_IN)
    op.execute("GRANT SELECT ON words_seen TO ordering_app, ordering_staff")


def _help_to_estimate() -> None:
    for table in ("orders", "order_lines"):
        op.execute(f"ALTER POLICY {table}_owner ON {table} USING ({OF_ITS_PRODUCTS})")
    op.execute("CREATE STATISTICS orders_whose (dependencies) ON enterprise, owner FROM orders")
    op.execute(
        "CREATE STATISTICS order_lines_whose (dependencies)"
        " ON enterprise, owner, pid FROM order_lines"
    )
