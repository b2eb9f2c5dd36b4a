"""From the commit of a change to the commit of what another service made of it.

PostgreSQL itself says when each was committed, on one clock: nothing polls, nothing is guessed.
"""

import signal
from collections.abc import Sequence

import psycopg

from deploy.local.world import World
from e2e.load.rows import conninfo, superuser_of
from shared.testing.waits import eventually

_SUBMITTED = """
    select order_id::text, extract(epoch from pg_xact_commit_timestamp(xmin))
    from order_snapshots
"""
"""A snapshot is written by the submission and never again."""

_IN_FEED = """
    select split_part("order", '/', 4), extract(epoch from pg_xact_commit_timestamp(xmin))
    from feed where type = 'ordering.order.submitted'
"""


def date_commits(world: World) -> None:
    """Let PostgreSQL note when each transaction was committed, from now on."""
    with psycopg.connect(conninfo(superuser_of(world), "postgres"), autocommit=True) as connection:
        connection.execute("alter system set track_commit_timestamp = on")
    world.kill("postgres", signal.SIGINT)
    world.start("postgres")


def delays(world: World, orders: Sequence[str]) -> list[float]:
    """Return the seconds from submission to feed, once all of `orders` are in the feed."""
    superuser, wanted = superuser_of(world), {name.rpartition("/")[2] for name in orders}

    def all_heard() -> dict[str, float]:
        heard = _times(conninfo(superuser, "notification"), _IN_FEED)
        assert wanted <= heard.keys(), f"{len(wanted - heard.keys())} are missing"
        return heard

    heard = eventually(all_heard, within=60)
    told = _times(conninfo(superuser, "ordering"), _SUBMITTED)
    return [heard[order] - told[order] for order in wanted]


def _times(url: str, query: str) -> dict[str, float]:
    with psycopg.connect(url) as connection:
        return {order: float(at) for order, at in connection.execute(query) if at is not None}
