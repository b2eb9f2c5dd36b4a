"""A PostgreSQL of one's own starts, stops, comes back, and is nobody else's."""

import hashlib
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared import postgres
from shared.postgres import PostgresDidNotStart, Server


@pytest.fixture
def folder() -> Iterator[Path]:
    """As short as can be: the name of a socket must not be long."""
    around = Path(tempfile.mkdtemp(prefix="millrun-"))
    yield around / "postgres"
    shutil.rmtree(around)


def ask(server: Server, question: str) -> object:
    engine = sa.create_engine(server.superuser_url, poolclass=sa.NullPool)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        result = connection.execute(sa.text(question))
        return result.scalar() if result.returns_rows else None


def test_it_keeps_its_data_and_is_found_again(folder: Path) -> None:
    server = postgres.start(folder)
    try:
        ask(server, "create table kept as select 42 as answer")
        again = postgres.start(folder)
        assert (again.pid, again.superuser_url) == (server.pid, server.superuser_url)
        server.stop(immediately=True)
        server = postgres.start(folder)
        assert ask(server, "select answer from kept") == 42
        assert ask(server, "show fsync") == "on"
    finally:
        server.stop()


def test_only_its_own_user_gets_in_and_no_port_is_open(folder: Path) -> None:
    server = postgres.start(folder, durable=False)
    try:
        assert ask(server, "show listen_addresses") == ""
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert ask(server, "show fsync") == "off"
    finally:
        server.stop()


def test_a_folder_with_a_long_name_has_its_socket_elsewhere(folder: Path) -> None:
    server = postgres.start(folder / ("long" * 30), durable=False)
    try:
        assert ask(server, "select 1") == 1
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.socket_folder)


def test_it_does_not_use_a_folder_somebody_else_prepared_for_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    long = folder / ("long" * 30)
    name = hashlib.sha256(str(long).encode()).hexdigest()[:12]
    (tmp_path / f"millrun-{name}").symlink_to("/etc")
    with pytest.raises(PostgresDidNotStart, match="belongs to somebody else"):
        postgres.start(long, durable=False)


def test_what_it_said_is_told_when_it_does_not_start(folder: Path) -> None:
    postgres.start(folder, durable=False).stop()
    (folder / "postgresql.conf").write_text("nonsense = 'yes'\n")
    with pytest.raises(PostgresDidNotStart, match="nonsense"):
        postgres.start(folder)
