"""Connections are used again as they are, by one at a time, and never when they are spoilt."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from shared.connections import engine_of
from shared.lending import Lending
from shared.sql import run
from shared.storage import EVERYTHING, NOTHING, Database
from shared.testing import LONG, widgets
from shared.testing.databases import Databases
from shared.testing.widgets import Widget

SIZE = 2


@pytest.fixture
def lending(databases: Databases) -> Iterator[Lending]:
    url = databases.access("widgets", widgets.mapper.metadata).app_url
    lending = Lending(engine_of(url, "widgets", SIZE))
    yield lending
    lending.close()


def who(connection: sa.Connection) -> int:
    """Return the process that answers at the other end."""
    return int(run(connection, "select pg_backend_pid()")[0][0])


def cut_off(process: int, databases: Databases) -> None:
    with sa.create_engine(databases.superuser_url, poolclass=sa.NullPool).connect() as superuser:
        assert superuser.scalar(sa.select(sa.func.pg_terminate_backend(process)))


def borrowed(lending: Lending) -> int:
    with lending.lend() as connection:
        return who(connection)


def test_what_was_used_last_is_used_next(lending: Lending) -> None:
    first, second = lending.borrow(), lending.borrow()
    assert first is not second
    assert lending.lent == SIZE
    lending.give_back(second)
    lending.give_back(first)
    assert lending.lent == 0
    assert lending.borrow() is first


def test_who_waits_is_given_the_next_that_comes_back(lending: Lending) -> None:
    connections = [lending.borrow() for _ in range(SIZE)]
    known = {who(each) for each in connections}
    with ThreadPoolExecutor(SIZE) as pool:
        waiting = [pool.submit(borrowed, lending) for _ in range(SIZE)]
        for each in connections:
            lending.give_back(each)
        assert {each.result() for each in waiting} <= known


def test_after_a_rest_it_is_asked_whether_it_lives(
    lending: Lending, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = borrowed(lending)
    cut_off(cut, databases)
    monkeypatch.setattr("shared.connections.IDLE_BEFORE_CHECK", 0)
    assert borrowed(lending) != cut


def test_one_that_was_lost_is_not_lent_again(lending: Lending, databases: Databases) -> None:
    with lending.lend() as connection:
        cut = who(connection)
        cut_off(cut, databases)
        with pytest.raises(sa.exc.DBAPIError):
            who(connection)
    assert borrowed(lending) != cut


def test_when_one_was_lost_all_others_are_asked_whether_they_live(
    lending: Lending, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is started again cuts off all of them, and one borrower has to find out."""
    monkeypatch.setattr("shared.connections.IDLE_BEFORE_CHECK", LONG)  # nobody rests that long
    both = lending.borrow(), lending.borrow()
    cut = {who(each) for each in both}
    for each in both:
        lending.give_back(each)
    for process in cut:
        cut_off(process, databases)
    with lending.lend() as connection, pytest.raises(sa.exc.DBAPIError):
        who(connection)
    assert borrowed(lending) not in cut
    assert lending.lent == 0


def test_an_old_one_is_replaced(lending: Lending, monkeypatch: pytest.MonkeyPatch) -> None:
    old = borrowed(lending)
    assert borrowed(lending) == old
    pool = lending._engine.pool
    monkeypatch.setattr(pool, "_recycle", 0)
    monkeypatch.setattr("shared.connections.LIFETIME", 0)
    assert borrowed(lending) == old  # known to be old only when it comes back
    assert borrowed(lending) != old


def test_one_left_in_a_transaction_is_not_lent_as_it_is(lending: Lending) -> None:
    with lending.lend() as connection:
        run(connection, "begin")
        run(connection, "set local app.enterprise = 'acme'")
    with lending.lend() as connection:
        setting = run(connection, "select current_setting('app.enterprise', true)")
        assert setting[0][0] in ("", None)


def test_one_may_be_closed_instead_of_given_back(lending: Lending) -> None:
    with lending.lend() as connection:
        connection.close()
    assert lending.lent == 0
    assert borrowed(lending)


def test_when_it_is_over_nothing_stays_open(lending: Lending) -> None:
    out, here = lending.borrow(), lending.borrow()
    lending.give_back(here)
    lending.close()
    assert here.closed
    lending.give_back(out)
    assert out.closed


def test_a_session_kept_too_long_finds_nothing(databases: Databases) -> None:
    database: Database = databases(widgets.service, tables=widgets.mapper.metadata)
    with database.transaction(EVERYTHING) as kept:
        kept.add(Widget("a"))
    with database.transaction(NOTHING):
        with pytest.raises(sa.exc.UnboundExecutionError):
            kept.scalars(sa.select(widgets.widgets.c.widget)).all()
        with pytest.raises(AttributeError):
            run(kept, "select widget from widgets")
    assert not kept.identity_map
