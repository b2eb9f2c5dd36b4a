"""A whole Millrun a profile, while tests need it, and people in it who are new a test."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.journal import Reading
from deploy.local.people import Api, Enterprise, Vendor
from deploy.local.people.enterprise import fresh
from deploy.local.pids import alive
from deploy.local.plan import Bus
from deploy.local.world import World, world
from e2e.stage import Stage, staged

SPLIT = pytest.param("split", marks=pytest.mark.rabbit)

_running: dict[str, ExitStack] = {}
_logs: dict[str, Path] = {}
_last: dict[str, pytest.Item] = {}
"""What runs, by profile, where it logs, and the last test that is told in it."""

LINES = 300
"""How much of what a world logged is shown beside a test that failed in it."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, on one worker, what is told in the same world."""
    for item in items:
        if told_in := _world_of(item):
            item.add_marker(pytest.mark.xdist_group(told_in))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Know the last test of each world."""
    _last.update({told_in: item for item in session.items if (told_in := _world_of(item))})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Show beside a test that failed what its world warned of meanwhile: the world is gone soon."""
    if (told_in := _world_of(item)) not in _logs:
        return (yield)
    log = Reading(_logs[told_in])
    try:
        return (yield)
    except Exception:
        item.add_report_section("call", "log of its world", "\n".join(log.worth_showing()[-LINES:]))
        raise


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """End a world after its last test: it would take a part of the machine from all the others."""
    told_in = _world_of(item)
    if _last.get(told_in) is item and told_in in _running:
        del _logs[told_in]
        _running.pop(told_in).close()


def _world_of(item: pytest.Item) -> str:
    """Return the profile a test is told in; nothing for one that needs no world."""
    told = getattr(item, "callspec", None)
    names = {told.params.get("stage") if told else None, *getattr(item, "fixturenames", ())}
    return next((each for each in ("split", "embedded") if each in names), "")


@pytest.fixture(scope="session")
def embedded() -> Iterator[World]:
    """Return a Millrun in one process; it is the tests' to look at, not to break."""
    yield from _runs("embedded", "local")


@pytest.fixture(scope="session")
def split() -> Iterator[World]:
    """Return a Millrun in many processes, with RabbitMQ; not to be broken either."""
    yield from _runs("split", "rabbitmq")


def _runs(told_in: str, bus: Bus) -> Iterator[World]:
    pids: dict[str, int] = {}
    with ExitStack() as stack:
        _running[told_in] = stack
        stack.callback(_insist_ended, pids)
        own = stack.enter_context(world(bus))
        stack.callback(lambda: pids.update(own.pids))
        _logs[told_in] = own.state.logs
        yield own


def _insist_ended(pids: dict[str, int]) -> None:
    """Insist that no process is left of a world that was stopped."""
    assert [name for name, pid in pids.items() if alive(pid)] == []


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
