"""What orders say is kept with what lists of them are sorted by, in the order they were made.

A search that thousands of orders say, sorted by total, had each of these orders fetched to be
sorted; now it is sorted as it is found. And on the way along a list an order's words are looked up
by its id alone, so that the orders need not be fetched to see whose they are. A new order's words
go to the end of their key now, not anywhere into it. There is no index more than before.
"""

from alembic import op

from shared.migrations.operations import all_rows, protect

revision = "0025_sorted_words"
down_revision = "0024_alike_at_once"

MINE = "nullif(current_setting('app.enterprise', true), '')"
SEEN = f"""
    CREATE VIEW words_seen AS
    SELECT enterprise, owner, order_id, total_key, placed_at, words FROM order_words
    WHERE current_user = 'ordering_staff' OR enterprise = {MINE} OR owner = {MINE}
"""  # noqa: S608 (no input)

KEEP_WORDS = """
    CREATE OR REPLACE FUNCTION keep_order_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO order_words AS known
            (order_id, enterprise, owner, total_key, placed_at, words)
        VALUES (NEW.id, NEW.enterprise, NEW.owner, NEW.total_key, NEW.placed_at,
            words_of(NEW.enterprise, NEW.id, NEW.order_no, NEW.form))
        ON CONFLICT (order_id, enterprise) DO UPDATE
            SET owner = excluded.owner, total_key = excluded.total_key,
                placed_at = excluded.placed_at, words = excluded.words
            WHERE (known.owner, known.total_key, known.placed_at, known.words)
                <> (excluded.owner, excluded.total_key, excluded.placed_at, excluded.words);
        RETURN NULL;
    END
    $$
"""
TELLS = (
    "OLD.form <> NEW.form OR OLD.owner <> NEW.owner OR OLD.last_line_no <> NEW.last_line_no"
    " OR OLD.total_amount <> NEW.total_amount OR OLD.revision <> NEW.revision"
    " OR OLD.total_key <> NEW.total_key OR OLD.placed_at <> NEW.placed_at"
)
"""When an order may say other words than before, or be elsewhere in a list: its lines change with
its total or revision."""

LOOKED_UP = r"""
    CREATE FUNCTION looked_up(
        first integer, last integer, parts text[], patterns text[], space text, most integer
    )
    RETURNS TABLE (
        week integer, enterprise text, order_id uuid, total_key text, placed_at timestamptz
    )
    LANGUAGE plpgsql STABLE ROWS 1000
    SET enable_seqscan = off SET max_parallel_workers_per_gather = 0
    SET plan_cache_mode = force_generic_plan AS $$
    #variable_conflict use_column
    DECLARE
        asked text[] := ARRAY(
            SELECT replace(replace(part, '\', '\\'), '''', '''''') || ''''
                || CASE WHEN length(part) < 4 THEN ':*' ELSE '' END
            FROM unnest(parts) AS part
            UNION ALL SELECT '@' || replace(space, '''', '''''') || '''' WHERE space <> ''
        );
        here integer := first;
        step integer := CASE WHEN last < first THEN -1 ELSE 1 END;
        rest integer := most;
        found integer;
    BEGIN
        WHILE rest > 0 AND (last - here) * step >= 0 LOOP
            RETURN QUERY
            SELECT here, enterprise, order_id, total_key, placed_at FROM words_seen
            WHERE parts_of(week_of(order_id), words, enterprise, owner) @@ (
                    SELECT string_agg('''' || here || part, ' & ') FROM unnest(asked) AS part
                )::tsquery
                AND words LIKE ALL (patterns)
                AND (space = '' OR enterprise = space OR owner = space)
            LIMIT rest;
            GET DIAGNOSTICS found = ROW_COUNT;
            rest := rest - found;
            here := here + step;
        END LOOP;
    END $$
"""
"""As before, but it says too where in a list each order is that was found."""

TELLING_OF = """
    CREATE FUNCTION telling_of(asked text[], patterns text[], space text)
    RETURNS TABLE (parts text[], expected integer, share real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET max_parallel_workers_per_gather = 0 AS $$
        WITH known AS (
            SELECT greatest(relpages, 1)::real AS pages, greatest(reltuples, 0) AS orders
            FROM pg_class WHERE oid = 'order_words'::regclass
        ), sampled AS MATERIALIZED (
            SELECT words, space IN ('', enterprise, owner) AS is_theirs,
                words LIKE ALL (patterns) AS says_all
            FROM order_words
            TABLESAMPLE system ((SELECT least(100, 3600 / pages) FROM known)) REPEATABLE (0)
        ), counted AS (
            SELECT part, (
                SELECT coalesce(avg((strpos(words, part) > 0)::integer), 0) FROM sampled
            ) AS share
            FROM unnest(asked) AS part
        )
        SELECT ARRAY(
            SELECT part FROM counted
            WHERE share <= greatest(0.03, (SELECT min(share) FROM counted))
            ORDER BY share, part LIMIT 3
        ), (
            SELECT coalesce(avg((says_all AND is_theirs)::integer), 0) * (SELECT orders FROM known)
            FROM sampled
        )::integer, (SELECT coalesce(avg(says_all::integer), 0) FROM sampled)::real
    $$
"""
"""As before, of some 36 pages; and about how many orders say all the words: of an
enterprise, and which share of everybody's."""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("DROP VIEW words_seen")
    op.execute("DROP FUNCTION looked_up")
    op.execute("ALTER TABLE order_words RENAME TO order_words_before")
    op.execute("ALTER INDEX order_words_pkey RENAME TO order_words_before_pkey")
    op.execute(
        "CREATE TABLE order_words (order_id uuid NOT NULL, enterprise text NOT NULL,"
        ' owner text NOT NULL, total_key text COLLATE "C" NOT NULL,'
        " placed_at timestamptz NOT NULL, words text NOT NULL, PRIMARY KEY (order_id, enterprise))"
    )
    with all_rows(op, "orders", "order_words_before"):
        op.execute(
            "INSERT INTO order_words"
            " SELECT id, o.enterprise, o.owner, total_key, placed_at, words FROM orders AS o"
            " JOIN order_words_before AS w ON w.enterprise = o.enterprise AND w.order_id = o.id"
            " ORDER BY id"
        )
    op.execute("DROP TABLE order_words_before")
    op.execute(
        "CREATE INDEX order_words_by_part ON order_words"
        " USING gin (parts_of(week_of(order_id), words, enterprise, owner))"
        " WITH (gin_pending_list_limit = 256)"
    )
    protect(op, "order_words", "ordering")
    op.execute(
        "CREATE POLICY order_words_seen ON order_words FOR SELECT TO ordering_owner USING (true)"
    )
    op.execute(KEEP_WORDS)
    op.execute("DROP TRIGGER orders_keep_words_on_update ON orders")
    op.execute(
        "CREATE CONSTRAINT TRIGGER orders_keep_words_on_update AFTER UPDATE ON orders"
        f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({TELLS})"
        " EXECUTE FUNCTION keep_order_words()"
    )
    op.execute(SEEN)
    op.execute("GRANT SELECT ON words_seen TO ordering_app, ordering_staff")
    op.execute(LOOKED_UP)
    op.execute("DROP FUNCTION telling_of")
    op.execute(TELLING_OF)
    op.execute("REVOKE ALL ON FUNCTION telling_of FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION telling_of TO ordering_app, ordering_staff")
