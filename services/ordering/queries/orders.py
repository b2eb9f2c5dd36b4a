"""One order."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.ordering.domain.duplicates import Duplicate
from services.ordering.domain.ending import liability_of
from services.ordering.domain.errors import NotYourOrder, OrderNotFound
from services.ordering.domain.form import OrderForm
from services.ordering.domain.liability import Liability
from services.ordering.domain.obstacles import Obstacle, obstacles
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.order import Order
from services.ordering.queries.shown import Shown, show
from services.ordering.settings import ours
from services.ordering.store import Orders, duplicates_of, key_of, knowing, order_lines, orders
from shared.caller import Caller


def get_order(tx: Session, *, name: str, caller: Caller) -> Shown:
    """Return one order, with its lines."""
    return show(tx, caller, Orders(tx).read(name))


def get_liability(tx: Session, *, name: str, caller: Caller) -> Liability | None:
    """Return what ending an order costs now; None where nobody is to be asked, or it is late."""
    order = Orders(tx).read(name)
    if not caller.may_see(order.enterprise):
        raise NotYourOrder(order=order.order_no)
    return liability_of(order, ours(tx).percentages)


def find_order(tx: Session, *, name: str) -> Order | None:
    """Return an order to go on with in a command, None if there is none of that name."""
    try:
        return Orders(tx).read(name)
    except OrderNotFound:
        return None


def list_duplicates(
    tx: Session, *, name: str, caller: Caller, form: OrderForm | None
) -> list[Duplicate]:
    """Return the earlier orders an order would look like if it were submitted with `form`."""
    order = Orders(tx).read(name)
    if not caller.may_see(order.enterprise):
        raise NotYourOrder(order=order.order_no)
    return duplicates_of(tx, order, form or order.form, ours(tx).likeness)


def list_obstacles(
    tx: Session, *, name: str, caller: Caller, assortment: Assortment
) -> list[Obstacle]:
    """Return what in a draft can no longer be ordered, given what may be ordered now."""
    order = Orders(tx).read(name)
    if not caller.may_see(order.enterprise):
        raise NotYourOrder(order=order.order_no)
    known = knowing(tx, assortment, order.enterprise)
    return obstacles(order, assortment=known, caps=ours(tx).caps)


def basket_of(tx: Session, *, name: str, line_no: int = 0) -> Basket:
    """Return what an order is for and how many of which products it has, or one line of it.

    An order that is not there, or has no lines, is for nothing.
    """
    enterprise, order_id = key_of(name)
    key = {"enterprise": enterprise, "order_id": order_id, "line_no": line_no}
    rows = tx.execute(_BASKET, key).all()
    if not rows:
        return Basket(None, {})
    on_top = any(row.services for row in rows)
    empty = Basket(rows[0].purpose, {}, rows[0].family, on_top)
    return empty.having((row.product, row.quantity) for row in rows if row.product)


_LINES = order_lines.c
_BASKET = (
    sa.select(
        orders.c.purpose,
        orders.c.family,
        _LINES.product,
        _LINES.quantity,
        (sa.type_coerce(_LINES.services, JSONB) != sa.literal_column("'[]'::jsonb")).label(
            "services"
        ),
    )
    .outerjoin(
        order_lines,
        (_LINES.enterprise == orders.c.enterprise)
        & (_LINES.order_id == orders.c.id)
        & sa.bindparam("line_no", type_=sa.Integer).in_((0, _LINES.line_no)),
    )
    .where(orders.c.enterprise == sa.bindparam("enterprise"))
    .where(orders.c.id == sa.bindparam("order_id"))
    .order_by(_LINES.line_no)
)
