"""What a database of before becomes: no price is lost on the way."""

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command

from services.catalog.queries.pricing import Buyer, prices
from services.catalog.service import service
from services.catalog.settings import CatalogSettings
from services.catalog.tests.builders import a_tier
from shared.ids import new_id
from shared.migrations import migrate, prepare
from shared.migrations.running import config
from shared.storage import Database, Scope

BEFORE = "0002_products_in_full"
MODULES = {
    "wr3e": [[1, "EUR", "2.40"], [1000, "EUR", "1.985"]],
    "cb2s": [[1, "EUR", "0.000000001"]],
    "yuan": [[1, "CNY", "14"]],
}
ENTER = sa.text(
    "INSERT INTO modules (id, version, sequence, module_id, display_name, description,"
    " price_tiers, minimum_quantity, packing_unit, lead_time_days, created_at)"
    " VALUES (:id, 1, 0, :module_id, 'A module', '', cast(:tiers AS jsonb), 1, 1, 0, now())"
)


@pytest.fixture
def old(postgres_server: str) -> Iterator[Database]:
    """A database as it was, filled, and then brought to the latest shape."""
    name = f"catalog_{new_id().hex}"
    access = prepare(postgres_server, "catalog", database=name)
    with sa.create_engine(access.owner_url, poolclass=sa.NullPool).connect() as connection:
        command.upgrade(config("catalog", connection), BEFORE)
        for module_id, tiers in MODULES.items():
            row = {"id": new_id(), "module_id": module_id, "tiers": json.dumps(tiers)}
            connection.execute(ENTER, row)
        connection.commit()
    migrate("catalog", access.owner_url)
    settings = CatalogSettings(currency="EUR")
    with Database(
        access.app_url, name="catalog", events=service.events, settings=settings
    ) as database:
        yield database
    engine = sa.create_engine(
        sa.make_url(postgres_server).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def test_the_prices_modules_had_stand_in_general_lists_of_their_currency(old: Database):
    with old.transaction(Scope(enterprise="acme")) as tx:
        found = prices(tx, Buyer(customer="acme"), [f"modules/{each}" for each in MODULES])
        lists = tx.execute(sa.text("SELECT currency, enterprise FROM price_lists ORDER BY 1"))
        assert [tuple(row) for row in lists] == [("CNY", ""), ("EUR", "")]

    assert found["modules/wr3e"].charge.tiers == (a_tier(1, "2.40"), a_tier(1000, "1.985"))
    assert found["modules/cb2s"].charge.tiers == (a_tier(1, "0.000000001"),)
    assert found["modules/wr3e"].price_list == found["modules/cb2s"].price_list
    assert "modules/yuan" not in found
