"""Whose an order is stands beside its words, so that others' orders are not looked at in vain.

What an enterprise looks for may be on ten thousand orders of others, and on none of its own: each
of them was fetched to see that it is not the enterprise's.
"""

from alembic import op

revision = "0025_whose_words"
down_revision = "0024_which_invoice"

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
"""From every character of a word, or the blank before it, four of them; and whose the order is."""

LOOKED_UP = r"""
    CREATE OR REPLACE FUNCTION looked_up(
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
    op.execute("DROP INDEX order_words_by_part")
    op.execute("DROP FUNCTION parts_of")
    op.execute(PARTS_OF)
    op.execute(
        "CREATE INDEX order_words_by_part ON order_words"
        " USING gin (parts_of(week_of(order_id), words, enterprise, owner))"
        " WITH (gin_pending_list_limit = 256)"
    )
    op.execute(LOOKED_UP)
