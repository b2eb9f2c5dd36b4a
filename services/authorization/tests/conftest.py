"""Authorization, ready to be asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from services.authorization import passwords
from services.authorization.tests.office import Office
from shared.testing.databases import Databases
from shared.testing.serving import Serving

OURS = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """Keep passwords in a way that costs nothing: most of a test's time would go into them."""
    with pytest.MonkeyPatch.context() as patched:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture
def as_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep passwords as they are kept where people sign in."""
    monkeypatch.setattr(passwords, "_hasher", OURS)


@pytest.fixture
def office(databases: Databases, serving: Serving, keys_folder: Path) -> Office:
    return Office(databases, serving, keys_folder)
