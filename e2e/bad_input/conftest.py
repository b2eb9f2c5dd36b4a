"""A target for all that is wrong, and proof after each test that it is as it was."""

from collections.abc import Iterator
from typing import Any

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


@pytest.fixture(scope="module")
def as_it_was() -> list[dict[str, Any]]:
    """Return what the test before this one left, if that stored nothing: to read it takes long."""
    return []


@pytest.fixture(autouse=True)
def _forgotten(request: pytest.FixtureRequest, as_it_was: list[dict[str, Any]]) -> None:
    """Forget what was there before a test that may store something."""
    if "nothing_stored" not in request.fixturenames:
        as_it_was.clear()


@pytest.fixture
def nothing_stored(target: Target, as_it_was: list[dict[str, Any]]) -> Iterator[None]:
    """Fail if anything is other than before; what a test leaves is what the next one finds."""
    before = as_it_was.pop() if as_it_was else target.everything()
    yield
    after = target.everything()
    assert after == before
    as_it_was.append(after)
