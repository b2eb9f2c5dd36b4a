"""What few orders say of what is looked for is found out once a search, not with each look."""

from alembic import op

revision = "0023_telling"
down_revision = "0022_all_promised"

TELLING_OF = """
    CREATE FUNCTION telling_of(parts text[]) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET max_parallel_workers_per_gather = 0 AS $$
        WITH sampled AS MATERIALIZED (
            SELECT words FROM order_words TABLESAMPLE system ((
                SELECT least(100, 900 / greatest(relpages, 1)::real)
                FROM pg_class WHERE oid = 'order_words'::regclass
            )) REPEATABLE (0)
        ), counted AS (
            SELECT part, (
                SELECT coalesce(avg((strpos(words, part) > 0)::integer), 0) FROM sampled
            ) AS share
            FROM unnest(telling_of.parts) AS part
        )
        SELECT ARRAY(
            SELECT part FROM counted
            WHERE share <= greatest(0.03, (SELECT min(share) FROM counted))
            ORDER BY share, part LIMIT 3
        )
    $$
"""
"""Which parts few orders say, of anybody's: to intersect what nearly all of them say takes longer
than to look at the orders that say the others. Some nine pages of them tell, and nothing else of
them comes out."""

LOOKED_UP = """
    CREATE OR REPLACE FUNCTION looked_up(
        first integer, last integer, parts text[], patterns text[], space text, most integer
    )
    RETURNS TABLE (week integer, enterprise text, order_id uuid)
    LANGUAGE plpgsql STABLE ROWS 1000
    SET enable_seqscan = off SET max_parallel_workers_per_gather = 0
    SET plan_cache_mode = force_generic_plan AS $$
    #variable_conflict use_column
    DECLARE
        asked text;
        here integer := first;
        step integer := CASE WHEN last < first THEN -1 ELSE 1 END;
        rest integer := most;
        found integer;
    BEGIN
        SELECT string_agg(
            format('''#%s''', replace(replace(part, '\\', '\\\\'), '''', ''''''))
                || CASE WHEN length(part) < 4 THEN ':*' ELSE '' END, ' & '
        ) INTO asked FROM unnest(parts) AS part;
        WHILE rest > 0 AND (last - here) * step >= 0 LOOP
            RETURN QUERY
            SELECT here, enterprise, order_id FROM words_seen
            WHERE parts_of(week_of(order_id), words)
                    @@ replace(asked, '''#', '''' || here)::tsquery
                AND words LIKE ALL (patterns)
                AND (space = '' OR enterprise = space OR owner = space)
            LIMIT rest;
            GET DIAGNOSTICS found = ROW_COUNT;
            rest := rest - found;
            here := here + step;
        END LOOP;
    END $$
"""
"""Orders that say what is looked for, from the week `first` on or back, until there are so many."""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("DROP FUNCTION shares_of")
    op.execute(TELLING_OF)
    op.execute("REVOKE ALL ON FUNCTION telling_of FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION telling_of TO ordering_app, ordering_staff")
    op.execute(LOOKED_UP)
