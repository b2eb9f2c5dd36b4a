"""The list of orders."""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.ordering.domain.due import due_at
from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.words import Party, State
from services.ordering.queries.shown import Shown
from services.ordering.settings import ours
from services.ordering.store import orders
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, decode, encode, size_of

ALL = "-"


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
    most, settings = size_of(size), ours(tx)
    agreed = settings.agreed
    # One more than shown tells whether there is another page; nothing is ever counted.
    rows = tx.execute(_page(frozenset(told)), told | {"most": most + 1}).all()
    shown = [
        Shown(row, caller.may_see(row.enterprise), settings.vendor.hotline, due_at(row, agreed))
        for row in rows[:most]
    ]
    return Page(shown, encode(rows[most - 1].id) if len(rows) > most else "")


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
