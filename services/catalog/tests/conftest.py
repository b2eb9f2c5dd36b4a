"""Catalog, ready to be asked."""

import pytest

from services.catalog.tests.shop import Shop
from shared.testing.databases import Databases
from shared.testing.serving import Serving


@pytest.fixture
def shop(databases: Databases, serving: Serving) -> Shop:
    return Shop(databases, serving)
