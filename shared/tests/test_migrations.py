"""Every service's database comes to look as the service says, and nobody enters uninvited."""

import re
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shared.migrations import latest, migrate, models, prepare, running
from shared.migrations.__main__ import write
from shared.testing import widgets
from shared.testing.databases import Databases

SERVICES = sorted({path.parts[-4] for path in running.SERVICES.glob("*/migrations/versions/0*")})


def differences(owner_url: str, metadata: list[sa.MetaData]) -> list[Any]:
    with sa.create_engine(owner_url, poolclass=sa.NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))  # type: ignore[arg-type]


def unprotected(owner_url: str) -> list[str]:
    """Tables with an owner per row, that row-level security is not forced on."""
    question = """
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where a.attname = 'enterprise' and c.relkind = 'r' and c.relname <> 'outbox'
            and c.relnamespace = 'public'::regnamespace
            and not (c.relrowsecurity and c.relforcerowsecurity)
    """
    with sa.create_engine(owner_url, poolclass=sa.NullPool).connect() as connection:
        return list(connection.scalars(sa.text(question)))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_finds_the_tables_it_expects(service: str, databases: Databases) -> None:
    owner_url = databases.access(service).owner_url
    assert differences(owner_url, models(service)) == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_belongs_to_an_enterprise_is_protected(service: str, databases: Databases) -> None:
    assert unprotected(databases.access(service).owner_url) == []


LATER = {"ordering/0026_found_at_once": "0027_none_alike"}
"""A revision that comes later than its name says, as databases have it by that, and after which."""


@pytest.mark.parametrize("service", SERVICES)
def test_a_revision_is_called_as_its_file(service: str) -> None:
    files = running.versions(service).glob("[0-9]*.py")
    package = f"services.{service}.migrations.versions"
    before = None
    for file in sorted(files, key=lambda each: _place(service, each.stem)):
        assert re.fullmatch(r"\d{4}_\w+", file.stem)
        text = file.read_text()
        assert f'revision = "{file.stem}"' in text, f"{package}.{file.stem}"
        assert f"down_revision = {before!r}".replace("'", '"') in text
        before = file.stem


def _place(service: str, name: str) -> tuple[str, str]:
    after = LATER.get(f"{service}/{name}")
    return (after, name) if after else (name, "")


CHANGES_ROWS = re.compile(r"\bupdate \w+( \w)? set ", re.IGNORECASE)
CHANGED_NONE = {
    "contract/0003_why_it_ended": "0004_why_all_ended",
    "ordering/0007_promised": "0022_all_promised",
}
"""Revisions that saw nobody's rows, and those that did it after all."""


@pytest.mark.parametrize("service", SERVICES)
def test_a_revision_that_changes_rows_sees_them(service: str) -> None:
    for file in sorted(running.versions(service).glob("[0-9]*.py")):
        text = file.read_text()
        sees = "NO FORCE ROW LEVEL SECURITY" in text or "with all_rows(op" in text
        known = CHANGED_NONE.get(f"{service}/{file.stem}")
        assert sees or known or not CHANGES_ROWS.search(text), f"{service}: {file.stem}"
        assert not known or (file.parent / f"{known}.py").exists()


@pytest.fixture
def own_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of services with nothing in it but what the test puts there."""
    monkeypatch.setattr(running, "SERVICES", tmp_path)
    monkeypatch.setitem(sys.modules, "services.gizmos.store", widgets)
    return tmp_path


@pytest.fixture
def written(own_services: Path, postgres_server: str) -> Path:
    """The first revision of a service, written from its tables."""
    drop(postgres_server, "gizmos")
    return write("gizmos", "begin with gizmos", postgres_server)


def drop(postgres_server: str, database: str) -> None:
    engine = sa.create_engine(postgres_server, poolclass=sa.NullPool)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as superuser:
        superuser.execute(sa.text(f"drop database if exists {database}"))


def test_the_first_revision_makes_what_the_service_says(
    written: Path, postgres_server: str
) -> None:
    access = prepare(postgres_server, "gizmos", database="gizmos_elsewhere")
    assert latest("gizmos") == "0001_begin_with_gizmos" == written.stem
    assert migrate("gizmos", access.owner_url)
    assert not migrate("gizmos", access.owner_url)
    assert differences(access.owner_url, models("gizmos")) == []
    assert unprotected(access.owner_url) == []


def test_a_database_that_is_ready_is_left_alone_without_reading_revisions(
    written: Path, postgres_server: str
) -> None:
    owner_url = prepare(postgres_server, "gizmos", database="gizmos_ready").owner_url
    migrate("gizmos", owner_url)
    written.write_text("raise AssertionError('it was read')")
    assert not migrate("gizmos", owner_url)


def test_a_revision_that_fails_leaves_nothing(written: Path, postgres_server: str) -> None:
    owner_url = prepare(postgres_server, "gizmos", database="gizmos_broken").owner_url
    whole = written.read_text()
    written.write_text(whole + "    op.execute('select 1/0')\n")
    with pytest.raises(sa.exc.DataError):
        migrate("gizmos", owner_url)
    written.write_text(whole)
    assert migrate("gizmos", owner_url)


def test_a_table_without_protection_would_be_noticed(databases: Databases) -> None:
    databases(widgets.service, tables=widgets.mapper.metadata)
    owner_url = databases.access("widgets").owner_url
    assert unprotected(owner_url) == []
    with sa.create_engine(owner_url, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.text("create table open_to_all (enterprise text)"))
    try:
        assert unprotected(owner_url) == ["open_to_all"]
    finally:
        with sa.create_engine(owner_url, poolclass=sa.NullPool).begin() as connection:
            connection.execute(sa.text("drop table open_to_all"))


def test_preparing_again_changes_nothing(postgres_server: str) -> None:
    first = prepare(postgres_server, "sprockets")
    assert prepare(postgres_server, "sprockets") == first


def test_one_service_does_not_get_into_the_database_of_another(postgres_server: str) -> None:
    ours = prepare(postgres_server, "sprockets").app_url
    prepare(postgres_server, "cogs")
    theirs = sa.make_url(ours).set(database="cogs", drivername="postgresql")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(theirs.render_as_string(hide_password=False))


def test_passwords_are_set_when_given(postgres_server: str) -> None:
    access = prepare(postgres_server, "cogs", app_password="o'pen", owner_password="sesame")
    assert sa.make_url(access.app_url).password == "o'pen"
    assert sa.make_url(access.owner_url).password == "sesame"
    with sa.create_engine(postgres_server, poolclass=sa.NullPool).connect() as superuser:
        kept = superuser.scalar(
            sa.text("select rolpassword from pg_authid where rolname='cogs_app'")
        )
    assert str(kept).startswith("SCRAM-SHA-256$")


def test_every_service_with_tables_has_migrations() -> None:
    stores = {path.parent.name for path in running.SERVICES.glob("*/store*")}
    assert stores <= set(SERVICES)
