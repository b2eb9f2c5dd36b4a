"""Row-level security of every table, when every condition on the enterprise is forgotten."""

import psycopg
import pytest
import sqlalchemy as sa

from deploy.local.house import manifest, services
from e2e.tenants.decisions import NOBODYS, WRITTEN_FOR_ALL
from e2e.tenants.tables import filled, leaks, tables_of, unguard


@pytest.fixture(scope="module")
def connections(_databases):
    """Return a connection to each service's database, of the superuser, who stands above it."""
    opened = {}
    for service in services():
        _databases.access(manifest(service).name)
        url = sa.make_url(_databases.superuser_url).set(drivername="postgresql", database=service)
        opened[service] = psycopg.connect(url.render_as_string(False), autocommit=True)
    yield opened
    for connection in opened.values():
        connection.close()


@pytest.fixture(scope="module")
def tables(connections):
    """Return every table of every service."""
    return [
        table
        for service, connection in connections.items()
        for table in tables_of(connection, service)
    ]


def test_every_table_is_somebodys_or_nobodys(tables):
    open_to_all = {str(table) for table in tables if not table.key and table.rights}
    kept_by_all = {f"{service}.{name}" for service in services() for name in NOBODYS["*"]}
    known = {f"{service}.{name}" for service in services() for name in NOBODYS.get(service, {})}
    assert open_to_all - kept_by_all == known, "decisions.py says why its rows are nobody's"


def test_no_row_of_another_is_seen_or_touched_without_a_condition(connections, tables):
    wrong = {}
    for table in filter(is_somebodys, tables):
        with filled(connections[table.service], table):
            found = leaks(connections[table.service], table)
            if found and (table.name not in WRITTEN_FOR_ALL or found != ["adds"]):
                wrong[str(table)] = found
    assert wrong == {}


def test_a_table_without_its_policy_is_found(connections, tables):
    tried = [table for table in tables if is_somebodys(table) and table.rights]
    caught = []
    for table in tried:
        connection = connections[table.service]
        with filled(connection, table):
            unguard(connection, table)
            if leaks(connection, table):
                caught.append(table)
    assert caught == tried
    assert len(caught) >= 20


def test_the_tables_are_guarded(tables):
    readable = [table for table in tables if is_somebodys(table) and "SELECT" in table.rights]
    assert [str(table) for table in readable if not table.is_guarded] == []


def is_somebodys(table):
    """Whether its rows belong to an enterprise or an account."""
    return bool(table.key)
