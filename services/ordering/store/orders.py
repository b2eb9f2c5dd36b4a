"""The orders a transaction may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.ordering.domain.errors import NotYourOrder, OrderNotFound
from services.ordering.domain.order import Order
from services.ordering.domain.purchase_order import Snapshot
from services.ordering.store.kept import Kept
from services.ordering.store.rows import (
    LINES,
    LOCKED,
    OVERDUE,
    WHOLE,
    head_from,
    lines_from,
    whole_from,
)
from services.ordering.store.snapshots import freeze
from shared.caller import Caller
from shared.names import parse
from shared.numbering import NONE_YET, numbered
from shared.sql import run
from shared.storage import is_tried, keep, kept

ORDER = "enterprises/*/orders/*"


class Orders:
    """All orders the transaction may see; what is done to one is written when it ends."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, order: Order) -> None:
        """Keep a new order."""
        keep(self._tx, order.name, Kept(self._tx, order, new=True))

    def get(self, name: str) -> Order:
        """Return the order called `enterprises/*/orders/*`, with its lines; else OrderNotFound."""
        return self._known(name) or self._keep(self.read(name))

    def of(self, name: str, caller: Caller) -> Order:
        """Return an order that `caller` may change; NotYourOrder for who may only read it (R78)."""
        order = self.get(name)
        if not caller.may_see(order.enterprise):
            raise NotYourOrder(order=order.order_no)
        return order

    def resume(self, order: Order, caller: Caller) -> Order:
        """Go on with an order read a moment ago; if it has changed since, it cannot be written."""
        if not caller.may_see(order.enterprise):
            raise NotYourOrder(order=order.order_no)
        return self._keep(order)

    def take(self, name: str) -> Order:
        """Return an order to keep a fact in: locked, as facts of many services come at once."""
        if known := self._known(name):
            return known
        order = head_from(self._one(LOCKED, name))
        order.lines = lines_from(self._one(LINES, name))
        return self._keep(order)

    def read(self, name: str) -> Order:
        """Return an order with its lines, to be looked at only; else OrderNotFound."""
        return whole_from(self._one(WHOLE, name))

    def overdue(self, at: datetime, *, limit: int = 50) -> Sequence[Order]:
        """Return orders that expire, which nothing holds and nobody else is at; without lines."""
        return [self._keep(head_from(text)) for (text,) in self._rows(OVERDUE, at, limit)]

    def freeze(self, snapshot: Snapshot) -> None:
        """Keep what an order's digest stands for, signed."""
        freeze(self._tx, snapshot)

    def next_number(self) -> str:
        """Return the number of a new order: `MR-2026-000123`; there may be gaps.

        One that is only tried is `MR-2026-000000`, and uses none up.
        """
        if is_tried(self._tx):
            return numbered("MR", NONE_YET)
        ((number,),) = self._rows("select nextval('order_numbers')")
        return numbered("MR", number)

    def _known(self, name: str) -> Order | None:
        found = kept(self._tx, name)
        return found.order if isinstance(found, Kept) else None

    def _keep(self, order: Order) -> Order:
        keep(self._tx, order.name, Kept(self._tx, order))
        return order

    def _one(self, statement: str, name: str) -> Any:
        found = self._rows(statement, *key_of(name))
        if not found:
            raise OrderNotFound(order=name)
        return found[0][0]

    def _rows(self, statement: str, *parameters: object) -> Sequence[Sequence[Any]]:
        return run(self._tx, statement, parameters)


def key_of(name: str) -> tuple[str, UUID]:
    """Return the key of the order `name`; OrderNotFound if no order can be called so."""
    enterprise, text = parse(ORDER, name)
    try:
        return enterprise, UUID(text)
    except ValueError:
        raise OrderNotFound(order=name) from None
