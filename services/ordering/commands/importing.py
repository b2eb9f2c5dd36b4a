"""Filling a draft from a spreadsheet: all of its lines, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.ordering.domain import draft
from services.ordering.domain.chart import Act
from services.ordering.domain.meant import Meant
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.service_names import services_called
from services.ordering.domain.sheet import Row
from services.ordering.domain.words import Family
from services.ordering.settings import ours
from services.ordering.store import Orders, knowing
from shared.caller import Caller
from shared.errors import Disallowed, Refusal

MOST_NAMED = 10
"""How many rows a refusal names."""


class LinesNotImported(Disallowed):
    """Nothing was added: rows that cannot be ordered are {rows}. Row {row}: {why}"""

    fix = "Ask with validate_only to be told about every row, mend them and send them again."


@dataclass(frozen=True)
class Sheet:
    """Rows somebody wants to order, and what was asked about them."""

    rows: Sequence[Row]
    meant: Meant
    assortment: Assortment


@dataclass(frozen=True)
class Imported:
    """The order with its new lines, and what became of every row."""

    order: Order
    rows: Sequence[tuple[Row, Refusal | None]]


def import_order_lines(
    tx: Session, *, name: str, caller: Caller, etag: str, sheet: Sheet, dry_run: bool
) -> Imported:
    """Add a line for each row (transition 2); LinesNotImported, or what the draft is refused for.

    In a dry run every row is answered for; else one refused row refuses all.
    """
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    order.insist(Act.CHANGE)
    known = knowing(tx, sheet.assortment, order.enterprise)
    rows = [(row, _add(tx, order, row, replace(sheet, assortment=known))) for row in sheet.rows]
    refused = [(row, why) for row, why in rows if why]
    if refused and not dry_run:
        numbers = ", ".join(str(row.number) for row, _ in refused[:MOST_NAMED])
        more = " …" if len(refused) > MOST_NAMED else ""
        first, why = refused[0]
        raise LinesNotImported(rows=numbers + more, row=first.number, why=why)
    return Imported(order, rows)


def _add(tx: Session, order: Order, row: Row, sheet: Sheet) -> Refusal | None:
    try:
        product = row.refusal or sheet.meant[row.product]
        if isinstance(product, Refusal):
            return product
        licensed = order.family is Family.LICENSE and row.sku
        wanted = draft.Wanted(
            product=product,
            quantity=row.quantity,
            license_type=f"licenseTypes/{row.sku}" if licensed else "",
            services=services_called(row.services, sheet.assortment.services)
            if row.services
            else (),
        )
        draft.add_line(order, wanted, assortment=sheet.assortment, caps=ours(tx).caps)
    except Refusal as refusal:
        return refusal
    return None
