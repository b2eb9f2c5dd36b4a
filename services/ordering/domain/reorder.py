"""Ordering again what was ordered before: what can be had now, as it is now."""

from dataclasses import dataclass, field

from services.ordering.domain import draft
from services.ordering.domain.errors import NothingOrdered, NothingToReorder
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.rules import Caps
from shared.errors import Refusal


@dataclass(frozen=True)
class Reordered:
    """A new draft, and the lines of the earlier order that are not in it, each with the reason."""

    order: Order
    left_out: list[tuple[OrderLine, Refusal]] = field(default_factory=list)

    def insist_something(self, earlier: Order) -> None:
        """Refuse with NothingToReorder, which says why for the first line, if nothing is left."""
        if not self.order.lines:
            line, why = self.left_out[0]
            raise NothingToReorder(order=earlier.order_no, line_no=line.line_no, why=why)


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

    Products and quantities are taken from it, all else from the assortment of now. It has to have a
    PO and a batch number of its own.
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
            made.left_out.append((line, refusal))
    return made


def _wanted(line: OrderLine) -> draft.Wanted:
    return draft.Wanted(
        product=line.product, quantity=line.quantity, license_type=line.license_type
    )
