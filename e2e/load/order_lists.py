"""Lists of orders at the database: a million orders, and a page of them by what people ask for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

import psycopg

from e2e.load.catalogue import median, once, repeated, server
from e2e.load.figures import Figure
from e2e.load.rows import conninfo
from e2e.load.timing import percentile
from services.ordering.domain.listing import OrderBy, Wanted
from services.ordering.domain.words import Family, Party, Purpose, State
from services.ordering.queries import list_orders
from services.ordering.service import service
from shared.caller import Caller, Role
from shared.migrations import migrate, prepare
from shared.money import Money
from shared.storage import Database, Scope

BESIDE = "ordering_lists"
"""The database it is measured in."""

ORDERS = 1_000_000
MARK = 20.0
"""Milliseconds of a page of 50."""

BUYER = frozenset({Role.BUYER})
MANY = Caller(account="accounts/b", enterprise="many", roles=BUYER)
"""A customer that placed every fifth order."""

FEW = Caller(account="accounts/b", enterprise="e7", roles=BUYER)
BRAND = Caller(account="accounts/b", enterprise="brand", roles=BUYER)
"""Placed none; every tenth order is for its products."""

STAFF = Caller(account="accounts/m3", roles=frozenset({Role.BUSINESS_MANAGER}))
ASKING = (
    ("many", MANY, "enterprises/many"),
    ("few", FEW, "enterprises/e7"),
    ("brand", BRAND, "enterprises/brand"),
    ("staff", STAFF, "enterprises/-"),
)


def _day(month: int, day: int) -> datetime:
    return datetime(2025, month, day, tzinfo=UTC)


def _cny(amount: int) -> Money:
    return Money("CNY", Decimal(amount))


ASKED = {
    "all": Wanted(),
    "state": Wanted(states=frozenset({State.INTENTION})),
    "state.rare": Wanted(states=frozenset({State.REJECTED})),
    "state.none": Wanted(states=frozenset({State.REPLACED})),
    "states": Wanted(states=frozenset({State.DRAFT, State.INTENTION, State.IN_PRODUCTION})),
    "purpose": Wanted(purposes=frozenset({Purpose.DEBUGGING})),
    "family": Wanted(family=Family.LICENSE),
    "waiting": Wanted(waiting_on=Party.FINANCE),
    "owner": Wanted(owner="brand"),
    "product": Wanted(product="pid0000000000017"),
    "po": Wanted(po_no="po-500001"),
    "po.frame": Wanted(po_no="frame-7"),
    "order_no": Wanted(order_no="MR-2025-500000"),
    "contract_no": Wanted(contract_no="MC-500000"),
    "day": Wanted(submitted_from=_day(3, 1), submitted_to=_day(3, 2)),
    "quarter": Wanted(submitted_from=_day(1, 1), submitted_to=_day(4, 1)),
    "quarter.state": Wanted(
        created_from=_day(1, 1), created_to=_day(4, 1), states=frozenset({State.INTENTION})
    ),
    "total": Wanted(total_from=_cny(1000), total_to=_cny(1010)),
    "total.state": Wanted(
        total_from=_cny(1000), total_to=_cny(20_000), states=frozenset({State.INTENTION})
    ),
    "by.total": Wanted(order_by=OrderBy.LARGEST),
    "by.submit": Wanted(order_by=OrderBy.FIRST_SUBMITTED),
    "by.number": Wanted(order_by=OrderBy.LAST_NUMBER),
    "search.number": Wanted(search="2025-500001"),
    "search.part": Wanted(search="po-0042"),
    "search.year": Wanted(search="mr-2024"),
    "search.pid": Wanted(search="0017"),
    "search.common": Wanted(search="mr"),
    "search.nothing": Wanted(search="zzzz"),
}
BY_STAFF = {
    "manager": Wanted(business_manager="accounts/m3"),
    "manager.state": Wanted(business_manager="accounts/m3", states=frozenset({State.INTENTION})),
    "manager.waiting": Wanted(business_manager="accounts/m3", waiting_on=Party.BUSINESS_MANAGER),
}
"""What only the vendor's people ask: a customer has one manager."""

CUT: dict[str, dict[str, Any]] = {
    "state": {"states": frozenset({State.INTENTION})},
    "state.young": {"states": frozenset({State.CONFIRMED})},
    "state.old": {"states": frozenset({State.EXPIRED})},
    "state.none": {"states": frozenset({State.REPLACED})},
    "state.most": {"states": frozenset({State.COMPLETED})},
    "states": {"states": frozenset({State.DRAFT, State.INTENTION, State.IN_PRODUCTION})},
    "purpose": {"purposes": frozenset({Purpose.DEBUGGING})},
    "family": {"family": Family.LICENSE},
    "waiting": {"waiting_on": Party.FINANCE},
    "owner": {"owner": "brand"},
    "product": {"product": "pid0000000000017"},
    "po": {"po_no": "po-500001"},
    "po.frame": {"po_no": "frame-7"},
    "day": {"submitted_from": _day(3, 1), "submitted_to": _day(3, 2)},
    "quarter": {"submitted_from": _day(1, 1), "submitted_to": _day(4, 1)},
    "made": {"created_from": _day(1, 1), "created_to": _day(4, 1)},
    "since": {"created_from": _day(6, 1)},
    "total": {"total_from": _cny(1000), "total_to": _cny(1010)},
    "totals": {"total_from": _cny(1000), "total_to": _cny(20_000)},
    "manager": {"business_manager": "accounts/m3"},
    "search.number": {"search": "2025-500001"},
    "search.part": {"search": "po-0042"},
    "search.frame": {"search": "frame-7"},
    "search.year": {"search": "mr-2024"},
    "search.pid": {"search": "0017"},
    "search.model": {"search": "ws-001"},
    "search.digits": {"search": "099"},
    "search.common": {"search": "mr"},
    "search.nothing": {"search": "zzzz"},
}
"""What lists are cut by, alone and in pairs, in every order there is."""

PAIRS = (
    ("state", "purpose"),
    ("state", "waiting"),
    ("state", "owner"),
    ("state.young", "manager"),
    ("state", "quarter"),
    ("state.young", "made"),
    ("state.most", "waiting"),
    ("state.most", "since"),
    ("states", "manager"),
    ("waiting", "manager"),
    ("waiting", "purpose"),
    ("owner", "quarter"),
    ("manager", "quarter"),
    ("purpose", "totals"),
    ("po.frame", "state"),
    ("search.year", "state"),
    ("search.year", "made"),
    ("search.frame", "state"),
    ("search.pid", "waiting"),
    ("search.pid", "manager"),
    ("search.common", "quarter"),
    ("search.common", "state.young"),
)

PAGE = "select * from orders where enterprise = 'many' order by id desc limit 50"


def figures() -> Iterator[Figure]:
    """Yield how long a first page takes at the database, beside the bare page, and its mark."""
    with server() as superuser_url:
        yield from measured(superuser_url, ORDERS)


def measured(superuser_url: str, orders: int) -> Iterator[Figure]:
    """Yield it for so many orders."""
    access = prepare(superuser_url, service.name, database=BESIDE)
    migrate(service.name, access.owner_url)
    with psycopg.connect(conninfo(superuser_url, BESIDE), autocommit=True) as connection:
        fill(connection, orders)
        limit = median(lambda: connection.execute(PAGE).fetchall())
    settings = service.settings(database_url=access.app_url, owner_database_url=access.owner_url)
    with Database(
        access.app_url, name=service.name, events=service.events, settings=settings
    ) as database:
        for name, wanted, (whose, caller, parent) in asked():
            taken = median(partial(first_page, database, caller, parent, wanted))
            yield Figure(
                name=f"orders.{name}.{whose}", value=taken, unit="ms", limit=limit, mark=MARK
            )
        yield from sorted_anyhow(database, limit)
    with psycopg.connect(conninfo(superuser_url, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {BESIDE} with (force)")


def asked() -> Iterator[tuple[str, Wanted, tuple[str, Caller, str]]]:
    """Yield what is measured: a name, what is asked for, and who asks."""
    for (name, wanted), who in product(ASKED.items(), ASKING):
        yield name, wanted, who
    for name, wanted in BY_STAFF.items():
        yield name, wanted, ASKING[-1]


def sorted_anyhow(database: Database, limit: float) -> Iterator[Figure]:
    """Yield it for lists cut by one or two things: of all orders they can be sorted in, the median
    of the slowest and the 99th percentile; and last, of the first time a process is asked for a
    kind of list, when it makes the statements it keeps."""
    first: list[float] = []
    for name, cut, (whose, caller, parent) in cuts():
        taken = []
        for order_by in OrderBy:
            page = partial(first_page, database, caller, parent, Wanted(**cut, order_by=order_by))
            first.append(once(page))
            taken.append(repeated(page))
        slowest = max(percentile(each, 0.5) for each in taken)
        most = percentile([each for some in taken for each in some], 0.99)
        for label, value in (("p50", slowest), ("p99", most)):
            named = f"sorted.{name}.{whose}.{label}"
            yield Figure(name=named, value=value, unit="ms", limit=limit, mark=MARK)
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        value = percentile(first, share)
        yield Figure(name=f"sorted.first.{label}", value=value, unit="ms", limit=limit)


def cuts() -> Iterator[tuple[str, dict[str, Any], tuple[str, Caller, str]]]:
    """Yield what is measured in every order: a name, what it is cut by, and who asks."""
    sets = {name: (name,) for name in CUT} | {"+".join(pair): pair for pair in PAIRS}
    for (name, parts), who in product(sets.items(), ASKING):
        if "manager" not in parts or who is ASKING[-1]:
            yield name, {key: value for each in parts for key, value in CUT[each].items()}, who


def first_page(database: Database, caller: Caller, parent: str, wanted: Wanted) -> None:
    with database.transaction(Scope.of(caller), read_only=True) as tx:
        list_orders(tx, caller=caller, parent=parent, wanted=wanted, size=50, token="")


def fill(connection: psycopg.Connection, orders: int) -> None:
    """Insert orders of two years with a line each; their indexes are made afterwards, at once.

    Every fiftieth is of one frame order, and has its number.
    """
    indexes = connection.execute(_INDEXES).fetchall()
    connection.execute("set session_replication_role = replica")
    connection.execute("set maintenance_work_mem = '256MB'")
    for name, _ in indexes:
        connection.execute(f"drop index {name}")
    told = {"orders": orders, "seconds": 2 * 365 * 86_400 / orders}
    for statement in (FILL, LINES, WORDS):
        connection.execute(statement, told)
    for _, definition in indexes:
        connection.execute(definition)
    connection.execute("vacuum analyze")


_INDEXES = """
    select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
    where indrelid in ('orders'::regclass, 'order_lines'::regclass, 'order_words'::regclass)
        and not exists (select from pg_constraint where conindid = indexrelid)
"""
FILL = """
    insert into orders (enterprise, version, sequence, id, order_no, state, purpose, family, owner,
        currency, total_amount, settled_amount, last_line_no, form, gates, holds, waiting_on,
        waiting_task, waiting_since, snapshot_digest, buyer, enterprise_legal_name,
        business_manager, business_manager_display_name, business_manager_email, project_manager,
        price_confirmed_by, contract, contract_no, revision, amendment, addendum_open,
        buyer_signed, invoice_requested, production_cleared, shipping_cleared, close_reason,
        replaces, replaced_by, attachments, created_at, submitted_at, updated_at)
    select whose, 1, 1, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
            || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
        'MR-' || to_char(at, 'YYYY') || '-' || lpad((n - 1)::text, 6, '0'), state,
        case when hash %% 50 = 0 then 'DEBUGGING' else 'MASS_PRODUCTION' end,
        case when hash %% 300 = 0 then 'LICENSE' else 'HARDWARE_MODULE' end,
        case when n %% 10 = 3 then 'brand' else whose end, 'CNY', hash %% 5000000 / 100.0, 0, 1,
        jsonb_build_object('po_no', case when n %% 50 = 0 then 'FRAME-7' else
                'PO-' || lpad(n::text, 6, '0') end, 'customer_batch_no', 'B-' || n, 'model_no',
            '', 'material_model', '', 'remarks', '', 'requested_delivery_date', '',
            'invoice_title', null, 'delivery_address', jsonb_build_object('recipient', '',
            'phone', '', 'street', '', 'city', '', 'region', '', 'postal_code', '',
            'country_code', '')),
        '{"price": "PENDING", "software": "PENDING", "contract": "PENDING", "deposit": "PENDING",
            "production": "PENDING", "balance": "PENDING", "shipment": "PENDING",
            "receipt": "PENDING", "invoice": "PENDING"}', '[]',
        case when state <> 'COMPLETED' then
            (array['BUYER', 'BUSINESS_MANAGER', 'FINANCE'])[1 + hash %% 3] end,
        '', at, '', '', '', 'accounts/m' || abs(hashtext(whose)) %% 30, '', '', '', '', '',
        'MC-' || n, 0, 0, false, false, false, false, false, '', '', '', '[]',
        at, case when state <> 'DRAFT' then at + interval '1 hour' end, at
    from (
        select n, abs(hashint4(n)) as hash, case when n %% 5 = 0 then 'many'
                else 'e' || abs(hashint4(n)) %% 500 end as whose,
            now() - (%(orders)s - n) * %(seconds)s * interval '1 second' as at,
            (array['DRAFT', 'INTENTION', 'INTENTION', 'IN_PRODUCTION', 'SHIPPED', 'CANCELLED',
                'REJECTED'])[1 + abs(hashint4(n + 1)) %% 60] as seldom
        from generate_series(1, %(orders)s) as n
    ) as made, lateral (select coalesce(seldom,
        case when hash %% 2 = 0 and n > 0.97 * %(orders)s then 'CONFIRMED'
            when hash %% 2 = 0 and n < 0.03 * %(orders)s then 'EXPIRED'
            else 'COMPLETED' end) as state) as stands
"""
LINES = """
    insert into order_lines (enterprise, order_id, line_no, product, owner, quantity, pid,
        display_name, model, module, module_display_name, firmware, firmware_version,
        firmware_digest, lead_time_days, currency, list_price, price, finished_quantity,
        shipped_quantity, received_quantity, price_reason, license_type, license_type_display_name)
    select enterprise, id, 1, 'enterprises/' || owner || '/products/' || pid, owner, 100, pid, '',
        'WS-' || right(pid, 4), '', '', '', '', '', 21, 'CNY', 9.5, 9.5, 0, 0, 0, '', '', ''
    from orders, lateral (
        select 'pid' || lpad((abs(hashtext(order_no)) %% 2000)::text, 13, '0') as pid
    ) as made
"""
WORDS = """
    insert into order_words (order_id, enterprise, owner, total_key, placed_at, words)
    select id, o.enterprise, o.owner, total_key, placed_at, lower(concat_ws(' ', '', order_no,
        form->>'po_no', form->>'customer_batch_no', pid, model))
    from orders as o join order_lines as l on l.enterprise = o.enterprise and order_id = id
    order by id
"""
