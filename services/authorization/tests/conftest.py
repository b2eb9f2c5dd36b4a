"""Authorization, ready to be asked."""

from pathlib import Path

import pytest

from services.authorization.tests.office import Office
from shared.testing.databases import Databases
from shared.testing.serving import Serving


@pytest.fixture
def office(databases: Databases, serving: Serving, keys_folder: Path) -> Office:
    return Office(databases, serving, keys_folder)
