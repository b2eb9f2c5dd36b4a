"""Lists of orders are measured as the bench says, here with fewer; and none of them reads more of
the table than a page or two."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from e2e.load.order_lists import MARK, STAFF, asked, cuts, fill, first_page, measured
from e2e.load.rows import conninfo
from services.ordering.domain.listing import OrderBy, Wanted
from services.ordering.domain.words import Party, State
from services.ordering.queries.searching import FIRST
from services.ordering.service import service
from shared.migrations import migrate, prepare
from shared.storage import Database, Scope

ORDERS, MOST = 20_000, 10_000
"""How many orders there are, and how many rows of them a list may look at."""


def test_every_list_is_measured_for_customers_and_for_the_vendor(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("e2e.load.catalogue.REPEATS", 1)
    found = list(measured(postgres_server, orders=1_000))

    first = [f"orders.{name}.{who[0]}" for name, _, who in asked()]
    then = [f"sorted.{name}.{who[0]}.{each}" for name, _, who in cuts() for each in ("p50", "p99")]
    made = ["sorted.first.p50", "sorted.first.p99"]
    assert [each.name for each in found] == first + then + made
    assert all(each.value > 0 and each.limit for each in found)
    assert all(each.mark == MARK for each in found[: -len(made)])


@pytest.fixture(scope="module")
def database(postgres_server: str) -> Iterator[Database]:
    access = prepare(postgres_server, service.name, database="ordering_planned")
    migrate(service.name, access.owner_url)
    with psycopg.connect(conninfo(postgres_server, "ordering_planned"), autocommit=True) as found:
        fill(found, ORDERS)
    settings = service.settings(database_url=access.app_url, owner_database_url=access.owner_url)
    with Database(
        access.app_url, name=service.name, events=service.events, settings=settings
    ) as opened:
        yield opened


def test_no_list_reads_more_than_a_few_pages(database: Database) -> None:
    read = {}
    for name, wanted, (whose, caller, parent) in asked():
        # Where there are this few, to read all their words is the right way to search.
        if not wanted.search:
            with heard(database) as said:
                first_page(database, caller, parent, wanted)
            with database.transaction(Scope.of(caller)) as tx:
                read[name, whose] = sum(rows_read(tx, *each) for each in said)

    assert {name: rows for name, rows in read.items() if rows > MOST} == {}


@pytest.mark.parametrize("order_by", list(OrderBy), ids=lambda each: each.name.lower())
def test_no_list_in_any_order_goes_a_long_way(database: Database, order_by: OrderBy) -> None:
    """Whatever it is cut by or searched for, and be it at the far end of that order."""
    read = {}
    for name, cut, (whose, caller, parent) in cuts():
        with heard(database) as said:
            first_page(database, caller, parent, Wanted(**cut, order_by=order_by))
        with database.transaction(Scope.of(caller)) as tx:
            read[name, whose] = sum(rows_read(tx, *each) for each in said)

    assert {name: rows for name, rows in read.items() if rows > MOST} == {}


@pytest.mark.parametrize("order_by", [OrderBy.LARGEST, OrderBy.LATEST_SUBMITTED, OrderBy.OLDEST])
@pytest.mark.parametrize("search", ["ws-001", "frame-7", "099"])
def test_what_is_found_is_sorted_without_the_orders(
    database: Database, search: str, order_by: OrderBy
) -> None:
    wanted = Wanted(search=search, order_by=order_by)
    with heard(database) as said:
        first_page(database, STAFF, "enterprises/-", wanted)
    with database.transaction(Scope.of(STAFF)) as tx:
        plans = [explained(tx, *each) for each in said]

    found = [plan for plan in plans if "on order_words_by_part" in plan and "on orders" in plan]
    fetched = sum(int(loops) for plan in found for loops in _FETCHED.findall(plan))
    assert found, "nobody looked the words up"
    assert fetched <= 51, found


@pytest.mark.parametrize("order_by", [OrderBy.FIRST_NUMBER, OrderBy.FIRST_SUBMITTED])
def test_what_all_orders_say_is_not_looked_up(database: Database, order_by: OrderBy) -> None:
    """It is looked at in those that are in the state that is asked for."""
    wanted = Wanted(search="mr", states=frozenset({State.CONFIRMED}), order_by=order_by)
    with heard(database) as said:
        first_page(database, STAFF, "enterprises/-", wanted)
    with database.transaction(Scope.of(STAFF)) as tx:
        looked_up = sum(rows_read(tx, *each) for each in said if "looked_up" in each[0])

    assert looked_up <= FIRST


_FETCHED = re.compile(r"Index (?:Only )?Scan using \w+ on orders[^\n]*loops=(\d+)")


@pytest.mark.parametrize("search", ["", "0017"])
def test_what_is_asked_of_orders_is_read_where_they_are_sorted_by_total(
    database: Database, search: str
) -> None:
    """None is fetched to see whether it fits, but those shown."""
    wanted = Wanted(waiting_on=Party.FINANCE, search=search, order_by=OrderBy.LARGEST)
    with heard(database) as said:
        first_page(database, STAFF, "enterprises/-", wanted)
    with database.transaction(Scope.of(STAFF)) as tx:
        plans = [explained(tx, *each) for each in said]

    along = [plan for plan in plans if "using orders_by_total" in plan]
    assert along, "nobody went along the totals"
    assert all("Index Only Scan Backward using orders_by_total" in plan for plan in along), along


@pytest.mark.parametrize("order_by", [OrderBy.NEWEST, OrderBy.OLDEST])
def test_words_are_looked_at_of_what_else_is_asked_in_the_order_it_was_made(
    database: Database, order_by: OrderBy
) -> None:
    """Not of all orders there are: every thirtieth is one of this manager's."""
    wanted = Wanted(search="0017", business_manager="accounts/m3", order_by=order_by)
    with heard(database) as said:
        first_page(database, STAFF, "enterprises/-", wanted)
    with database.transaction(Scope.of(STAFF)) as tx:
        plans = [explained(tx, *each) for each in said]

    along = [plan for plan in plans if "using order_words_pkey" in plan]
    assert along, "nobody looked at words"
    assert all("orders_by_manager" in plan for plan in along), along


@contextmanager
def heard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Note what is asked of the orders, for a block."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "orders" in statement or "looked_up" in statement:
            said.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(database.engine, "before_cursor_execute", note)


def rows_read(tx: Any, statement: str, parameters: Any) -> int:
    """Return how many rows of tables are looked at, whether they fit or not."""
    plan = explained(tx, statement, parameters)
    read = 0
    for rows, loops, rest in _SCAN.findall(plan):
        removed = sum(map(int, re.findall(r"Rows Removed by Filter: (\d+)", rest)))
        read += int((float(rows) + removed) * int(loops))
    return read


def explained(tx: Any, statement: str, parameters: Any) -> str:
    """Return how a statement is really read."""
    explaining = f"explain (analyze, timing off, costs off, buffers off) {statement}"
    return "\n".join(tx.connection().exec_driver_sql(explaining, parameters).scalars())


_SCAN = re.compile(
    r"(?:Seq|Index|Only|Heap|Function) Scan [^\n]*rows=([\d.]+) loops=(\d+)\)((?:\n(?! *->).*)*)"
)
"""A node that reads a table or an index, or looks words up in one, and what is said of it below."""
