"""The pytest plugin of every test here."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from shared import ids, postgres
from shared.testing.databases import Databases

pytest_plugins = [
    "shared.testing.broker",
    "shared.testing.callers",
    "shared.testing.chromium",
    "shared.testing.serving",
]

FILE = 100
"""Bytes; more are a file."""

# Whether a property holds is not to depend on how busy the machine is: an example had 0.2 s. Nor
# does a run of all tests look for examples nobody saw: --hypothesis-profile=seeking does.
settings.register_profile(
    "millrun", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "seeking", settings.get_profile("millrun"), derandomize=False, max_examples=1000
)
settings.load_profile("millrun")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, on one worker, what shares something dear: a broker, what a file sets up.

    First, because xdist reads the groups in a hook of the same name, and would find none.
    """
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            shared = "broker" if item.get_closest_marker("rabbit") else item.path.stem
            item.add_marker(pytest.mark.xdist_group(shared))


def pytest_collection_finish() -> None:
    """Have the garbage collector look at nothing again that was collected: it all stays."""
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Call a file by its argument's name: its bytes may say when it was made, and every worker of
    xdist makes its own, while all have to call the same test the same.
    """
    return argname if isinstance(val, bytes) and len(val) > FILE else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """Refuse to go on if xdist does not know what belongs together: all would be set up twice."""
    if node.config.getoption("dist") == "loadgroup" and any("@" not in each for each in ids):
        raise pytest.UsageError("xdist and pytest do not agree on groups: see pyproject.toml")


@pytest.fixture(autouse=True)
def _ids_of_today() -> Iterator[None]:
    """Have ids come from the present again, also after a test that travelled into the future."""
    yield
    ids._last = 0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Where the superuser of a real PostgreSQL connects: TEST_DATABASE_URL, or one of its own.

    Its own forgets everything if the machine stops, and is quicker for it.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="millrun-"))
    server = postgres.start(folder / "postgres", durable=False)
    yield server.superuser_url
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def _databases(postgres_server: str) -> Iterator[Databases]:
    given = "TEST_DATABASE_URL" in os.environ
    databases = Databases(postgres_server, suffix=f"_test_{os.getpid()}" if given else "")
    yield databases
    if given:
        databases.drop()


@pytest.fixture
def databases(_databases: Databases) -> Iterator[Databases]:
    """`databases(service)`: the service's database, migrated and empty."""
    yield from _databases.lent()
