"""What orders say is looked up in the statement that asks for it, and lists sorted by total are
read from their index alone.

As a function of its own it put aside what it had found, to be read again: of each of thousands of
orders, half of what it took. Now it is written so that PostgreSQL has it within the statement.

Which parts of the words few orders say was told by all orders of 36 pages, which were made within
36 half hours of two years: of what the orders of one month say they knew nothing. Of four times as
many pages every fourth order is looked at now.

A list that was cut by anything and sorted by total had each order fetched to see whether it fits.
There is no index more than before.
"""

from alembic import op

revision = "0026_found_at_once"
# Named before the two it follows: databases have it by this name, made by what those amount to.
down_revision = "0027_none_alike"

LOOKED_UP = r"""
    CREATE FUNCTION looked_up(
        first integer, last integer, parts text[], patterns text[], space text, most integer
    )
    RETURNS TABLE (
        week integer, enterprise text, order_id uuid, total_key text, placed_at timestamptz
    )
    LANGUAGE sql STABLE ROWS 1000 AS $$
        SELECT week, theirs.*
        FROM generate_series(first, last, CASE WHEN last < first THEN -1 ELSE 1 END) AS week,
            LATERAL (
                SELECT enterprise, order_id, total_key, placed_at FROM words_seen
                WHERE parts_of(week_of(order_id), words, enterprise, owner) @@ (
                        SELECT string_agg('''' || week || part, ' & ') FROM (
                            SELECT replace(replace(part, '\', '\\'), '''', '''''') || ''''
                                || CASE WHEN length(part) < 4 THEN ':*' ELSE '' END
                            FROM unnest(parts) AS part
                            UNION ALL
                            SELECT '@' || replace(space, '''', '''''') || '''' WHERE space <> ''
                        ) AS asked (part)
                    )::tsquery
                    AND words LIKE ALL (patterns)
                    AND (space = '' OR enterprise = space OR owner = space)
                OFFSET 0
            ) AS theirs
        LIMIT most
    $$
"""
"""As before, but without settings of its own, so that it becomes part of the statement. It goes
from week to week all the same, and stops when there are so many."""

COSTLY = "ALTER FUNCTION parts_of COST 10000"
"""What it takes is said, so that however few orders there are, they are not all looked through:
that was a setting of the function before."""

TELLING_OF = """
    CREATE OR REPLACE FUNCTION telling_of(asked text[], patterns text[], space text)
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
            TABLESAMPLE system ((SELECT least(100, 14400 / pages) FROM known)) REPEATABLE (0)
            WHERE uuid_hash(order_id) & 3 = 0
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
            ),
            (coalesce(avg((says_all AND is_theirs)::integer), 0) * (SELECT orders FROM known))
                ::integer,
            coalesce((count(*) FILTER (WHERE says_all AND is_theirs) + 1)
                / (count(*) FILTER (WHERE is_theirs) + 1 / nullif(avg(says_all::integer), 0)), 0)
                ::real
        FROM sampled
    $$
"""
"""As before, of every fourth order on some 144 pages; and the share is that of an enterprise's own
orders, where what all say counts as much as one of these."""

HELD = (
    "state, purpose, family, waiting_on, owner, order_no, placed_at, created_at, submitted_at,"
    " business_manager"
)
BY_TOTAL = {
    "orders_by_total": f"(total_key, id) INCLUDE ({HELD}, enterprise)",
    "orders_placed_by_total": f"(enterprise, total_key, id) INCLUDE ({HELD})",
    "orders_owned_by_total": (
        f"(other_owner, total_key, id) INCLUDE ({HELD}, enterprise) WHERE other_owner IS NOT NULL"
    ),
}


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.execute("DROP FUNCTION looked_up")
    op.execute(COSTLY)
    op.execute(LOOKED_UP)
    op.execute(TELLING_OF)
    for name, definition in BY_TOTAL.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON orders {definition}")
