"""The feed: what happened to an enterprise's orders, in one order for good."""

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.notification.domain.contact import OrderPeople
from services.notification.domain.feed import OrderEvent
from services.notification.store.following import followed
from services.notification.store.tables import feed, orders
from shared.caller import Caller
from shared.events import Envelope
from shared.kinds import meant
from shared.prepared import Prepared
from shared.sql import named

START = 0
"""The position before the first event."""

SUBMITTED = "ordering.order.submitted"


class Feed:
    """The events of orders the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def append(
        self, heard: Sequence[tuple[Envelope, OrderPeople]]
    ) -> dict[str, tuple[int, OrderPeople]]:
        """Add events of different orders; return, by order, its number and who has to do with it.

        With each comes what it says of them; what it does not say is known from earlier ones.
        The caller sees to it that this happens one at a time.
        """
        if not heard:
            return {}
        entries = json.dumps([_entry(each, known) for each, known in heard])
        rows = named(self._tx, _APPEND, (entries,))
        return {row.order: (row.events, _people(row)) for row in rows}

    def after(
        self, position: int, *, enterprise: str, order: str = "", caller: Caller, limit: int
    ) -> tuple[list[OrderEvent], int]:
        """Return events of an enterprise that stand after `position`, and where the last stands.

        A partner system is told of what it may follow only, and looks at nothing else.
        """
        if not order and (caller.event_types or caller.products):
            found, reached = followed(
                self._tx,
                enterprise=enterprise,
                after=position,
                types=meant(caller.event_types) if caller.event_types else None,
                products=caller.products,
                limit=limit,
            )
            return _events(found), reached
        select = _EVENTS.where(feed.c.enterprise == enterprise, feed.c.position > position)
        if order:
            select = select.where(feed.c.order == order)
        if caller.event_types:
            select = select.where(feed.c.type.in_(meant(caller.event_types)))
        if caller.products:
            select = select.where(_is_of_nothing_but(caller.products))
        rows = self._tx.execute(select.order_by(feed.c.position).limit(limit)).all()
        return _events(rows), rows[-1].position if rows else position

    def end(self, enterprise: str) -> int:
        """Return where the last event of an enterprise stands; START if there is none."""
        last = sa.select(sa.func.max(feed.c.position)).where(feed.c.enterprise == enterprise)
        return self._tx.scalar(last) or START

    def of_order(self, order: str, *, enterprise: str, before: int) -> list[OrderEvent]:
        """Return the events of an order with numbers below `before`."""
        mine = (feed.c.enterprise == enterprise) & (feed.c.order == order)
        select = _EVENTS.where(mine, feed.c.sequence < before).order_by(feed.c.sequence)
        return _events(self._tx.execute(select).all())


def _is_of_nothing_but(products: Collection[str]) -> sa.ColumnElement[bool]:
    """What an order is of, is said once, when it is submitted: before, it is of nothing."""
    return sa.exists().where(
        orders.c.enterprise == feed.c.enterprise,
        orders.c.order == feed.c.order,
        orders.c.products.contained_by(sorted(products)),
    )


def _entry(heard: Envelope, known: OrderPeople) -> dict[str, Any]:
    return {
        "enterprise": heard.enterprise,
        "order": heard.data["order"],
        **vars(known),
        "event_id": heard.id,
        "type": heard.routing_key,
        "time": heard.time,
        "actor": heard.actor,
        "data": heard.data,
        "products": _products(heard),
    }


def _products(heard: Envelope) -> list[str] | None:
    """Return of what an order is, if this is what says it."""
    if heard.routing_key != SUBMITTED:
        return None
    lines = heard.data.get("purchaseOrder", {}).get("lines", ())
    return sorted({line.get("product", "") for line in lines})


def _people(row: Any) -> OrderPeople:
    return OrderPeople(**{each.name: getattr(row, each.name) for each in fields(OrderPeople)})


def _events(rows: Sequence[sa.Row[Any]]) -> list[OrderEvent]:
    return [OrderEvent(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]


_FIELDS = (
    "id",
    "type",
    "order",
    "order_no",
    "sequence",
    "time",
    "actor",
    "actor_display_name",
    "data",
)

_EVENTS: sa.Select[Any] = sa.select(feed, feed.c.event_id.label("id"))

_APPEND = Prepared(
    """
    with heard as (
        select place, e.* from jsonb_array_elements(%s::jsonb) with ordinality as t (raw, place),
            jsonb_to_record(raw) as e (
                enterprise text, "order" text, order_no text, buyer text, business_manager text,
                project_manager text, event_id uuid, type text, "time" timestamptz, actor text,
                data jsonb, products text[]
            )
    ), counted as (
        insert into orders as o
            (enterprise, "order", order_no, buyer, business_manager, project_manager, events,
            products)
        select enterprise, "order", order_no, buyer, business_manager, project_manager, 1, products
        from heard order by enterprise, "order"
        on conflict (enterprise, "order") do update set
            order_no = coalesce(nullif(excluded.order_no, ''), o.order_no),
            buyer = coalesce(nullif(excluded.buyer, ''), o.buyer),
            business_manager = coalesce(nullif(excluded.business_manager, ''), o.business_manager),
            project_manager = coalesce(nullif(excluded.project_manager, ''), o.project_manager),
            events = o.events + 1, products = coalesce(o.products, excluded.products)
        returning *
    ), written as (
        insert into feed
            (enterprise, "order", order_no, sequence, event_id, type, time, actor,
            actor_display_name, data)
        select enterprise, "order", c.order_no, c.events, event_id, type, "time", actor,
            coalesce(who.display_name, ''), data
        from heard join counted c using (enterprise, "order")
            left join contacts who on who.account = actor
        order by place
        returning enterprise, "order", position, type
    ), placed as (
        insert into feed_products (enterprise, product, position, "order", type)
        select enterprise, product, position, "order", type
        from (
            select * from written
            union all
            -- What was told of an order before anybody said of what it is.
            select f.enterprise, f."order", f.position, f.type
            from heard h join counted c using (enterprise, "order")
                join feed f using (enterprise, "order")
            where h.type = 'ordering.order.submitted' and c.events > 1
        ) e join counted using (enterprise, "order") cross join unnest(products) as product
        on conflict do nothing
    )
    select "order", order_no, buyer, business_manager, project_manager, events from counted
""",
    "jsonb",
)
