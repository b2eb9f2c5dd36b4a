"""A target for all that is wrong, and proof after each test that it is as it was."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import psycopg
import pytest

from deploy.local.world import World
from e2e.bad_input.resting import at_rest
from e2e.bad_input.routes import Route, routes
from e2e.bad_input.target import Target
from e2e.load.rows import conninfo, superuser_of
from e2e.stage import Stage

Written = Callable[[int], tuple[int, bool]]
NEVER = 2**62
"""No transaction has such a number."""

_WRITTEN = """
    select following, exists(
        select from generate_series(%s, following - 1) each
        where pg_xact_status(each::text::xid8) = 'committed')
    from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint following)
"""


class AsItWas(NamedTuple):
    """All that was stored, and the number of the transaction that was to write next."""

    following: int
    everything: dict[str, Any]


@pytest.fixture(scope="package")
def target(one_stage: Stage) -> Target:
    """Return two enterprises with something of everything."""
    return Target.set_up(one_stage)


@pytest.fixture(scope="package")
def every_route(target: Target) -> list[Route]:
    """Return every route."""
    return routes(target.api.url)


@pytest.fixture(scope="module")
def as_it_was() -> list[AsItWas]:
    """Return what the test before this one left, if that stored nothing: to read it takes long."""
    return []


@pytest.fixture(autouse=True)
def _forgotten(request: pytest.FixtureRequest, as_it_was: list[AsItWas]) -> None:
    """Forget what was there before a test that may store something."""
    if "nothing_stored" not in request.fixturenames:
        as_it_was.clear()


@pytest.fixture(scope="package")
def written(embedded: World) -> Iterator[Written]:
    """Return what tells, a number after which a transaction follows, what the next one will be
    and whether any in between wrote something and kept it.
    """
    url = conninfo(superuser_of(embedded), "postgres")
    with psycopg.connect(url, autocommit=True) as connection:

        def since(number: int) -> tuple[int, bool]:
            [(following, kept)] = connection.execute(_WRITTEN, [number])
            return following, kept

        yield since


@pytest.fixture
def nothing_stored(target: Target, as_it_was: list[AsItWas], written: Written) -> Iterator[None]:
    """Fail if anything is other than before; what a test leaves is what the next one finds.

    Where no transaction wrote anything and kept it there is nothing to look for.
    """
    if not as_it_was:
        following, _ = written(NEVER)
        as_it_was.append(AsItWas(following, at_rest(target)))
    before = as_it_was.pop()
    yield
    following, kept = written(before.following)
    after = AsItWas(following, target.everything() if kept else before.everything)
    assert after.everything == before.everything
    as_it_was.append(after)
