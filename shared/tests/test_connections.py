"""What a database that stands still leaves behind: nothing."""

import gc
import select
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from shared import connections
from shared.connections import engine_of, is_away
from shared.sql import run
from shared.storage import EVERYTHING, Database
from shared.testing import LONG, eventually, widgets
from shared.testing.databases import Databases


@pytest.fixture
def _no_collector() -> Iterator[None]:
    """A busy process looks for cycles seldom (`shared.garbage`)."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collector")
def test_a_connection_that_is_not_accepted_in_time_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "CONNECT_LIMIT", 2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        engine = engine_of(f"postgresql+psycopg://a@127.0.0.1:{mute.getsockname()[1]}/a", "a", 1)
        with pytest.raises(sa.exc.OperationalError) as away:
            engine.connect()
        assert is_away(away.value)
        other_end, _ = mute.accept()
        with other_end:
            other_end.settimeout(LONG)
            while other_end.recv(4096):
                """What was said before it was given up."""


def test_who_was_cut_off_for_standing_still_in_a_transaction_may_try_again(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "IDLE_LIMIT", 1)
    database: Database = databases(widgets.service, tables=widgets.mapper.metadata)

    def waits_too_long() -> None:
        with database.transaction(EVERYTHING) as tx:
            run(tx, "select 1")
            driver = tx.connection().connection.driver_connection
            assert driver
            eventually(lambda: was_told(driver.fileno()))
            run(tx, "select 1")

    with pytest.raises(sa.exc.DBAPIError) as cut:
        waits_too_long()
    assert is_away(cut.value)


def was_told(number: int) -> bool:
    """Whether something was said to this end of a connection."""
    return bool(select.select([number], [], [], 0)[0])
