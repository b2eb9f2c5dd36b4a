"""Ordering again what was ordered before: what can be had now, as it is now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.ordering.domain import draft
from services.ordering.domain.errors import NothingOrdered, NothingToReorder
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.rules import Caps
from shared.errors import Refusal


class LeftOut(NamedTuple):
    """A line of an earlier order that is not in the new one, or a service on it."""

    line: OrderLine
    why: Refusal
    service: str = ""
    """What the service is called; empty for the whole line."""


@dataclass(frozen=True)
class Reordered:
    """A new draft, and what of the earlier order is not in it, each with the reason."""

    order: Order
    left_out: list[LeftOut] = field(default_factory=list)

    def insist_something(self, earlier: Order) -> None:
        """Refuse with NothingToReorder, which says why for the first line, if nothing is left."""
        if not self.order.lines:
            first = self.left_out[0]
            line_no = first.line.line_no
            raise NothingToReorder(order=earlier.order_no, line_no=line_no, why=first.why)


def reorder(
    earlier: Order,
    *,
    order_no: str,
    buyer: str,
    assortment: Assortment,
    caps: Caps,
    license_contract: bool = False,
) -> Reordered:
    """Return a new draft like `earlier`, whatever became of that; NothingOrdered without lines.

    Products, quantities and services are taken from it, all else from the assortment of now. It
    has to have a PO and a batch number of its own.
    """
    if not earlier.lines:
        raise NothingOrdered(order=earlier.order_no)
    made = Reordered(
        draft.create(
            enterprise=earlier.enterprise,
            order_no=order_no,
            purpose=earlier.purpose,
            family=earlier.family,
            buyer=buyer,
            form=earlier.form.again(),
            wanted=(),
            assortment=assortment,
            caps=caps,
            license_contract=license_contract,
        )
    )
    for line in earlier.lines:
        try:
            draft.add_line(made.order, _wanted(line), assortment=assortment, caps=caps)
        except Refusal as refusal:
            made.left_out.append(LeftOut(line, refusal))
        else:
            made.left_out.extend(_not_on_top(made.order, line, assortment, caps))
    return made


def _not_on_top(
    order: Order, earlier: OrderLine, assortment: Assortment, caps: Caps
) -> Iterator[LeftOut]:
    """Put the services of a line on its new one, the last of `order`; yield what cannot be had."""
    line = order.lines[-1]
    for service in earlier.services:
        wanted = [*line.on_top, service.service]
        try:
            draft.change_services(
                order, line_no=line.line_no, services=wanted, assortment=assortment, caps=caps
            )
        except Refusal as refusal:
            yield LeftOut(earlier, refusal, service.display_name)


def _wanted(line: OrderLine) -> draft.Wanted:
    return draft.Wanted(
        product=line.product, quantity=line.quantity, license_type=line.license_type
    )
