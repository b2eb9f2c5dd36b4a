"""What can be known about orders."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.ordering.domain.errors import NotYourSpace, OrderNotFound
from services.ordering.domain.offer import Basket
from services.ordering.domain.order import Order
from services.ordering.domain.words import Party, State
from services.ordering.settings import ours
from services.ordering.store import Orders, key_of, order_lines, orders
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, decode, encode, size_of

ALL = "-"


@dataclass(frozen=True, slots=True)
class Shown:
    """An order, or the row of one in a list, as somebody may see it."""

    order: Any
    """An Order, or a row with the columns of `orders`."""

    priced: bool
    """Whether money is shown: not to the products' owner, who did not order (R78)."""

    hotline: str


def show(tx: Session, caller: Caller, order: Order) -> Shown:
    """Return `order` as `caller` may see it."""
    return Shown(order, caller.may_see(order.enterprise), ours(tx).vendor.hotline)


def get_order(tx: Session, *, name: str, caller: Caller) -> Shown:
    """Return one order, with its lines."""
    return show(tx, caller, Orders(tx).read(name))


def find_order(tx: Session, *, name: str) -> Order | None:
    """Return an order to go on with in a command, None if there is none of that name."""
    try:
        return Orders(tx).read(name)
    except OrderNotFound:
        return None


def list_orders(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    states: Collection[State],
    search: str,
    waiting_on: Party | None,
    size: int,
    token: str,
) -> Page[Shown]:
    """Return a page of the orders of an enterprise and those for its products, newest first."""
    (enterprise,) = parse("enterprises/*", parent)
    # For a customer "-" is an enterprise that is not theirs.
    if not caller.may_see(enterprise):
        raise NotYourSpace(enterprise=enterprise)
    told = {
        "enterprise": enterprise if enterprise != ALL else None,
        "states": list(states),
        "search": search,
        "waiting_on": waiting_on,
        "before": decode(token) if token else None,
    }
    told = {name: value for name, value in told.items() if value}
    most, hotline = size_of(size), ours(tx).vendor.hotline
    # One more than shown tells whether there is another page; nothing is ever counted.
    rows = tx.execute(_page(frozenset(told)), told | {"most": most + 1}).all()
    shown = [Shown(row, caller.may_see(row.enterprise), hotline) for row in rows[:most]]
    return Page(shown, encode(rows[most - 1].id) if len(rows) > most else "")


def basket_of(tx: Session, *, name: str, line_no: int = 0) -> Basket:
    """Return what an order is for and how many of which products it has, or one line of it.

    An order that is not there, or has no lines, is for nothing.
    """
    enterprise, order_id = key_of(name)
    key = {"enterprise": enterprise, "order_id": order_id, "line_no": line_no}
    rows = tx.execute(_BASKET, key).all()
    lines = {row.product: row.quantity for row in rows if row.product}
    return Basket(rows[0].purpose if rows else None, lines)


_LINES = order_lines.c
_BASKET = (
    sa.select(orders.c.purpose, _LINES.product, _LINES.quantity)
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
_ENTERPRISE = sa.bindparam("enterprise", type_=sa.Text)
_MOST = sa.bindparam("most", type_=sa.Integer)
_PO_NO = sa.type_coerce(orders.c.form, JSONB)["po_no"].astext
_PLACED: tuple[sa.ColumnElement[bool], ...] = (orders.c.enterprise == _ENTERPRISE,)
_FOR_ITS_PRODUCTS = (orders.c.owner == _ENTERPRISE, orders.c.enterprise != _ENTERPRISE)


def _contains(text: Any) -> sa.ColumnElement[bool]:
    searched = sa.func.lower(sa.bindparam("search", type_=sa.Text))
    return sa.func.strpos(sa.func.lower(text), searched) > 0


_LIMITS: dict[str, sa.ColumnElement[bool]] = {
    "states": orders.c.state.in_(sa.bindparam("states", expanding=True)),
    "search": sa.or_(
        _contains(orders.c.order_no),
        _contains(sa.type_coerce(orders.c.form, JSONB)["po_no"].astext),
    ),
    "waiting_on": orders.c.waiting_on == sa.bindparam("waiting_on"),
    "before": orders.c.id < sa.bindparam("before"),
}
"""What a list can be limited to, by the name of what is told to it."""


@cache
def _page(told: frozenset[str]) -> sa.Select[Any]:
    """Return the statement of a page, by what is told to it; to make it is dearer than to run it.

    What an enterprise placed and what is for its products are cut off each by itself, and not
    joined by OR: so each is read from the end of its own index, and a page costs the same however
    many orders there are.
    """
    kinds = (_PLACED, _FOR_ITS_PRODUCTS) if "enterprise" in told else ((),)
    limits = [condition for name, condition in _LIMITS.items() if name in told]
    windows = (
        sa.select(orders).where(*kind, *limits).order_by(orders.c.id.desc()).limit(_MOST)
        for kind in kinds
    )
    listed = sa.union_all(*windows).subquery("listed")
    return sa.select(listed).order_by(listed.c.id.desc()).limit(_MOST)
