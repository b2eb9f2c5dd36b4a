"""The feed: what happened to an enterprise's orders, in one order for good."""

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.notification.domain.contact import OrderPeople
from services.notification.domain.feed import OrderEvent
from services.notification.store.tables import feed
from shared.caller import Caller
from shared.events import Envelope
from shared.sql import named

START = 0
"""The position before the first event."""


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

        A partner system is told of what it may follow only.
        """
        select = _EVENTS.where(feed.c.enterprise == enterprise, feed.c.position > position)
        if order:
            select = select.where(feed.c.order == order)
        if caller.event_types:
            select = select.where(_is_one_of(caller.event_types))
        if caller.products:
            select = select.where(_is_of_nothing_but(caller.products))
        rows = self._tx.execute(select.order_by(feed.c.position).limit(limit)).all()
        return _events(rows), rows[-1].position if rows else position

    def of_order(self, order: str, *, enterprise: str, before: int) -> list[OrderEvent]:
        """Return the events of an order with numbers below `before`."""
        mine = (feed.c.enterprise == enterprise) & (feed.c.order == order)
        select = _EVENTS.where(mine, feed.c.sequence < before).order_by(feed.c.sequence)
        return _events(self._tx.execute(select).all())


def _is_one_of(event_types: Collection[str]) -> sa.ColumnElement[bool]:
    kinds = {each.removesuffix("*") for each in event_types if each.endswith("*")}
    named = feed.c.type.in_(set(event_types))
    return sa.or_(named, *(feed.c.type.startswith(each, autoescape=True) for each in kinds))


def _is_of_nothing_but(products: Collection[str]) -> sa.ColumnElement[bool]:
    """What an order is of, is said once, when it is submitted: before, it is of nothing."""
    submitted = feed.alias("submitted")
    ordered = sa.func.jsonb_path_query_array(
        submitted.c.data, sa.literal_column("'$.purchaseOrder.lines[*].product'::jsonpath")
    )
    return sa.exists().where(
        submitted.c.enterprise == feed.c.enterprise,
        submitted.c.order == feed.c.order,
        submitted.c.type == "ordering.order.submitted",
        ordered.op("<@", is_comparison=True)(sa.literal(sorted(products), JSONB)),
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
    }


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

_APPEND = """
    with heard as (
        select place, e.* from jsonb_array_elements(%s::jsonb) with ordinality as t (raw, place),
            jsonb_to_record(raw) as e (
                enterprise text, "order" text, order_no text, buyer text, business_manager text,
                project_manager text, event_id uuid, type text, "time" timestamptz, actor text,
                data jsonb
            )
    ), counted as (
        insert into orders as o
            (enterprise, "order", order_no, buyer, business_manager, project_manager, events)
        select enterprise, "order", order_no, buyer, business_manager, project_manager, 1
        from heard order by enterprise, "order"
        on conflict (enterprise, "order") do update set
            order_no = coalesce(nullif(excluded.order_no, ''), o.order_no),
            buyer = coalesce(nullif(excluded.buyer, ''), o.buyer),
            business_manager = coalesce(nullif(excluded.business_manager, ''), o.business_manager),
            project_manager = coalesce(nullif(excluded.project_manager, ''), o.project_manager),
            events = o.events + 1
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
    )
    select "order", order_no, buyer, business_manager, project_manager, events from counted
"""
