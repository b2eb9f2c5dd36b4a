"""Bringing a database to the latest shape of its service.

The revisions of a service are one line of files, `services/<name>/migrations/versions/0001_….py`,
and a revision is called as its file: so the last file name is the latest shape, known without
reading any of them.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import registry

from shared.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
SERVICES = HERE.parent.parent / "services"
ONE_AT_A_TIME = 0x6D696C6C
"""The advisory lock of whoever migrates a database."""


def versions(service: str) -> Path:
    """Return the folder of the revisions of `service`."""
    return SERVICES / service / "migrations" / "versions"


def latest(service: str) -> str:
    """Return the latest revision of `service`, empty if it has none."""
    return max((path.stem for path in versions(service).glob("[0-9]*.py")), default="")


def migrate(service: str, owner_url: str) -> bool:
    """Bring the database at `owner_url` to the latest shape of `service`; whether it was not yet.

    Each revision is a transaction of its own. Does nothing, quickly, when there is nothing to do;
    waits for whoever migrates the same database at the same time.
    """
    called = {"application_name": f"millrun-{service}-migrate"}
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool, connect_args=called)
    with engine.connect() as connection:
        if _revision(connection) == latest(service):
            return False
        connection.execute(sa.select(sa.func.pg_advisory_lock(ONE_AT_A_TIME)))
        connection.commit()
        from alembic import command  # Not needed, so not paid for, by a database that is ready.

        command.upgrade(config(service, connection), "head")
    return True


def models(service: str) -> list[sa.MetaData]:
    """Return what `service` says its tables are, the ones all services have among them."""
    store = vars(import_module(f"services.{service}.store")).values()
    mapped = [each.metadata for each in store if isinstance(each, registry)]
    plain = [each for each in store if isinstance(each, sa.MetaData)]
    return list(dict.fromkeys([metadata, *mapped, *plain]))


def config(service: str, connection: sa.Connection) -> "Config":
    """Return what Alembic needs to know to migrate `service` over `connection`."""
    from alembic.config import Config

    settings = Config(attributes={"connection": connection, "service": service})
    settings.set_main_option("script_location", str(HERE))
    settings.set_main_option("path_separator", "newline")
    settings.set_main_option("version_locations", str(versions(service)))
    return settings


def _revision(connection: sa.Connection) -> str:
    with connection.begin():
        if connection.scalar(sa.text("select to_regclass('alembic_version')")) is None:
            return ""
        return connection.scalar(sa.text("select version_num from alembic_version")) or ""
