"""A target for all that is wrong, and proof after each test that it is as it was."""

from collections.abc import Iterator

import pytest

from e2e.bad_input.routes import Route, routes
from e2e.bad_input.target import Target
from e2e.stage import Stage


@pytest.fixture(scope="package")
def target(one_stage: Stage) -> Target:
    """Return two enterprises with something of everything."""
    return Target.set_up(one_stage)


@pytest.fixture(scope="package")
def every_route(target: Target) -> list[Route]:
    """Return every route."""
    return routes(target.api.url)


@pytest.fixture
def nothing_stored(target: Target) -> Iterator[None]:
    """Fail if anything is other than before."""
    before = target.everything()
    yield
    assert target.everything() == before
