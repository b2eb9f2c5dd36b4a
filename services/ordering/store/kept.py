"""An order in a transaction: what it was, and what has to be written when that ends."""

from typing import Any

from sqlalchemy.orm import Session

from services.ordering.domain.order import Order
from services.ordering.store.rows import COLUMNS, line_row
from services.ordering.store.tables import order_lines, orders
from shared import rows
from shared.sql import run
from shared.storage import tell


class Kept:
    """Writes what became of one order: its row, the lines that changed, the events it told."""

    def __init__(self, tx: Session, order: Order, *, new: bool = False) -> None:
        self.order = order
        self._tx = tx
        self._row, self._lines = ({}, {}) if new else (_state(order), _lines(order))

    def write(self) -> None:
        """Store what changed since the last time.

        StaleDataError if another was faster, at the latest when the transaction ends.
        """
        order, row, lines = self.order, _state(self.order), _lines(self.order)
        if not self._row:
            order.version = 1
            rows.insert(self._tx, orders, [row | {"version": 1}])
        elif row != self._row or lines != self._lines:
            self._change({name: row[name] for name in row if row[name] != self._row[name]})
        else:
            return
        self._write_lines(lines)
        tell(self._tx, order)
        self._row, self._lines = _state(order), lines

    def _change(self, changed: dict[str, Any]) -> None:
        order = self.order
        key = {"enterprise": order.enterprise, "id": order.id}
        rows.change(self._tx, orders, key, version=order.version, changed=changed)
        order.version += 1

    def _write_lines(self, lines: dict[int, dict[str, Any]]) -> None:
        gone = [number for number in self._lines if number not in lines]
        key = (self.order.enterprise, self.order.id, gone)
        if gone:
            run(self._tx, _TAKE_OUT, key)
        new = [line for number, line in lines.items() if number not in self._lines]
        rows.insert(self._tx, order_lines, new)
        kept = (number for number in lines if number in self._lines)
        changed = [lines[number] for number in kept if lines[number] != self._lines[number]]
        rows.update(self._tx, order_lines, changed)


_TAKE_OUT = """
    delete from order_lines where enterprise = %s and order_id = %s and line_no = any(%s)
"""


def _state(order: Order) -> dict[str, Any]:
    known = vars(order)
    return {name: known[name] for name in COLUMNS if name != "version"}


def _lines(order: Order) -> dict[int, dict[str, Any]]:
    return {line.line_no: line_row(order, line) for line in vars(order).get("lines", ())}
