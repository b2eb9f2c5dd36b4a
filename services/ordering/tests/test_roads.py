"""Every list, cut by anything and sorted by anything, is what reading all the orders would find."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ordering.domain.listing import OrderBy, Wanted
from services.ordering.domain.words import Family, Party, Purpose, State
from services.ordering.queries import list_orders, lists, reaches, searching
from services.ordering.store import order_lines, orders
from services.ordering.store.rows import COLUMNS
from services.ordering.tests.builders import LAMP, PLUG
from services.ordering.tests.desk import BRAND, BUYER, MANAGER, STRANGER, Desk
from shared.money import Money
from shared.storage import EVERYTHING, Scope
from shared.testing.databases import Databases

DIFFERENT = {
    "enterprise", "id", "order_no", "owner", "state", "purpose", "family", "waiting_on", "form",
    "business_manager", "contract_no", "total_amount", "created_at", "submitted_at",
}  # fmt: skip
ALIKE = ", ".join(name for name in COLUMNS if name not in DIFFERENT)
SCATTER = f"""
    insert into orders (enterprise, id, order_no, owner, state, purpose, family, waiting_on, form,
        business_manager, contract_no, total_amount, created_at, submitted_at, {ALIKE})
    select (array['acme', 'acme', 'globex'])[1 + n % 3],
        (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
            || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
        'MR-2025-' || lpad(n::text, 6, '0'), (array['acme', 'brand', 'globex', 'acme'])[1 + n % 4],
        (array['DRAFT', 'INTENTION', 'COMPLETED', 'COMPLETED', 'REJECTED'])[1 + n / 3 % 5],
        (array['MASS_PRODUCTION', 'MASS_PRODUCTION', 'DEBUGGING'])[1 + n / 5 % 3],
        (array['HARDWARE_MODULE', 'LICENSE'])[1 + (n % 7 / 6)],
        (array['BUYER', 'FINANCE', null])[1 + n / 2 % 3],
        jsonb_set(form, '{{po_no}}', to_jsonb('PO-' || n / 9)),
        (array['accounts/a', 'accounts/b', ''])[1 + n / 11 % 3], 'MC-' || n / 2,
        (n * 37 % 10) * 100, at, case when n % 5 > 0 then at + (n * 7 % 20) * interval '1 day' end,
        {ALIKE}
    from orders, generate_series(1, 160) n, lateral (
        select timestamptz '2026-01-01' + n / 2 * interval '1 day' as at
    ) as made
"""
"""Orders alike in many things, submitted up to weeks after they were made."""

LINES = ", ".join(
    each.name for each in order_lines.c if each.name not in ("enterprise", "order_id", "owner")
)
THEIRS = ", ".join(f"l.{name}" for name in LINES.split(", ")).replace(
    "l.line_no", "l.line_no + more"
)
SCATTER_LINES = f"""
    insert into order_lines (enterprise, order_id, owner, {LINES})
    select o.enterprise, o.id, o.owner, {THEIRS}
    from order_lines l, orders o, (values (0), (2)) as lines (more)
    where o.order_no like 'MR-2025-%' and (l.line_no = 1 or right(o.order_no, 1) > '6')
        and (more = 0 or right(o.order_no, 1) > '4')
"""
"""Some have one product, some two, and some several lines of one, as of licences of several types.
"""


def _day(day: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


def _cny(amount: int) -> Money:
    return Money("CNY", Decimal(amount))


FILTERS: list[dict[str, Any]] = [
    {"states": frozenset({State.INTENTION})},
    {"states": frozenset({State.COMPLETED, State.REJECTED})},
    {"states": frozenset(State) - {State.DRAFT}},
    {"states": frozenset({State.REPLACED})},
    {"purposes": frozenset({Purpose.DEBUGGING})},
    {"purposes": frozenset({Purpose.MASS_PRODUCTION})},
    {"family": Family.LICENSE},
    {"family": Family.HARDWARE_MODULE},
    {"waiting_on": Party.FINANCE},
    {"owner": "brand"},
    {"owner": "acme"},
    {"product": PLUG},
    {"product": LAMP.rpartition("/")[2]},
    {"order_no": "MR-2025-000042"},
    {"po_no": "po-7"},
    {"contract_no": "MC-21"},
    {"business_manager": "accounts/b"},
    {"submitted_from": _day(20), "submitted_to": _day(50)},
    {"submitted_to": _day(40)},
    {"created_from": _day(20), "created_to": _day(50)},
    {"created_from": _day(60)},
    {"total_from": _cny(200), "total_to": _cny(600)},
]
ASKING = (
    (BUYER, "acme"),
    (STRANGER, "globex"),
    (BRAND, "brand"),
    (MANAGER, "-"),
    (MANAGER, "acme"),
)
REACHES = {"as it is": None, "a little": (1, 30), "none": (1, 1)}
SEARCHES = ("", "mr-2025-0000", "po-1", "17", "b-1 plug", "lamp9", "mr", "nothing like it")
FOUND = {
    "all": (300, 2_500, 6_500, 2),
    "few": (5, 30, 40, 2),
    "hardly any": (0, 0, 0, 2),
    "no common words": (5, 30, 40, 1 / 4),
}
"""How many orders that say something are read at once, and what share of them is too much."""


@pytest.fixture
def scattered(desk: Desk, databases: Databases) -> Desk:
    desk.create((PLUG, 100), (LAMP, 100))
    with desk.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text(SCATTER))
        tx.execute(sa.text(SCATTER_LINES))
    # How many say something is expected from how many there are.
    owner = sa.create_engine(databases.access("ordering").owner_url, poolclass=sa.NullPool)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze order_words")
    return desk


@given(
    chosen=st.lists(st.sampled_from(FILTERS), max_size=3),
    order_by=st.sampled_from(OrderBy),
    asking=st.sampled_from(ASKING),
    size=st.sampled_from((1, 7, 50)),
    reach=st.sampled_from(sorted(REACHES)),
    searched=st.sampled_from(SEARCHES),
    found=st.sampled_from(sorted(FOUND)),
)
@settings(
    max_examples=240, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_list_page_by_page_is_what_reading_everything_would_find(
    scattered: Desk,
    chosen: Any,
    order_by: OrderBy,
    asking: Any,
    size: int,
    reach: str,
    searched: str,
    found: str,
) -> None:
    caller, parent = asking
    said: dict[str, Any] = {}
    for each in chosen:
        said |= each if each.keys().isdisjoint(said) else {}
    wanted = Wanted(**said, order_by=order_by, search=searched)
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "COVERED",
            "NEAR",
            "SCATTERED",
            "WORDED",
            "WORDED_LAST",
            "BY_TOTAL",
            "BY_TOTAL_WORDED",
        ):
            if REACHES[reach]:
                patch.setattr(reaches, name, REACHES[reach])
        patch.setattr(lists, "FEW", 0)
        for name, most in zip(("FIRST", "FEW", "MANY", "COMMON"), FOUND[found], strict=True):
            patch.setattr(searching, name, most)
        with scattered.database.transaction(Scope.of(caller)) as tx:
            listed = list(_pages(tx, caller, parent, wanted, size))
    with scattered.database.transaction(EVERYTHING) as tx:
        assert listed == _slowly(tx, caller, parent, wanted)


def _pages(tx: Any, caller: Any, parent: str, wanted: Wanted, size: int) -> Iterator[UUID]:
    token, more = "", True
    while more:
        page = list_orders(
            tx,
            parent=f"enterprises/{parent}",
            caller=caller,
            wanted=wanted,
            size=size,
            token=token,
        )
        assert len(page.items) <= size
        yield from (shown.order.id for shown in page.items)
        token = page.next_token
        more = bool(token)


KEYS: Mapping[str, Callable[[Any], Any]] = {
    "create_time": lambda row: row.id,
    "submit_time": lambda row: (row.submitted_at or row.created_at, row.id),
    "total": lambda row: (row.currency, row.total_amount, row.id),
    "order_no": lambda row: row.order_no,
}


def _slowly(tx: Any, caller: Any, parent: str, wanted: Wanted) -> list[UUID]:
    lines: dict[UUID, set[str]] = {}
    for line in tx.execute(sa.select(order_lines)):
        lines.setdefault(line.order_id, set()).update((line.product, line.pid, line.model))
    fitting = [
        row
        for row in tx.execute(sa.select(orders))
        if _is_seen(row, caller, parent, wanted) and _fits(row, wanted, lines.get(row.id, set()))
    ]
    by = wanted.order_by
    return [row.id for row in sorted(fitting, key=KEYS[by.field], reverse=by.is_descending)]


def _is_seen(row: Any, caller: Any, parent: str, wanted: Wanted) -> bool:
    if parent == "-" or row.enterprise == parent:
        return True
    return bool(row.owner == parent and (caller.is_staff or not wanted.needs_prices))


def _fits(row: Any, wanted: Wanted, products: set[str]) -> bool:
    least = wanted.total_from.amount if wanted.total_from else Decimal(0)
    most = wanted.total_to.amount if wanted.total_to else Decimal("Infinity")
    submitted = (wanted.submitted_from, wanted.submitted_to)
    return all(
        (
            not wanted.states or row.state in wanted.states,
            not wanted.purposes or row.purpose in wanted.purposes,
            wanted.family in (None, row.family),
            wanted.waiting_on in (None, row.waiting_on),
            wanted.owner in ("", row.owner),
            wanted.product in ("", *products),
            wanted.order_no in ("", row.order_no),
            wanted.po_no in ("", row.form.po_no.lower()),
            wanted.contract_no in ("", row.contract_no),
            wanted.business_manager in ("", row.business_manager),
            not any(submitted) or _is_within(row.submitted_at, *submitted),
            _is_within(row.created_at, wanted.created_from, wanted.created_to),
            least <= row.total_amount <= most,
            _says(row, wanted.search.split(), products),
        )
    )


def _says(row: Any, words: list[str], products: set[str]) -> bool:
    """Whether each word is in a number, PID or model; one of two characters begins it."""
    said = " ".join((row.order_no, row.form.po_no, row.form.customer_batch_no, *products)).lower()
    return all((f" {word}" if len(word) < 3 else word) in f" {said}" for word in words)


def _is_within(moment: Any, begin: Any, end: Any) -> bool:
    if moment is None:
        return False
    return (begin is None or begin <= moment) and (end is None or moment < end)
