"""PostgreSQL of our own, with a migrated database for each service."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from deploy.local.keeper import Keeper
from deploy.local.progress import Progress
from deploy.local.state import State
from shared.errors import Unavailable


class NoPostgres(Unavailable):
    """PostgreSQL does not start. It says:

    {words}
    """

    fix = "Its log is {folder}/log."


class PostgresWentAway(Unavailable):
    """PostgreSQL does not answer any more while Millrun starts. What asked it was told:

    {words}
    """

    fix = (
        "Start Millrun again. If that does not help: the log of its own PostgreSQL is {folder}/log."
    )


@contextmanager
def there(state: State) -> Iterator[None]:
    """Refuse with PostgresWentAway what fails in the block because PostgreSQL was killed."""
    try:
        yield
    except Exception as error:
        if not is_gone(error):
            raise
        raise PostgresWentAway(words=str(error).strip()[-1000:], folder=state.postgres) from None


def is_gone(error: Exception) -> bool:
    """Whether `error` says that PostgreSQL does not answer."""
    import psycopg

    from shared.connections import is_away
    from shared.postgres import PostgresDidNotStart

    return is_away(error) or isinstance(error, psycopg.OperationalError | PostgresDidNotStart)


def databases(
    services: list[str], stack: ExitStack, state: State, progress: Progress
) -> dict[str, dict[str, str]]:
    """Return what each service is told of its database; PostgreSQL runs until `stack` closes.

    A service whose `…_DATABASE_URL` is given keeps it. Refuses with NoPostgres.
    """
    own = [name for name in services if f"{name.upper()}_DATABASE_URL" not in os.environ]
    told: dict[str, dict[str, str]] = {name: {} for name in services}
    if not own:
        return told
    from shared import postgres

    try:
        with progress.step("PostgreSQL"):
            stack.enter_context(_kept(state, progress))
    except postgres.PostgresDidNotStart as error:
        raise NoPostgres(words=error, folder=state.postgres) from None
    with progress.step("databases"):
        superuser_url = postgres.start(state.postgres).superuser_url
        return told | {name: _prepared(name, superuser_url) for name in own}


def _kept(state: State, progress: Progress) -> Keeper:
    from shared import postgres

    return Keeper(
        "postgres",
        state,
        progress,
        start=lambda: postgres.start(state.postgres).pid,
        stop=lambda: postgres.start(state.postgres).stop(),
    )


def _prepared(service: str, superuser_url: str) -> dict[str, str]:
    from shared.migrations import migrate, prepare

    access = prepare(superuser_url, service)
    migrate(service, access.owner_url)
    return {f"{service.upper()}_DATABASE_URL": access.app_url}
