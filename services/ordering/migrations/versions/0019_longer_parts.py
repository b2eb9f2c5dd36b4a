"""Orders are looked up by four characters of what they say, not by three.

Any three digits are in the numbers of one order in a hundred, so most of the orders that were
fetched for a longer number did not have it. There is no index more than before.
"""

from alembic import op

revision = "0019_longer_parts"
down_revision = "0018_covering"

PARTS_OF = """
    CREATE FUNCTION parts_of(week integer, words text, enterprise text, owner text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_to_tsvector(ARRAY(
            SELECT week::text || substr(words, n, 4)
            FROM generate_series(1, length(words) - 2) AS n
            WHERE strpos(substr(words, n + 1, 2), ' ') = 0
            UNION ALL VALUES (week::text || '@' || enterprise), (week::text || '@' || owner)
        ))
    $$
"""
"""From every character of a word, or the blank before it, four of them: behind the week's number.

What is looked for has four characters, or it is three and begins one of these. With the week in
each, what many orders say is found a week at a time, from whichever end a list begins at. Whose an
order is stands beside, so that others' orders are not fetched to see that they are theirs.
"""

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

LOOKED_UP = r"""
    CREATE FUNCTION looked_up(
        first integer, last integer, parts text[], patterns text[], space text, most integer
    )
    RETURNS TABLE (week integer, enterprise text, order_id uuid)
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
            SELECT here, enterprise, order_id FROM words_seen
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
"""Orders that say what is looked for, from the week `first` on or back, until there are so many."""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("DROP FUNCTION found_in")
    op.execute("DROP INDEX order_words_by_gram")
    op.execute("DROP FUNCTION grams_of")
    op.execute(PARTS_OF)
    op.execute(
        "CREATE INDEX order_words_by_part ON order_words"
        " USING gin (parts_of(week_of(order_id), words, enterprise, owner))"
        " WITH (gin_pending_list_limit = 256)"
    )
    op.execute(TELLING_OF)
    op.execute("REVOKE ALL ON FUNCTION telling_of FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION telling_of TO ordering_app, ordering_staff")
    op.execute(LOOKED_UP)
