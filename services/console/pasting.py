"""Prices as they stand in a spreadsheet: to be copied out of a list, and pasted into one.

One tier a row: item, from how many on, price of a piece; in an item's first row the price per order
and the setup fee may follow. Columns are parted by tabs, or by semicolons.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from millrun.catalog.v1.module_pb2 import PriceTier
from millrun.catalog.v1.price_list_pb2 import PriceEntry
from millrun.catalog.v1.value_added_service_pb2 import Charge

from services.console.filters import plain
from shared.errors import Malformed
from shared.web import Form
from shared.web.typed import AmountNotUnderstood, amount_of

COLUMNS = 5
TIERS = 6
"""Price tiers the form for one item has room for."""


class RowNotUnderstood(Malformed):
    """Line {line} of the table cannot be read: {text}"""

    fix = "Write item, quantity and price, parted by tabs or semicolons, as wr3e; 500; 12.80."


@dataclass
class _Row:
    line: int
    item: str
    quantity: str = ""
    prices: list[str] = field(default_factory=list)


def entries_of(text: str, currency: str) -> list[PriceEntry]:
    """Read a pasted table; RowNotUnderstood names the line that cannot be read."""
    found: dict[str, PriceEntry] = {}
    for row in _rows(text):
        entry = found.setdefault(row.item, PriceEntry(item=row.item))
        try:
            _add(entry.charge, row.quantity, row.prices, currency)
        except (AmountNotUnderstood, ValueError):
            raise _bad(row.line, "; ".join([row.item, row.quantity, *row.prices])) from None
    for entry in found.values():
        entry.charge.price_tiers.sort(key=lambda tier: tier.from_quantity)
    return list(found.values())


def text_of(entries: Iterable[PriceEntry]) -> str:
    """Return the prices of a list as a table that can be pasted again."""
    return "\n".join("\t".join(row) for entry in entries for row in _table(entry))


def entry_from(form: Form, currency: str) -> PriceEntry:
    """Read the form for one item: its tiers and fees; nothing filled in takes it off the list."""
    charge = Charge()
    for number in range(1, TIERS + 1):
        quantity, price = form[f"from_{number}"], form[f"unit_price_{number}"]
        if quantity or price:
            charge.price_tiers.append(
                PriceTier(
                    from_quantity=form.number(f"from_{number}"),
                    unit_price=amount_of(price, f"unit_price_{number}", currency),
                )
            )
    for fee in ("price_per_order", "setup_fee"):
        if form[fee]:
            getattr(charge, fee).CopyFrom(amount_of(form[fee], fee, currency))
    return PriceEntry(item=form["item"], charge=charge)


def _rows(text: str) -> Iterator[_Row]:
    for line, row in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in row.replace(";", "\t").split("\t")]
        if not any(cells):
            continue
        if len(cells) > COLUMNS or len(cells) < 2 or not cells[0]:
            raise _bad(line, row)
        item = cells[0] if "/" in cells[0] else f"modules/{cells[0]}"
        yield _Row(line, item, cells[1], cells[2:])


def _add(charge: Charge, quantity: str, prices: Sequence[str], currency: str) -> None:
    unit_price, per_order, setup_fee = [*prices, "", "", ""][:3]
    if quantity or unit_price:
        many = int(quantity.replace(",", ""))
        price = amount_of(unit_price, "table", currency)
        charge.price_tiers.append(PriceTier(from_quantity=many, unit_price=price))
    for name, fee in (("price_per_order", per_order), ("setup_fee", setup_fee)):
        if fee:
            getattr(charge, name).CopyFrom(amount_of(fee, "table", currency))


def _table(entry: PriceEntry) -> Iterator[list[str]]:
    charge = entry.charge
    fees = [
        plain(getattr(charge, fee)) if charge.HasField(fee) else ""
        for fee in ("price_per_order", "setup_fee")
    ]
    tiers = [[str(t.from_quantity), plain(t.unit_price)] for t in charge.price_tiers]
    first, *others = tiers or [["", ""]]
    yield [entry.item, *first, *(fees if any(fees) else [])]
    yield from ([entry.item, *tier] for tier in others)


def _bad(line: int, text: str) -> RowNotUnderstood:
    return RowNotUnderstood(field="table", line=line, text=text[:80])
