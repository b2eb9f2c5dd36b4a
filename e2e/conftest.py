"""A whole Millrun a profile, for the length of the run, and people in it who are new a test."""

from collections.abc import Callable, Iterator

import pytest

from deploy.local.people import Api, Enterprise, Vendor
from deploy.local.people.enterprise import fresh
from deploy.local.world import World, world
from e2e.stage import Stage, staged

SPLIT = pytest.param("split", marks=pytest.mark.rabbit)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, on one worker, what is told in the same world."""
    for item in items:
        told = getattr(item, "callspec", None)
        names = {told.params.get("stage") if told else None, *getattr(item, "fixturenames", ())}
        if world := next((each for each in ("split", "embedded") if each in names), ""):
            item.add_marker(pytest.mark.xdist_group(world))


@pytest.fixture(scope="session")
def embedded() -> Iterator[World]:
    """Return a Millrun in one process; it is the tests' to look at, not to break."""
    with world("local") as it:
        yield it


@pytest.fixture(scope="session")
def split() -> Iterator[World]:
    """Return a Millrun in many processes, with RabbitMQ; not to be broken either."""
    with world("rabbitmq") as it:
        yield it


@pytest.fixture(scope="session", params=["embedded", SPLIT])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Return what is there before a scenario begins, on either profile."""
    with staged(request.getfixturevalue(request.param)) as it:
        yield it


@pytest.fixture(scope="session")
def one_stage(embedded: World) -> Iterator[Stage]:
    """Return the same for what does not depend on the profile."""
    with staged(embedded) as it:
        yield it


@pytest.fixture
def api(stage: Stage) -> Api:
    """Return the public API."""
    return stage.api


@pytest.fixture
def vendor(stage: Stage) -> Vendor:
    """Return the vendor's people."""
    return stage.vendor


@pytest.fixture
def firmware(stage: Stage) -> str:
    """Return a released firmware version."""
    return stage.firmware


@pytest.fixture
def founded(stage: Stage) -> Callable[..., Enterprise]:
    """Return what founds and certifies an enterprise nobody knows yet."""

    def found(legal_name: str = "Nordlicht Home", **about: object) -> Enterprise:
        made = Enterprise.registers(stage.api, **{**fresh(legal_name), **about})
        return made.is_certified_by(stage.vendor)

    return found


@pytest.fixture
def brand(founded: Callable[..., Enterprise]) -> Enterprise:
    """Return a certified brand owner."""
    return founded()
