"""Orders that look like an earlier one are shown beside it before they go through (R15)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.duplicate_pb2 import Duplicate

from services.ordering.domain.duplicates import Duplicate as Alike
from services.ordering.domain.duplicates import DuplicateLine, Likeness
from services.ordering.store.rows import COLUMNS, LINE_COLUMNS
from services.ordering.tests.builders import LAMP, PLUG, a_form
from services.ordering.tests.desk import BRAND, BUYER, GADGET, MANAGER, RND, STRANGER, Desk
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.clock import now
from shared.errors import Disallowed, Forbidden
from shared.rows import names_of
from shared.storage import EVERYTHING, NOTHING
from shared.testing import eventually
from shared.testing.databases import Databases

FORM = form_message(a_form())


def submit(desk: Desk, *wanted: tuple[str, int], who: Caller = BUYER, **more: Any) -> pb.Order:
    """Submit a new order with these fields of the form, and what else the request says."""
    acknowledged = more.pop("acknowledged", ())
    draft = desk.create(*wanted, who=who)
    return desk.submit(
        draft, who, form=form_message(a_form(**more)), acknowledged_duplicates=acknowledged
    )


def alike(desk: Desk, draft: pb.Order, who: Caller = BUYER, **form: Any) -> list[Duplicate]:
    asked = rpc.ListDuplicatesRequest(name=draft.name, form=form_message(a_form(**form)))
    return list(desk.ask(who).ListDuplicates(asked).duplicates)


@pytest.mark.parametrize(
    ("quantity", "form", "is_alike"),
    [
        (100, {}, True),
        (100, {"customer_batch_no": "B-2"}, True),
        (100, {"po_no": "PO-78"}, True),
        (100, {"po_no": " po-77 ", "customer_batch_no": "B-2"}, True),
        (100, {"po_no": "ＰＯ－７７", "customer_batch_no": "B-2"}, True),
        (100, {"po_no": "PO-78", "customer_batch_no": "B-2"}, False),
        (850, {}, True),
        (1200, {}, True),
        (750, {}, False),
        (1300, {}, False),
    ],
)
def test_alike_is_what_has_a_product_nearly_the_quantity_and_a_number_in_common(
    desk: Desk, quantity: int, form: dict[str, Any], is_alike: bool
) -> None:
    earlier = 100 if quantity == 100 else 1000
    submit(desk, (PLUG, earlier), (LAMP, 500))

    assert bool(alike(desk, desk.create((PLUG, quantity)), **form)) is is_alike


def test_another_product_is_another_order(desk: Desk) -> None:
    submit(desk, (PLUG, 100))
    assert submit(desk, (LAMP, 100)).state == pb.Order.INTENTION


def test_a_likely_duplicate_is_refused_and_names_the_earlier_order(desk: Desk) -> None:
    earlier = submit(desk, (PLUG, 100), (LAMP, 100))
    draft = desk.create((PLUG, 100))
    for dry in (False, True):
        with pytest.raises(Disallowed, match=earlier.order_no) as refused:
            desk.submit(draft, form=FORM, validate_only=dry)
        assert refused.value.reason == "LIKELY_DUPLICATE"
        assert earlier.name in refused.value.remedy
    assert desk.get(draft).state == pb.Order.DRAFT
    assert desk.told() == ["OrderSubmitted"]


def test_of_an_earlier_order_of_many_lines_a_refusal_names_the_first_ones() -> None:
    at = datetime(2026, 11, 29, tzinfo=UTC)
    lines = [
        DuplicateLine(product=f"p/{n}", pid=f"pid{n}", display_name="", quantity=100)
        for n in range(50)
    ]
    alike = Alike(name="o", order_no="MR-1", buyer="", submitted_at=at, lines=lines)
    assert str(alike).endswith("100 of pid4, and 45 lines more)")


def test_who_knows_the_earlier_order_goes_on(desk: Desk) -> None:
    first = submit(desk, (PLUG, 100))
    second = submit(desk, (PLUG, 100), acknowledged=[first.name])

    with pytest.raises(Disallowed, match=second.order_no) as refused:
        submit(desk, (PLUG, 100), acknowledged=[first.name])
    assert first.order_no not in refused.value.facts["earlier"]
    submit(desk, (PLUG, 100), acknowledged=[first.name, second.name])


def test_the_earlier_order_is_shown_with_what_both_have_in_common(desk: Desk) -> None:
    earlier = submit(desk, (PLUG, 150), (LAMP, 500), who=RND)
    [shown] = alike(desk, desk.create((PLUG, 150), (LAMP, 100)))

    assert (shown.name, shown.order_no) == (earlier.name, earlier.order_no)
    assert (shown.buyer, shown.submit_time) == (RND.account, earlier.submit_time)
    assert [(line.pid, line.display_name, line.quantity) for line in shown.lines] == [
        ("plug16", "Plug16", 150)
    ]


def test_what_was_submitted_long_ago_is_not_compared(desk: Desk) -> None:
    submit(desk, (PLUG, 100))
    with time_machine.travel(now() + timedelta(days=31)):
        submit(desk, (PLUG, 100))


def test_an_order_that_was_withdrawn_or_rejected_may_be_placed_again(desk: Desk) -> None:
    withdrawn = submit(desk, (PLUG, 100))
    desk.ask().CancelOrder(rpc.CancelOrderRequest(name=withdrawn.name, reason="A mistake."))
    rejected = submit(desk, (PLUG, 100))
    desk.ask(MANAGER).RejectOrder(rpc.RejectOrderRequest(name=rejected.name, reason="No."))
    replaced = submit(desk, (PLUG, 100))
    draft = desk.ask().ReplaceOrder(rpc.ReplaceOrderRequest(name=replaced.name))

    assert desk.submit(draft).state == pb.Order.INTENTION


def test_drafts_are_no_orders_yet(desk: Desk) -> None:
    desk.create((PLUG, 100))
    assert alike(desk, desk.create((PLUG, 100))) == []


@pytest.mark.parametrize(("first", "second"), [(BRAND, BUYER), (BUYER, BRAND)])
def test_owner_and_manufacturer_learn_product_quantity_and_day_and_nothing_else(
    desk: Desk, first: Caller, second: Caller
) -> None:
    earlier = submit(desk, (GADGET, 1000), who=first)
    draft = desk.create((GADGET, 900), who=second)
    [shown] = alike(desk, draft, second)

    line = Duplicate.Line(product=GADGET, pid="gadget1", quantity=1000)
    assert shown == Duplicate(name=GADGET, submit_time=earlier.submit_time, lines=[line])
    with pytest.raises(Disallowed) as refused:
        desk.submit(draft, second, form=FORM)
    told = f"{refused.value} {refused.value.remedy} {refused.value.facts}"
    for secret in (earlier.order_no, earlier.name, first.account, first.enterprise + "/orders"):
        assert secret not in told
    desk.submit(draft, second, form=FORM, acknowledged_duplicates=[GADGET])


@pytest.mark.parametrize("form", [{}, {"po_no": "PO-1"}, {"customer_batch_no": "B-1"}])
@pytest.mark.parametrize(("first", "second"), [(BRAND, BUYER), (BUYER, BRAND), (BUYER, RND)])
def test_of_two_alike_that_are_submitted_at_once_one_sees_the_other(
    desk: Desk, databases: Databases, first: Caller, second: Caller, form: dict[str, str]
) -> None:
    def submit_one(quantity: int, who: Caller, form: dict[str, str]) -> pb.Order | str:
        try:
            return desk.submit(drafts[quantity], who, form=form_message(a_form(**form)))
        except Disallowed as refused:
            return refused.reason

    drafts = {n: desk.create((GADGET, n), who=who) for n, who in ((1000, first), (900, second))}
    with ThreadPoolExecutor() as pool:
        with numbers_held(databases):
            both = [
                pool.submit(submit_one, *each) for each in ((1000, first, {}), (900, second, form))
            ]
            eventually(lambda: waiting_for_a_number(desk) == 2)
        answers = [each.result() for each in both]
    assert answers.count("LIKELY_DUPLICATE") == 1
    assert [each.state for each in answers if isinstance(each, pb.Order)] == [pb.Order.INTENTION]


@contextmanager
def numbers_held(databases: Databases) -> Iterator[None]:
    """Have whoever submits an order with a number of FORM wait while the block runs."""
    owner = sa.create_engine(databases.access("ordering").owner_url, poolclass=sa.NullPool)
    with owner.begin() as connection:
        for number in (f"po {FORM.po_no.lower()}", f"batch {FORM.customer_batch_no.lower()}"):
            lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(number, 0))
            connection.execute(sa.select(lock))
        yield


def waiting_for_a_number(desk: Desk) -> int:
    """Return how many wait for an advisory lock."""
    question = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with desk.database.transaction(NOTHING, read_only=True) as tx:
        return tx.scalar(sa.text(question)) or 0


def test_two_manufacturers_of_one_brand_learn_nothing_of_each_other(desk: Desk) -> None:
    submit(desk, (GADGET, 1000), who=STRANGER)
    assert submit(desk, (GADGET, 1000)).state == pb.Order.INTENTION


def test_only_who_orders_asks_and_only_of_own_orders(desk: Desk) -> None:
    order = submit(desk, (GADGET, 100))
    with pytest.raises(Forbidden):
        alike(desk, order, BRAND)
    with pytest.raises(Forbidden):
        alike(desk, order, MANAGER)


@pytest.mark.parametrize(("quantity", "near"), [(1, (1, 1)), (5, (4, 6)), (104, (84, 124))])
def test_near_is_within_a_fifth(quantity: int, near: tuple[int, int]) -> None:
    assert Likeness(timedelta(days=30), 20).near(quantity) == near


def test_earlier_orders_are_found_by_index_however_many_there_are(
    desk: Desk, databases: Databases
) -> None:
    submit(desk, (PLUG, 100))
    owner = sa.create_engine(databases.access("ordering").owner_url, poolclass=sa.NullPool)
    with desk.database.transaction(EVERYTHING) as tx:
        for copy in COPIES:
            tx.execute(sa.text(copy))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze orders, order_lines")
        body = connection.exec_driver_sql(
            "select prosrc from pg_proc where proname = 'orders_alike'"
        ).scalar_one()
        plan = "\n".join(connection.exec_driver_sql(f"explain {_asked(body)}").scalars())
    assert "orders_by_po_key" in plan, plan
    assert "orders_by_batch_key" in plan, plan
    assert "Seq Scan on orders" not in plan, plan


def test_what_was_planned_before_there_was_any_order_reads_no_more_of_many(
    desk: Desk, databases: Databases
) -> None:
    owner = sa.create_engine(databases.access("ordering").owner_url, poolclass=sa.NullPool)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("set plan_cache_mode = force_generic_plan")
        connection.exec_driver_sql(ASKED)
        submit(desk, (PLUG, 100))
        with desk.database.transaction(EVERYTHING) as tx:
            for copy in COPIES:
                tx.execute(sa.text(copy))
        connection.exec_driver_sql("begin")
        connection.exec_driver_sql(ASKED)
        assert connection.exec_driver_sql(READ).scalar_one() < 10
        connection.exec_driver_sql("rollback")


ASKED = f"""
    select set_config('app.enterprise', 'e7', false), count(alike)
    from orders_alike('[{{"product": "{PLUG}", "license_type": "", "least": 1, "most": 999}}]',
        'P7', 'B9', now() - interval '30 days', '{"0" * 32}') as alike
"""
READ = """
    select sum(seq_tup_read + idx_tup_fetch) from pg_stat_xact_user_tables
    where relname in ('orders', 'order_lines')
"""

KEPT = ", ".join(name for name in COLUMNS if name not in {"enterprise", "id", "order_no", "form"})
COPIES = (
    f"""
    insert into orders (enterprise, id, order_no, form, {KEPT})
    select 'e' || n % 50, gen_random_uuid(), 'C-' || n,
        jsonb_set(jsonb_set(form, '{{po_no}}', to_jsonb('P' || n)),
            '{{customer_batch_no}}', to_jsonb('B' || n)), {KEPT}
    from orders, generate_series(1, 5000) n
    """,
    f"""
    insert into order_lines (enterprise, order_id, {names_of(LINE_COLUMNS)})
    select orders.enterprise, orders.id, {names_of(LINE_COLUMNS, "line.")}
    from order_lines line, orders where orders.order_no like 'C-%'
    """,
)


def _asked(body: str) -> str:
    """Return the one query of the function, with what it is asked for in the place of names."""
    query = body[body.index("SELECT CASE") : body.rindex(";\n")]
    for name, value in (
        ("jsonb_to_recordset(wanted)", f"""jsonb_to_recordset('[{{"product": "{PLUG}"}}]')"""),
        ("o.po_key = po ", "o.po_key = 'p7' "),
        ("o.batch_key = batch ", "o.batch_key = 'b9' "),
        (">= since", ">= now() - interval '30 days'"),
        ("<> this", f"<> '{'0' * 32}'"),
        ("= mine", "= 'e7'"),
    ):
        assert name in query, name
        query = query.replace(name, value)
    return query.replace("%", "%%")
