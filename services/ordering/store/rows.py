"""An order as rows, and rows as an order: by hand, as every command of an order passes here."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.ordering.domain.line import OrderLine
from services.ordering.domain.order import Order
from services.ordering.store.tables import SERVICES, Value, order_lines, orders
from shared import rows
from shared.prepared import Prepared

COLUMNS = tuple(column.name for column in orders.c if column.computed is None)
LINE_COLUMNS = tuple(
    column.name for column in order_lines.c if column.name not in {"enterprise", "order_id"}
)
AMOUNTS = tuple(name for name in LINE_COLUMNS if isinstance(order_lines.c[name].type, sa.Numeric))

_HEAD = f"(select to_json(h) from (select {rows.names_of(COLUMNS, 'o.')}) as h)"  # noqa: S608 (no input)
_LINES = f"""
    (select json_agg(to_json(l) order by l.line_no)
    from (
        select {rows.names_of(LINE_COLUMNS)} from order_lines
        where enterprise = o.enterprise and order_id = o.id
    ) as l)
"""  # noqa: S608 (no input)

# As one text: to take fifty columns apart costs the driver and SQLAlchemy more than JSON does.
WHOLE = Prepared(
    f"""
    select json_build_array({_HEAD}, {_LINES})::text from orders as o
    where o.enterprise = %s and o.id = %s
    """,  # noqa: S608 (no input)
    *("text", "uuid"),
)
"""One statement, so that order and lines are of one moment, and the order's version guards both."""

LOCKED = f"select {_HEAD}::text from orders as o where enterprise = %s and id = %s for update"  # noqa: S608 (no input)
LINES = f"select {_LINES}::text from orders as o where o.enterprise = %s and o.id = %s"  # noqa: S608 (no input)
"""The lines in a second statement: having waited for the lock, one would show them as they were."""

OVERDUE = f"""
    select {_HEAD}::text from orders as o
    where expires_at <= %s and holds = '[]' and settled_amount = 0 and not buyer_signed
    order by expires_at limit %s for update skip locked
"""  # noqa: S608 (no input)


def whole_from(text: str) -> Order:
    """Return the order that WHOLE selected, with its lines."""
    head, lines = json.loads(text, parse_float=Decimal)
    order = _order_from(head)
    order.lines = [_line_from(line) for line in lines or ()]
    return order


def head_from(text: str) -> Order:
    """Return the order that LOCKED or OVERDUE selected, without its lines."""
    return _order_from(json.loads(text, parse_float=Decimal))


def lines_from(text: str | None) -> list[OrderLine]:
    """Return the lines that LINES selected, amounts exactly as they are stored."""
    return [_line_from(line) for line in json.loads(text or "[]", parse_float=Decimal)]


def line_row(order: Order, line: OrderLine) -> dict[str, Any]:
    """Return a line as a row."""
    return {"enterprise": order.enterprise, "order_id": order.id, **vars(line)}


def _order_from(row: dict[str, Any]) -> Order:
    for name, read in _READ.items():
        if (value := row[name]) is not None:
            row[name] = read(value)
    order = Order.__new__(Order)
    vars(order).update(row)
    return order


def _line_from(row: dict[str, Any]) -> OrderLine:
    for name in AMOUNTS:
        row[name] = Decimal(row[name])
    # Most lines have none, and to read nothing takes no time.
    row["services"] = SERVICES.read(row["services"]) if row["services"] else ()
    return OrderLine(**row)


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    match column.type:
        case sa.Enum(enum_class=words) if words is not None:
            return words.__members__.__getitem__
        case sa.DateTime():
            return datetime.fromisoformat
        case sa.Uuid():
            return UUID
        case sa.Numeric():
            return Decimal
        case Value() as value:
            return value.read
    return None


_READ = {
    column.name: read for column in orders.c if column.name in COLUMNS and (read := _reader(column))
}
"""What a column holds other than what JSON does."""
