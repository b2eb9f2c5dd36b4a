"""The probe, ready to be asked."""

import pytest

from shared.storage import Database
from shared.testing.databases import Databases
from shared.testing.serving import Served, Serving
from shared.tests.probe.service import service
from shared.tests.probe.store import mapper


@pytest.fixture
def probe_database(databases: Databases) -> Database:
    return databases(service, tables=mapper.metadata)


@pytest.fixture
def probe(serving: Serving, probe_database: Database) -> Served:
    return serving(service, probe_database)
