"""Lists: whose orders, which of them, page by page, and what a page costs."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.store.rows import COLUMNS
from services.ordering.tests.builders import LAMP, PLUG, a_form
from services.ordering.tests.desk import (
    ADMIN,
    BRAND,
    BUYER,
    ENGINEER,
    FACTORY,
    FINANCE,
    GADGET,
    MANAGER,
    STRANGER,
    Desk,
)
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.errors import Forbidden, Malformed, NotFound
from shared.storage import EVERYTHING, Scope
from shared.testing.databases import Databases
from shared.testing.statements import statements

ACME = "enterprises/acme"
DIFFERENT = {"enterprise", "id", "order_no", "owner"}
OTHERS = ", ".join(name for name in COLUMNS if name not in DIFFERENT)
COPY = f"""
    insert into orders (enterprise, id, order_no, owner, {OTHERS})
    select case when n % 3 = 0 then 'acme' else 'e' || n % 3 end, gen_random_uuid(), 'MR-' || n,
        case when n % 5 = 0 then 'acme' else 'e' || n % 3 end, {OTHERS}
    from orders, generate_series(1, 6000) n
"""
"""Makes 6,000 copies of an order: by three enterprises, many of them for the products of one."""


def names(desk: Desk, who: Caller = BUYER, parent: str = ACME, **more: Any) -> list[str]:
    request = rpc.ListOrdersRequest(parent=parent, **more)
    return [order.name for order in desk.ask(who).ListOrders(request).orders]


def test_lists_come_in_pages_newest_first(desk: Desk) -> None:
    made = [desk.create().name for _ in range(5)]
    first = desk.ask().ListOrders(rpc.ListOrdersRequest(parent=ACME, page_size=3))
    rest = desk.ask().ListOrders(
        rpc.ListOrdersRequest(parent=ACME, page_size=3, page_token=first.next_page_token)
    )

    assert [order.name for order in (*first.orders, *rest.orders)] == made[::-1]
    assert rest.next_page_token == ""


def test_a_list_shows_everything_but_the_lines(desk: Desk) -> None:
    order = desk.confirmed()
    [listed] = desk.ask().ListOrders(rpc.ListOrdersRequest(parent=ACME)).orders
    order.ClearField("lines")
    order.ClearField("earliest_delivery_date")  # It follows from the lines.

    assert listed == order


def test_orders_are_found_by_state_party_and_number(desk: Desk) -> None:
    draft, submitted = desk.create(), desk.submitted()
    special = desk.submit(desk.create(), form=form_message(a_form(po_no="Ab_9%")))

    assert names(desk, states=["DRAFT"]) == [draft.name]
    assert names(desk, states=["DRAFT", "INTENTION"]) == [
        special.name,
        submitted.name,
        draft.name,
    ]
    assert names(desk, waiting_on="BUYER") == [draft.name]
    assert names(desk, search="b_9%") == [special.name]
    assert names(desk, search=submitted.order_no[-6:]) == [submitted.name]
    assert names(desk, search="nothing like it") == []


def test_i8_each_enterprise_sees_its_orders_and_those_for_its_products(desk: Desk) -> None:
    own, for_brand = desk.create(), desk.create((GADGET, 100))
    brands = desk.create((GADGET, 100), who=BRAND)
    by_maker = desk.create((PLUG, 100), who=STRANGER)

    assert names(desk) == [by_maker.name, for_brand.name, own.name]
    assert names(desk, STRANGER, "enterprises/globex") == [by_maker.name]
    assert names(desk, BRAND, "enterprises/brand") == [brands.name, for_brand.name]
    assert names(desk, MANAGER, "enterprises/brand") == [brands.name, for_brand.name]
    assert len(names(desk, MANAGER, "enterprises/-")) == 4
    assert names(desk, MANAGER, "enterprises/unknown") == []


@pytest.mark.parametrize("parent", ["enterprises/globex", "enterprises/-"])
def test_a_customer_lists_no_other_space(desk: Desk, parent: str) -> None:
    with pytest.raises(NotFound):
        names(desk, BUYER, parent)


@pytest.mark.parametrize("who", [ADMIN, MANAGER, ENGINEER, FINANCE])
def test_who_deals_with_orders_may_list_them(desk: Desk, who: Caller) -> None:
    order = desk.create()
    assert names(desk, who) == [order.name]


def test_production_sees_no_orders_because_they_have_prices(desk: Desk) -> None:
    order = desk.create()
    with pytest.raises(Forbidden):
        names(desk, FACTORY)
    with pytest.raises(Forbidden):
        desk.get(order, FACTORY)


@pytest.mark.parametrize(
    "asked", [{"states": [99]}, {"states": [0]}, {"waiting_on": 42}, {"page_token": "x"}]
)
def test_what_cannot_be_listed_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        names(desk, **asked)


def test_a_page_is_one_statement_and_loads_no_lines(desk: Desk) -> None:
    for _ in range(3):
        desk.create((PLUG, 100), (LAMP, 100))
    with statements(desk.database) as said:
        desk.ask().ListOrders(rpc.ListOrdersRequest(parent=ACME, page_size=2))

    assert len(said) == 1, said
    assert "order_lines" not in said[0]


def test_a_page_costs_the_same_however_many_orders_there_are(
    desk: Desk, databases: Databases
) -> None:
    desk.create()
    owner = sa.create_engine(databases.access("ordering").owner_url, poolclass=sa.NullPool)
    with desk.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text(COPY))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze orders")
    for caller_, scope in ((BUYER, Scope("acme")), (MANAGER, EVERYTHING)):
        plan = _plan(desk, caller_, scope)
        assert "Merge Append" in plan, plan
        assert max(map(int, re.findall(r"actual rows=(\d+)", plan))) <= 4, plan


def _plan(desk: Desk, who: Caller, scope: Scope) -> str:
    """Return how the page somebody is shown is really read."""
    asked: list[tuple[str, Any]] = []
    note = lambda _, __, statement, parameters, *___: asked.append((statement, parameters))  # noqa: E731
    sa.event.listen(desk.database.engine, "before_cursor_execute", note)
    names(desk, who, page_size=2)
    sa.event.remove(desk.database.engine, "before_cursor_execute", note)
    [(statement, parameters)] = asked
    with desk.database.transaction(scope) as tx:
        explained = f"explain (analyze, timing off, costs off) {statement}"
        return "\n".join(tx.connection().exec_driver_sql(explained, parameters).scalars())


def test_a_waiting_order_says_since_when(desk: Desk) -> None:
    order = desk.submitted()
    [listed] = desk.ask().ListOrders(rpc.ListOrdersRequest(parent=ACME)).orders

    assert listed.waiting_on == order.waiting_on
    assert listed.waiting_on.since == listed.submit_time
