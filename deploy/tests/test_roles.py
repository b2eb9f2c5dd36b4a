"""A database made on a cluster is open to exactly those who may open one made here."""

import os
import subprocess

import psycopg
import pytest
import sqlalchemy as sa

from deploy.charts import CHARTS
from shared import postgres
from shared.migrations import prepare

HERE, THERE = "made_here", "made_there"

SHAPE = """
    select r.rolname, rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,
           rolpassword is not null, array(
               select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
               where m.member = r.oid order by 1)
    from pg_authid r where r.rolname like %(like)s order by 1
"""
ACCESS = """
    select pg_get_userbyid(datdba), datacl::text[], (select nspacl::text[] from pg_namespace
        where nspname = 'public'), (select pg_get_userbyid(nspowner) from pg_namespace
        where nspname = 'public')
    from pg_database where datname = current_database()
"""


def made(superuser_url: str, service: str) -> str:
    """Return who may do what in the database of `service`, its name left out."""
    url = sa.make_url(superuser_url).set(drivername="postgresql", database=service)
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        roles = connection.execute(SHAPE, {"like": f"{service}\\_%"}).fetchall()
        access = connection.execute(ACCESS).fetchall()
    assert len(roles) == 3
    return repr([roles, access]).replace(service, "…")


def run_script(superuser_url: str) -> None:
    url = sa.make_url(superuser_url)
    place = {"PGHOST": str(url.query.get("host") or url.host), "PGPASSWORD": url.password or ""}
    if url.port:
        place["PGPORT"] = str(url.port)
    subprocess.run(
        [CHARTS / "postgres" / "files" / "roles.sh"],
        env={
            **os.environ,
            **place,
            "PATH": f"{postgres.BINARIES}:{os.environ['PATH']}",
            "POSTGRES_USER": url.username or "postgres",
            "SERVICES": THERE,
            "APP_PASSWORD": "app's",
            "OWNER_PASSWORD": "owner",
        },
        check=True,
    )


@pytest.fixture
def both(postgres_server):
    """The superuser's URL, while both databases are there."""
    prepare(postgres_server, HERE, app_password="app's", owner_password="owner")
    run_script(postgres_server)
    yield postgres_server
    url = sa.make_url(postgres_server).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        for service in (HERE, THERE):
            connection.execute(f"drop database {service}")
            for role in ("app", "staff", "owner"):
                connection.execute(f"drop role {service}_{role}")


def test_the_script_of_the_chart_makes_what_the_code_makes(both):
    assert made(both, THERE) == made(both, HERE)
