"""Statements as the driver takes them: rows, counts, and errors everybody understands."""

import pytest
import sqlalchemy as sa

from shared.connections import is_away, is_conflict
from shared.prepared import Prepared
from shared.sql import changed, later, named, run, say_now
from shared.storage import EVERYTHING, Scope
from shared.testing import LONG, widgets
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


def test_rows_are_seen_by_name_whatever_was_asked_before(filled):
    with filled.transaction(Scope("acme")) as tx:
        assert run(tx, "select 1 as one, 2 as one") == [(1, 2)]
        assert [row.colour for row in named(tx, "select colour from widgets order by 1")] == [
            "blue",
            "red",
        ]


def test_rows_are_seen_by_name_whatever_was_put_off_before(filled):
    twice = Prepared("select %s as one, %s as one", "text", "text")
    for _ in range(2):
        with filled.transaction(Scope("acme")) as tx:
            later(tx, twice, ("a", "b"))
            assert [row.colour for row in named(tx, COLOUR, ("a",))] == ["red"]
            later(tx, twice, ("a", "b"))
            assert run(tx, COLOUR, ("b",)) == [("blue",)]


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


def test_connections_killed_between_two_transactions_are_known_as_lost(filled, monkeypatch):
    monkeypatch.setattr("shared.connections.IDLE_BEFORE_CHECK", LONG)  # else it may be found out
    with filled.transaction(Scope("acme")) as tx:
        (pid,) = run(tx, "select pg_backend_pid()")[0]
    with sa.create_engine(filled.engine.url, poolclass=sa.NullPool).connect() as other:
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
    assert said == ["select 1"]


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


COLOUR = Prepared("select colour from widgets where widget = %s", "text")
PAINT = Prepared(
    "update widgets set colour = %(colour)s where %(colour)s <> '' and widget = %(widget)s",
    widget="text",
    colour="text",
)
ACTIVE = "select state, backend_xid is null from pg_stat_activity where pid = %s"


@pytest.fixture
def watched(filled):
    """Return whether the connection `filled` uses is in a transaction."""
    with filled.transaction(Scope("acme")) as tx:
        ((pid,),) = run(tx, "select pg_backend_pid()")

    def state():
        with sa.create_engine(filled.engine.url, poolclass=sa.NullPool).connect() as other:
            ((said, _),) = other.exec_driver_sql(ACTIVE, (pid,)).all()
        return said

    return state


def test_the_first_statement_goes_in_the_message_that_begins(filled, watched):
    with statements(filled) as said, filled.transaction(Scope("acme")) as tx:
        assert watched() == "idle"
        assert run(tx, COLOUR, ("a",)) == [("red",)]
        assert watched() == "idle in transaction"
        assert run(tx, COLOUR, ("b",)) == [("blue",)]
    assert said == [COLOUR, COLOUR]


def test_what_only_reads_and_is_planned_once_is_over_with_each_statement(filled, watched):
    with filled.transaction(Scope("acme"), read_only=True, planned_once=True) as tx:
        for widget, colour in (("a", "red"), ("b", "blue")):
            assert named(tx, COLOUR, (widget,)) == [(colour,)]
            assert watched() == "idle"
        assert run(tx, "select count(*) from widgets") == [(2,)]
        assert watched() == "idle in transaction"
        assert run(tx, COLOUR, ("a",)) == [("red",)]


def test_what_begins_with_its_first_statement_sees_and_may_what_its_scope_says(filled):
    for other in ({}, {"read_only": True}, {"read_only": True, "planned_once": True}):
        with filled.transaction(Scope("globex"), **other) as tx:
            assert run(tx, COLOUR, ("a",)) == []
        with filled.transaction(EVERYTHING, **other) as tx:
            assert run(tx, COLOUR, ("a",)) == [("red",)]
    with (
        pytest.raises(sa.exc.InternalError, match="read-only transaction"),
        filled.transaction(Scope("acme"), read_only=True, planned_once=True) as tx,
    ):
        run(tx, PAINT, {"widget": "a", "colour": "green"})
    with filled.transaction(Scope("acme")) as tx:
        assert changed(tx, PAINT, {"colour": "it's \\ 100 % 'green'", "widget": "a"}) == 1
    with filled.transaction(Scope("acme")) as tx:
        assert run(tx, COLOUR, ("a",)) == [("it's \\ 100 % 'green'",)]


def test_a_first_statement_that_fails_leaves_nothing_and_the_connection_goes_on(filled):
    half = Prepared("select 1 / %s", "int")
    for alone in (True, False):
        with (
            pytest.raises(sa.exc.DataError, match="division by zero"),
            filled.transaction(Scope("acme"), read_only=alone, planned_once=True) as tx,
        ):
            run(tx, half, (0,))
        for _ in range(2):
            with filled.transaction(Scope("acme")) as tx:
                assert run(tx, half, (1,)) == [(1,)]


def test_what_was_kept_is_kept_anew_when_it_is_gone(filled):
    with filled.transaction(Scope("acme")) as tx:
        run(tx, COLOUR, ("a",))
        run(tx, "deallocate all")
    with (
        pytest.raises(sa.exc.DBAPIError, match="does not exist"),
        filled.transaction(Scope("acme")) as tx,
    ):
        run(tx, COLOUR, ("a",))
    with filled.transaction(Scope("acme")) as tx:
        assert run(tx, COLOUR, ("a",)) == [("red",)]


def test_a_transaction_in_which_nothing_is_asked_begins_nothing(filled, watched):
    with statements(filled) as said, filled.transaction(Scope("acme")):
        assert watched() == "idle"
    with filled.engine.connect() as connection:
        connection.exec_driver_sql("select 1")
    assert said == []
    assert watched() == "idle"


def test_what_sqlalchemy_asks_first_begins_too(filled):
    with filled.transaction(Scope("globex")) as tx:
        assert tx.scalars(sa.select(widgets.Widget)).all() == []
        assert run(tx, COLOUR, ("a",)) == []


ADD_LATER = Prepared(ADD, "text", "text", "text")


def test_what_is_put_off_is_done_with_the_next_statement_whoever_asks_it(filled, watched):
    count = "select count(*) from widgets"
    for number, ask in enumerate(
        [
            lambda tx: run(tx, COLOUR, ("a",)),
            lambda tx: run(tx, count),
            lambda tx: tx.scalar(sa.text(count)),
        ]
    ):
        with filled.transaction(Scope("acme")) as tx:
            later(tx, ADD_LATER, (f"later {number}", "grey", "acme"))
            later(tx, ADD_LATER, (f"later still {number}", "grey", "acme"))
            assert watched() == "idle"
            ask(tx)
            assert watched() == "idle in transaction"
            assert run(tx, count) == [(4 + 2 * number,)]


def test_what_is_put_off_till_the_end_is_committed_in_its_message(filled, watched):
    with statements(filled) as said, filled.transaction(Scope("acme")) as tx:
        later(tx, ADD_LATER, ("c", "it's % grey", "acme"))
        later(tx, PAINT, {"widget": "c", "colour": "blue"})
        assert said == []
    assert said == [ADD, PAINT]
    assert watched() == "idle"
    with filled.transaction(Scope("acme")) as tx:
        assert run(tx, COLOUR, ("c",)) == [("blue",)]


def test_what_is_put_off_and_fails_at_the_end_undoes_all_and_the_connection_goes_on(filled):
    def do():
        with filled.transaction(Scope("acme")) as tx:
            assert changed(tx, "update widgets set colour = 'green'") == 2
            later(tx, ADD_LATER, ("a", "red", "acme"))

    for _ in range(2):
        with pytest.raises(sa.exc.IntegrityError) as met:
            do()
        assert is_conflict(met.value)
    with filled.transaction(Scope("acme")) as tx:
        later(tx, ADD_LATER, ("c", "red", "acme"))
        assert run(tx, COLOUR, ("a",)) == [("red",)]


def test_what_was_put_off_is_forgotten_with_the_transaction_that_failed(filled):
    def put_off_and_fail():
        with filled.transaction(Scope("acme")) as tx:
            later(tx, ADD_LATER, ("c", "red", "acme"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_off_and_fail()
    with filled.transaction(Scope("acme")) as tx:
        assert len(run(tx, "select * from widgets")) == 2


def test_what_is_kept_already_is_not_made_ready_within_a_transaction_that_would_fail_of_it(filled):
    with filled.transaction(Scope("acme")) as tx:
        later(tx, ADD_LATER, ("c", "red", "acme"))
    with pytest.raises(sa.exc.DataError), filled.transaction(Scope("acme")) as tx:
        tx.execute(sa.text("select 1 / 0"))
    with filled.transaction(Scope("acme")) as tx:
        tx.execute(sa.text("select 1"))
        later(tx, ADD_LATER, ("d", "red", "acme"))
    with filled.transaction(Scope("acme")) as tx:
        assert len(run(tx, "select * from widgets")) == 4


def test_what_is_asked_ahead_is_over_at_once_and_changes_begin_after_it(filled, watched):
    with filled.transaction(Scope("acme")) as tx:
        assert [row.colour for row in named(tx, COLOUR, ("a",), ahead=True)] == ["red"]
        assert watched() == "idle"
    assert watched() == "idle"
    with filled.transaction(Scope("acme")) as tx:
        named(tx, COLOUR, ("a",), ahead=True)
        later(tx, ADD_LATER, ("c", "grey", "acme"))
        assert [row.colour for row in named(tx, COLOUR, ("c",), ahead=True)] == ["grey"]
        assert watched() == "idle in transaction"
    with filled.transaction(Scope("acme")) as tx:
        assert run(tx, COLOUR, ("c",)) == [("grey",)]


def test_what_is_asked_ahead_sees_what_its_scope_says(filled):
    with filled.transaction(Scope("globex")) as tx:
        assert named(tx, COLOUR, ("a",), ahead=True) == []
        assert changed(tx, PAINT, {"widget": "a", "colour": "green"}) == 0


def test_who_hears_of_what_was_put_off_is_told_its_rows_and_may_refuse_the_commit(filled):
    told: list[tuple[str, ...]] = []

    def refuse(rows):
        raise RuntimeError(rows)

    with filled.transaction(Scope("acme")) as tx:
        later(tx, COLOUR, ("a",), heard=told.extend)
        later(tx, COLOUR, ("b",), heard=told.extend)
        assert told == []
        assert run(tx, COLOUR, ("b",)) == [("blue",)]
        assert told == [("red",), ("blue",)]
        say_now(tx)
    assert told == [("red",), ("blue",)]

    def put_off_and_hear():
        with filled.transaction(Scope("acme")) as tx:
            later(tx, ADD_LATER, ("c", "red", "acme"))
            later(tx, COLOUR, ("a",), heard=refuse)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="red"):
            put_off_and_hear()
    with filled.transaction(Scope("acme")) as tx:
        assert len(run(tx, "select * from widgets")) == 2
