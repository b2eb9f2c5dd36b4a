"""Statements as the driver takes them: rows, counts, and errors everybody understands."""

import pytest
import sqlalchemy as sa

from shared.connections import is_away, is_conflict
from shared.sql import changed, named, run
from shared.storage import EVERYTHING, Scope
from shared.testing import widgets
from shared.testing.statements import statements

ADD = (
    "insert into widgets (widget, colour, enterprise, version, sequence) values (%s, %s, %s, 1, 0)"
)


@pytest.fixture
def database(databases):
    return databases(widgets.service, tables=widgets.mapper.metadata)


@pytest.fixture
def filled(database):
    with database.transaction(Scope("acme")) as tx:
        for widget, colour in (("a", "red"), ("b", "blue")):
            run(tx, ADD, (widget, colour, "acme"))
    return database


def test_rows_come_as_tuples_or_by_name_and_changes_are_counted(filled):
    with filled.transaction(Scope("acme")) as tx:
        assert run(tx, "select widget, colour from widgets order by 1") == [
            ("a", "red"),
            ("b", "blue"),
        ]
        (row,) = named(tx, "select colour from widgets where widget = %(it)s", {"it": "a"})
        assert row.colour == "red"
        assert changed(tx, "update widgets set colour = 'green'") == 2
        assert run(tx, "delete from widgets where widget = 'zzz'") == []


def test_it_is_in_the_transaction_and_the_scope_of_the_session(filled):
    def add_and_fail():
        with filled.transaction(Scope("acme")) as tx:
            run(tx, ADD, ("c", "red", "acme"))
            run(tx, "select 1 / 0")

    with pytest.raises(sa.exc.DataError, match="division by zero"):
        add_and_fail()
    with filled.transaction(Scope("globex")) as tx:
        assert run(tx, "select * from widgets") == []
    with filled.transaction(EVERYTHING) as tx:
        assert run(tx, "select count(*) from widgets") == [(2,)]


def test_what_the_session_holds_back_is_there_once_it_is_flushed(database):
    with database.transaction(Scope("acme")) as tx:
        tx.add(widgets.Widget("d"))
        tx.flush()
        assert run(tx, "select widget from widgets") == [("d",)]


def test_a_conflict_and_a_lost_connection_are_known_as_such(filled):
    with pytest.raises(sa.exc.IntegrityError) as met, filled.transaction(Scope("acme")) as tx:
        run(tx, ADD, ("a", "red", "acme"))
    assert is_conflict(met.value)
    assert "red" not in str(met.value)

    with pytest.raises(sa.exc.DBAPIError) as lost, filled.transaction(Scope("acme")) as tx:
        run(tx, "select pg_terminate_backend(pg_backend_pid())")
    assert is_away(lost.value)
    with filled.transaction(Scope("acme")) as tx:
        assert len(run(tx, "select * from widgets")) == 2


def test_a_connection_found_closed_is_known_as_lost_and_replaced(filled):
    with filled.transaction(Scope("acme")) as tx:
        driver = tx.connection().connection.driver_connection
        run(tx, "select 1")

    def find_it_closed():
        with filled.transaction(Scope("acme")) as tx:
            assert tx.connection().connection.driver_connection is driver
            driver.close()
            run(tx, "select 1")

    with pytest.raises(sa.exc.DBAPIError) as lost:
        find_it_closed()
    assert is_away(lost.value)
    for _ in range(3):
        with filled.transaction(Scope("acme")) as tx:
            assert len(run(tx, "select * from widgets")) == 2


def test_connections_killed_between_two_transactions_are_known_as_lost(filled):
    with filled.transaction(Scope("acme")) as tx:
        (pid,) = run(tx, "select pg_backend_pid()")[0]
    with sa.create_engine(filled.engine.url).connect() as other:
        other.exec_driver_sql("select pg_terminate_backend(%s)", (pid,))

    def one():
        with filled.transaction(Scope("acme")) as tx:
            return run(tx, "select count(*) from widgets")

    with pytest.raises(sa.exc.DBAPIError) as lost:
        one()
    assert is_away(lost.value)
    assert one() == [(2,)]


def test_whoever_counts_statements_sees_these(filled):
    with statements(filled) as said, filled.transaction(Scope("acme")) as tx:
        run(tx, "select 1")
    assert said[-1] == "select 1"
    assert len(said) == 2


def test_a_value_the_transaction_begins_with_is_text_whatever_is_in_it(filled):
    for value in ("it's", "a\\'b", "'); drop table widgets; --"):
        with filled.transaction(Scope(value), read_only=True) as tx:
            assert run(tx, "select current_setting('app.enterprise')") == [(value,)]


def test_changes_are_planned_once_and_lists_for_what_is_asked(filled):
    def mode(**how: bool) -> str:
        with filled.transaction(Scope("acme"), **how) as tx:
            ((said,),) = run(tx, "show plan_cache_mode")
        return str(said)

    assert mode() == mode(read_only=True, planned_once=True) == "force_generic_plan"
    assert mode(read_only=True) == "auto"
