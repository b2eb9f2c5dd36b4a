"""Real databases for tests: made once, emptied before each."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from shared.migrations import Access, migrate, prepare
from shared.migrations.operations import infrastructure, protect, share
from shared.service import Service
from shared.settings import ServiceSettings
from shared.storage import Database


class Databases:
    """Gives each test the databases it asks for, empty; `suffix` tells apart those of two runs."""

    def __init__(self, superuser_url: str, suffix: str = "") -> None:
        self.superuser_url, self._suffix = superuser_url, suffix
        self._ready: dict[str, Access] = {}
        self._cleaners: dict[str, psycopg.Connection] = {}
        self._open = ExitStack()
        self._emptied: set[str] = set()

    def __call__(
        self,
        service: Service,
        *,
        tables: sa.MetaData | None = None,
        settings: ServiceSettings | None = None,
    ) -> Database:
        """Return the database of `service`, migrated; empty the first time a test asks for it.

        A service that is only there for a test has no migrations; it names its `tables` instead.
        """
        access = self.access(service.name, tables)
        if service.name not in self._emptied:
            self._empty(service.name + self._suffix)
            self._emptied.add(service.name)
        settings = settings or service.settings(
            database_url=access.app_url, owner_database_url=access.owner_url
        )
        database = Database(
            access.app_url, name=service.name, events=service.events, settings=settings
        )
        return self._open.enter_context(database)

    def access(self, service: str, tables: sa.MetaData | None = None) -> Access:
        """Return where the database called `service` is, made and migrated if it was not yet."""
        if service not in self._ready:
            database = service + self._suffix
            access = prepare(self.superuser_url, service, database=database)
            if tables is None:
                migrate(service, access.owner_url)
            else:
                _create(service, access, tables)
            self._ready[service] = access
        return self._ready[service]

    def lent(self) -> "Iterator[Databases]":
        """Yield itself for one test, and take back what that opened."""
        self._emptied.clear()
        with ExitStack() as self._open:
            yield self

    def _empty(self, database: str) -> None:
        """Remove every row, over a connection that is kept: one costs more than what it does."""
        try:
            self._cleaner(database).execute(_EMPTY)
        except psycopg.OperationalError:  # the server was stopped, for a test
            self._cleaners.pop(database).close()
            self._cleaner(database).execute(_EMPTY)

    def superuser(self, service: str) -> psycopg.Connection:
        """Return who stands above every rule of a service's database, to break what is there."""
        return self._cleaner(service + self._suffix)

    def _cleaner(self, database: str) -> psycopg.Connection:
        if database not in self._cleaners:
            url = sa.make_url(self.superuser_url).set(drivername="postgresql", database=database)
            plain = url.render_as_string(False)
            self._cleaners[database] = psycopg.connect(plain, autocommit=True)
        return self._cleaners[database]

    def drop(self) -> None:
        """Remove the databases from a server that goes on after the tests."""
        url = sa.make_url(self.superuser_url).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(False), autocommit=True) as connection:
            for service in self._ready:
                name = psycopg.sql.Identifier(service + self._suffix)
                connection.execute(
                    psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
                )


def _create(service: str, access: Access, tables: sa.MetaData) -> None:
    engine = sa.create_engine(access.owner_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        infrastructure(op, service)
        tables.create_all(connection)
        for table in tables.tables.values():
            (protect if "enterprise" in table.c else share)(op, table.name, service)


_EMPTY = """
    do $$
    declare
        each regclass;
        large text[];
    begin
        perform set_config('session_replication_role', 'replica', true);
        for each in
            select oid from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r'
                and relname <> 'alembic_version' and pg_relation_size(oid) > 0
        loop
            if pg_relation_size(each) > 65536 then
                large := large || each::text;
            else
                execute format('delete from %s', each);
            end if;
        end loop;
        if large is not null then
            execute 'truncate ' || array_to_string(large, ', ') || ' cascade';
        end if;
        perform setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
        from pg_sequences where schemaname = 'public' and last_value is not null;
    end $$
"""
"""Removes every row, for a superuser: neither policies nor foreign keys stand in its way.

TRUNCATE makes the files of a table and of each of its indexes anew, which costs more than most
tests: it is for large tables only, and nothing is done about those with nothing in them.
"""
