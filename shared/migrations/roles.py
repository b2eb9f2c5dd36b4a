"""Who may open a service's database.

`<service>_owner` owns it and runs its migrations. `<service>_app` is the application: it owns
nothing, row-level security holds for it, and it inherits nothing. `<service>_staff` sees every
enterprise; the application becomes it, on purpose and for one transaction, for the vendor's own
people.
"""

from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from psycopg import sql

HUMBLE = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"


@dataclass(frozen=True)
class Access:
    """Where the two roles that sign in find the database."""

    app_url: str
    owner_url: str


def prepare(
    superuser_url: str,
    service: str,
    *,
    database: str = "",
    app_password: str = "",
    owner_password: str = "",
) -> Access:
    """Make the database of `service` and its roles, as far as they are not there.

    Passwords are set when given; a server on a private socket needs none. Raises psycopg.Error.
    """
    database = database or service
    url = sa.make_url(superuser_url)
    with psycopg.connect(_conninfo(url), autocommit=True) as connection:
        _make_role(connection, f"{service}_staff", "NOLOGIN", "")
        _make_role(connection, f"{service}_app", "LOGIN NOINHERIT", app_password)
        _make_role(connection, f"{service}_owner", "LOGIN", owner_password)
        _do(connection, "GRANT {} TO {}", f"{service}_staff", f"{service}_app")
        found = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(found, [database]).fetchone():
            _do(connection, "CREATE DATABASE {} OWNER {}", database, f"{service}_owner")
            _close_to_others(url.set(database=database), service, database)
    return Access(
        _login(url, f"{service}_app", app_password, database),
        _login(url, f"{service}_owner", owner_password, database),
    )


def _make_role(connection: psycopg.Connection, name: str, kind: str, password: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        _do(connection, f"CREATE ROLE {{}} {kind} {HUMBLE}", name)
    if password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )


def _close_to_others(url: sa.URL, service: str, database: str) -> None:
    app, staff, owner = (f"{service}_{role}" for role in ("app", "staff", "owner"))
    with psycopg.connect(_conninfo(url), autocommit=True) as connection:
        _do(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
        _do(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, app)
        _do(connection, "ALTER SCHEMA public OWNER TO {}", owner)
        _do(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _do(connection, "GRANT USAGE ON SCHEMA public TO {}, {}", app, staff)


def _do(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _login(url: sa.URL, role: str, password: str, database: str) -> str:
    login = url.set(username=role, password=password or None, database=database)
    return login.render_as_string(hide_password=False)


def _conninfo(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
