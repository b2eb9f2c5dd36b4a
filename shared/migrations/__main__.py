"""Write the next revision of a service: `python -m shared.migrations ordering "orders may expire"`.

What differs between the service's tables and what its revisions make of an empty database is
written down, new tables with their row-level security; read it and finish it by hand.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations

from shared import postgres
from shared.migrations.operations import infrastructure
from shared.migrations.roles import prepare
from shared.migrations.running import config, latest, migrate, versions


@click.command()
@click.argument("service")
@click.argument("what")
def main(service: str, what: str) -> None:
    """Write the next revision of SERVICE, called as WHAT it does."""
    folder = Path(tempfile.mkdtemp(prefix="millrun-"))
    server = postgres.start(folder / "postgres", durable=False)
    try:
        click.echo(write(service, what, server.superuser_url))
    finally:
        server.stop()
        shutil.rmtree(folder)


def write(service: str, what: str, superuser_url: str) -> Path:
    """Write the next revision of `service`, with the help of a scratch database; return where."""
    before, words = latest(service), re.sub(r"\W+", "_", what.lower()).strip("_")
    name = f"{int(before[:4] or 0) + 1:04}_{words}"
    versions(service).mkdir(parents=True, exist_ok=True)
    owner_url = prepare(superuser_url, service).owner_url
    migrate(service, owner_url)
    with sa.create_engine(owner_url, poolclass=sa.NullPool).connect() as connection:
        if not before:
            infrastructure(Operations(MigrationContext.configure(connection)), service)
            connection.commit()
        settings = config(service, connection)
        settings.attributes["compare"] = True
        settings.set_main_option("file_template", "%%(rev)s")
        command.revision(settings, what, autogenerate=True, rev_id=name)
    path = versions(service) / f"{name}.py"
    for tidy in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, str(path)], check=False)
    return path


if __name__ == "__main__":
    main()
