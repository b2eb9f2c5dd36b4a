"""Orders are looked up by four characters of what they say, not by three.

Any three digits are in the numbers of one order in a hundred, so most of the orders that were
fetched for a longer number did not have it. There is no index more than before.
"""

from alembic import op

revision = "0019_longer_parts"
down_revision = "0018_covering"

PARTS_OF = """
    CREATE FUNCTION parts_of(week integer, words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_to_tsvector(ARRAY(
            SELECT week::text || substr(words, n, 4)
            FROM generate_series(1, length(words) - 2) AS n
            WHERE strpos(substr(words, n + 1, 2), ' ') = 0
        ))
    $$
"""
"""From every character of a word, or the blank before it, four of them: behind the week's number.

What is looked for has four characters, or it is three and begins one of these. With the week in
each, what many orders say is found a week at a time, from whichever end a list begins at.
"""

SHARES_OF = """
    CREATE FUNCTION shares_of(parts text[]) RETURNS TABLE (part text, share real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET max_parallel_workers_per_gather = 0 AS $$
        WITH sampled AS MATERIALIZED (
            SELECT words FROM order_words TABLESAMPLE system ((
                SELECT least(100, 1200 / greatest(relpages, 1)::real)
                FROM pg_class WHERE oid = 'order_words'::regclass
            )) REPEATABLE (0)
        )
        SELECT part, (
            SELECT coalesce(avg((strpos(words, part) > 0)::integer), 0)::real FROM sampled
        )
        FROM unnest(shares_of.parts) AS part
    $$
"""
"""In how many of some twelve pages of orders each part is: of anybody's, but nothing else of them.
"""

LOOKED_UP = """
    CREATE FUNCTION looked_up(
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
        SELECT string_agg(quoted, ' & ') INTO asked FROM (
            SELECT format('''#%s''', replace(replace(part, '\\', '\\\\'), '''', ''''''))
                || CASE WHEN length(part) < 4 THEN ':*' ELSE '' END AS quoted
            FROM (SELECT part, share, min(share) OVER () AS least FROM shares_of(parts)) AS shares
            WHERE share <= greatest(least, 0.03) ORDER BY share, part LIMIT 3
        ) AS telling;
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
"""Orders that say what is looked for, from the week `first` on or back, until there are so many.

Of its parts only those are asked for that few orders say: to intersect what nearly all of them say
takes longer than to look at the orders that say the others.
"""


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("DROP FUNCTION found_in")
    op.execute("DROP INDEX order_words_by_gram")
    op.execute("DROP FUNCTION grams_of")
    op.execute(PARTS_OF)
    op.execute(
        "CREATE INDEX order_words_by_part ON order_words"
        " USING gin (parts_of(week_of(order_id), words)) WITH (gin_pending_list_limit = 256)"
    )
    op.execute(SHARES_OF)
    op.execute("REVOKE ALL ON FUNCTION shares_of FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION shares_of TO ordering_app, ordering_staff")
    op.execute(LOOKED_UP)
