"""Orders as a file to take away."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.ordering.domain import table
from services.ordering.domain.form import Address
from services.ordering.domain.listing import TooManyOrders, Wanted
from services.ordering.domain.table import Cell
from services.ordering.queries.lists import find
from services.ordering.store import order_lines, orders
from shared.caller import Caller
from shared.documents import Document, digest_of
from shared.money import Money


class Format(Enum):
    """What kind of file it is."""

    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


MOST: Mapping[Format, int] = {Format.CSV: 50_000, Format.XLSX: 20_000}
"""How many rows one file has: as many as are made while somebody waits for it."""

AT_ONCE = 1_000
"""Of how many orders lines are read with one statement."""

_SHOWN = ("enterprise", "id", "order_no", "state", "purpose", "family", "owner", "currency",
    "total_amount", "settled_amount", "form", "holds", "waiting_on", "waiting_task",
    "waiting_since", "enterprise_legal_name", "business_manager_display_name", "contract_no",
    "close_reason", "created_at", "submitted_at", "updated_at")  # fmt: skip
_LINES = ("line_no", "pid", "product", "display_name", "model", "module_display_name",
    "firmware_version", "license_type_display_name", "quantity", "finished_quantity",
    "shipped_quantity", "received_quantity", "price", "currency", "services")  # fmt: skip

OF_ORDER = ("order_no", "state", "held", "purpose", "family", "customer", "enterprise",
    "product_owner", "po_no", "customer_batch_no", "model_no", "material_model",
    "requested_delivery_date", "delivery_recipient", "delivery_city", "delivery_country",
    "contract_no", "waiting_on", "waiting_task", "waiting_since", "business_manager", "currency",
    "total", "settled", "create_time", "submit_time", "update_time", "close_reason")  # fmt: skip
OF_LINE = ("line_no", "pid", "product", "display_name", "model", "module", "firmware_version",
    "license_type", "quantity", "finished_quantity", "shipped_quantity", "received_quantity",
    "unit_price", "amount", "services", "services_amount", "line_total")  # fmt: skip
"""What the columns are called, in the file's first row."""


def export_orders(
    tx: Session, *, parent: str, caller: Caller, wanted: Wanted, kind: Format, by_line: bool
) -> Document:
    """Return the wanted orders as a file; NotYourSpace, TooManyOrders."""
    most = MOST[kind]
    columns = tuple(orders.c[name] for name in _SHOWN)
    found = find(tx, parent=parent, caller=caller, wanted=wanted, most=most + 1, columns=columns)
    rows = _by_line(tx, caller, found) if by_line else (_of_order(row, caller) for row in found)
    kept = list(islice(rows, most + 1)) if len(found) <= most else []
    if len(found) > most or len(kept) > most:
        raise TooManyOrders(most=f"{most:,}")
    head = OF_ORDER + OF_LINE if by_line else OF_ORDER
    content = (
        table.as_csv(head, kept) if kind is Format.CSV else table.as_workbook("Orders", head, kept)
    )
    return Document(
        digest=digest_of(content),
        enterprise=caller.enterprise,
        media_type=kind.value,
        content=content,
    )


def _of_order(row: Any, caller: Caller) -> list[Cell]:
    form, address = row.form, row.form.delivery_address or Address()
    # Who only owns the products sees neither prices nor the contract (R78).
    priced = caller.may_see(row.enterprise) and bool(row.currency)
    return [
        row.order_no,
        row.state.name,
        "HELD" if row.holds else "",
        row.purpose.name,
        row.family.name,
        row.enterprise_legal_name,
        f"enterprises/{row.enterprise}",
        f"enterprises/{row.owner}" if row.owner else "",
        form.po_no,
        form.customer_batch_no,
        form.model_no,
        form.material_model,
        form.requested_delivery_date,
        address.recipient,
        address.city,
        address.country_code,
        row.contract_no if priced else "",
        row.waiting_on.name if row.waiting_on else "",
        row.waiting_task,
        row.waiting_since,
        row.business_manager_display_name,
        row.currency if priced else "",
        row.total_amount if priced else None,
        # Nothing, too, is said in coins, as every other amount of the column.
        Money(row.currency, row.settled_amount).rounded().amount if priced else None,
        row.created_at,
        row.submitted_at,
        row.updated_at,
        row.close_reason,
    ]


def _by_line(tx: Session, caller: Caller, found: Sequence[Any]) -> Iterator[list[Cell]]:
    for begin in range(0, len(found), AT_ONCE):
        some = found[begin : begin + AT_ONCE]
        lines = _lines_of(tx, some)
        for row in some:
            said = _of_order(row, caller)
            priced = caller.may_see(row.enterprise)
            yield from (said + _of_line(line, priced) for line in lines.get(row.id, ()))


def _of_line(line: Any, priced: bool) -> list[Cell]:
    price = Money(line.currency, line.price)
    amount = (price * line.quantity).rounded()
    services = [each.amount(line.quantity) for each in line.services]
    on_top = Money.total([Money(line.currency, Decimal(0)), *services])
    return [
        line.line_no,
        line.pid,
        line.product,
        line.display_name,
        line.model,
        line.module_display_name,
        line.firmware_version,
        line.license_type_display_name,
        line.quantity,
        line.finished_quantity,
        line.shipped_quantity,
        line.received_quantity,
        price.amount if priced else None,
        amount.amount if priced else None,
        # As an import reads them.
        "; ".join(each.service.rpartition("/")[2] for each in line.services),
        on_top.amount if priced else None,
        (amount + on_top).amount if priced else None,
    ]


def _lines_of(tx: Session, found: Sequence[Any]) -> dict[UUID, list[Any]]:
    told = {"enterprises": [row.enterprise for row in found], "ids": [row.id for row in found]}
    lines: dict[UUID, list[Any]] = {}
    for line in tx.execute(_READ, told):
        lines.setdefault(line.order_id, []).append(line)
    return lines


_KEYS = (
    sa.func.unnest(
        sa.bindparam("enterprises", type_=ARRAY(sa.Text)), sa.bindparam("ids", type_=ARRAY(sa.Uuid))
    )
    .table_valued(sa.column("enterprise", sa.Text), sa.column("order_id", sa.Uuid))
    .render_derived(name="asked")
)
_READ = (
    sa.select(order_lines.c.order_id, *(order_lines.c[name] for name in _LINES))
    .join(
        _KEYS,
        (_KEYS.c.enterprise == order_lines.c.enterprise)
        & (_KEYS.c.order_id == order_lines.c.order_id),
    )
    .order_by(order_lines.c.order_id, order_lines.c.line_no)
)
