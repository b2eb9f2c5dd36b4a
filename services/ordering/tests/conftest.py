"""Ordering, ready to be asked."""

from pathlib import Path

import pytest

from services.ordering.passport_keys import generate
from services.ordering.tests.desk import Desk
from shared.testing.databases import Databases
from shared.testing.serving import Peer, Serving


@pytest.fixture(scope="session")
def passport_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a key made for this run."""
    folder = tmp_path_factory.mktemp("passports")
    generate(folder)
    return folder


@pytest.fixture
def desk(databases: Databases, serving: Serving, peer: Peer, passport_keys: Path) -> Desk:
    return Desk(databases, serving, peer, passport_keys)
