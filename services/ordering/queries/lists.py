"""The list of orders."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.due import due_at
from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.listing import Wanted
from services.ordering.queries import tokens
from services.ordering.queries.finding import ALL as EVERYBODYS
from services.ordering.queries.finding import (
    FOR_OWNER,
    KINDS,
    OWN,
    OWNED,
    PLACED,
    Shape,
    statement_of,
)
from services.ordering.queries.looking import Told, told_of, week_at, week_of, words_of
from services.ordering.queries.reading import ANEW
from services.ordering.queries.searches import Search, searched
from services.ordering.queries.searching import search
from services.ordering.queries.shown import Shown
from services.ordering.queries.travelling import has_one_road, travel
from services.ordering.settings import ours
from services.ordering.store import orders
from shared.caller import Caller
from shared.clock import now
from shared.names import parse
from shared.paging import Page, size_of
from shared.tenancy import ALL

FEW = 3_000
"""How many orders of an enterprise are looked at one by one for a word, not in its index."""

MOST_SHOWN = 1_000
"""More than are shown on a page are a file, and that is read through."""

NOT_SHOWN = {
    "sequence",
    "exit",
    "last_line_no",
    "proposal",
    "price_confirmed_by",
    "amendment",
    "buyer_signed",
    "invoice_requested",
    "invoice",
    "production_cleared",
    "shipping_cleared",
    "po_key",
    "batch_key",
    "placed_at",
    "other_owner",
    "total_key",
}
SHOWN = tuple(column for column in orders.c if column.name not in NOT_SHOWN)
"""The columns a list shows something of."""


def list_orders(
    tx: Session, *, parent: str, caller: Caller, wanted: Wanted, size: int, token: str
) -> Page[Shown]:
    """Return a page of the orders of an enterprise and those for its products."""
    most, settings = size_of(size), ours(tx)
    # One more than shown tells whether there is another page; nothing is ever counted.
    rows = find(tx, parent=parent, caller=caller, wanted=wanted, most=most + 1, token=token)
    shown = [
        Shown(
            row,
            caller.may_see(row.enterprise),
            settings.vendor.hotline,
            due_at(row, settings.agreed),
        )
        for row in rows[:most]
    ]
    more = len(rows) > most
    return Page(shown, tokens.encode(wanted.order_by, rows[most - 1]) if more else "")


def find(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    wanted: Wanted,
    most: int,
    token: str = "",
    columns: tuple[sa.ColumnElement[Any], ...] = SHOWN,
) -> list[sa.Row[Any]]:
    """Return the first `most` orders, or those after `token`; NotYourSpace."""
    (enterprise,) = parse("enterprises/*", parent)
    # For a customer "-" is an enterprise that is not theirs.
    if not caller.may_see(enterprise):
        raise NotYourSpace(enterprise=enterprise)
    told, words = told_of(wanted), words_of(wanted.search)
    told.parameters |= {"enterprise": enterprise, "most": most}
    if token:
        told.parameters |= tokens.decode(wanted.order_by, token)
    told.parameters |= {f"word_{at}": word for at, word in enumerate(words)}
    shape = Shape(
        columns=columns,
        order_by=wanted.order_by,
        kinds=_kinds(enterprise, caller, wanted),
        told=frozenset(told.limits),
        windows=len(told.windows),
        window=told.window,
        words=len(words),
        after=bool(token),
    )
    has_few, first = _extent(tx, enterprise) if words else (False, 0)
    if has_few or (not words and (most > MOST_SHOWN or has_one_road(shape))):
        rows = tx.execute(statement_of(shape), told.parameters, execution_options=ANEW)
        return list(rows.all())
    _look_at_each(told)
    shape = replace(shape, told=frozenset(told.limits), windows=0)
    if words:
        looking = _search(tx, enterprise, told, words, first)
        return list(search(tx, shape, told.parameters, looking))
    return list(travel(tx, shape, told.parameters))


def _kinds(enterprise: str, caller: Caller, wanted: Wanted) -> tuple[str, ...]:
    if enterprise == ALL:
        return (OWN, FOR_OWNER) if wanted.owner else (EVERYBODYS,)
    others_products = wanted.owner not in ("", enterprise)
    if others_products or (wanted.needs_prices and not caller.is_staff):
        return (PLACED,)
    return (PLACED, OWNED)


def _look_at_each(told: Told) -> None:
    """Make of the windows a limit that is looked at in each order."""
    if told.windows:
        told.limit("states" if told.window == "state" else "purposes", list(told.windows))
        told.windows = ()


def _extent(tx: Session, enterprise: str) -> tuple[bool, int]:
    """Return whether an enterprise has few orders, and the week its first was made in."""
    if enterprise == ALL:
        first: UUID | None = tx.execute(_FIRST).scalar()
        return False, _week(first)
    told = {"enterprise": enterprise, "few": FEW}
    (beyond, first, first_owned) = tx.execute(_EXTENT, told, execution_options=ANEW).one()
    return not beyond, min(_week(first), _week(first_owned))


def _week(first: UUID | None) -> int:
    """Return the week of the first order; if there is none, one in which none was made yet."""
    return week_of(first) if first else week_at(now()) + 1


def _search(tx: Session, enterprise: str, told: Told, words: Sequence[str], first: int) -> Search:
    """Say where to look: in the weeks there are orders of, as far as is asked for."""
    last = week_at(now()) + 1
    looking = searched(tx, words, "" if enterprise == ALL else enterprise, first, last)
    if since := told.parameters.get("id_from"):
        first = max(first, week_of(since))
    if until := told.parameters.get("id_to"):
        last = min(last, week_of(until))
    return replace(looking, first_week=first, last_week=last)


_FIRST = sa.select(orders.c.id).order_by(orders.c.id).limit(1)


def _beyond(kind: str) -> sa.ColumnElement[bool]:
    """Return whether there are more than `few` orders of a kind."""
    few = sa.bindparam("few", type_=sa.Integer)
    return sa.exists(sa.select(orders.c.enterprise).where(*KINDS[kind]).offset(few).limit(1))


_EXTENT = sa.select(
    sa.or_(_beyond(PLACED), _beyond(OWNED)),
    *(_FIRST.where(*KINDS[kind]).scalar_subquery() for kind in (PLACED, OWNED)),
)
