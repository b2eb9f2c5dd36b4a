"""The feed: what happened to an enterprise's orders, in one order for good."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.notification.domain.contact import OrderPeople
from services.notification.domain.feed import OrderEvent
from services.notification.store.tables import feed
from shared.events import Envelope

START = 0
"""The position before the first event."""


class Feed:
    """The events of orders the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def append(self, heard: Envelope, order: str, known: OrderPeople) -> tuple[int, OrderPeople]:
        """Add an event of `order`; return its number there and who has to do with the order.

        `known` is what the event says of them; what it does not say is known from earlier ones.
        The caller sees to it that this happens one at a time.
        """
        parameters = {
            "enterprise": heard.enterprise,
            "order": order,
            **vars(known),
            "event_id": heard.id,
            "type": heard.routing_key,
            "time": heard.time,
            "actor": heard.actor,
            "data": json.dumps(heard.data),
        }
        row = self._tx.execute(_APPEND, parameters).one()
        return row.events, OrderPeople(**{name: getattr(row, name) for name in vars(known)})

    def after(
        self, position: int, *, enterprise: str, order: str = "", limit: int
    ) -> tuple[list[OrderEvent], int]:
        """Return events of an enterprise that stand after `position`, and where the last stands."""
        select = _EVENTS.where(feed.c.enterprise == enterprise, feed.c.position > position)
        if order:
            select = select.where(feed.c.order == order)
        rows = self._tx.execute(select.order_by(feed.c.position).limit(limit)).all()
        return _events(rows), rows[-1].position if rows else position

    def of_order(self, order: str, *, enterprise: str, before: int) -> list[OrderEvent]:
        """Return the events of an order with numbers below `before`."""
        mine = (feed.c.enterprise == enterprise) & (feed.c.order == order)
        select = _EVENTS.where(mine, feed.c.sequence < before).order_by(feed.c.sequence)
        return _events(self._tx.execute(select).all())


def _events(rows: Sequence[sa.Row[Any]]) -> list[OrderEvent]:
    return [OrderEvent(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]


_FIELDS = ("id", "type", "order", "order_no", "sequence", "time", "actor", "data")

_EVENTS: sa.Select[Any] = sa.select(feed, feed.c.event_id.label("id"))

_APPEND = sa.text("""
    with counted as (
        insert into orders as o
            (enterprise, "order", order_no, buyer, business_manager, project_manager, events)
        values (:enterprise, :order, :order_no, :buyer, :business_manager, :project_manager, 1)
        on conflict (enterprise, "order") do update set
            order_no = coalesce(nullif(excluded.order_no, ''), o.order_no),
            buyer = coalesce(nullif(excluded.buyer, ''), o.buyer),
            business_manager = coalesce(nullif(excluded.business_manager, ''), o.business_manager),
            project_manager = coalesce(nullif(excluded.project_manager, ''), o.project_manager),
            events = o.events + 1
        returning *
    ), written as (
        insert into feed
            (enterprise, "order", order_no, sequence, event_id, type, time, actor, data)
        select enterprise, "order", order_no, events, cast(:event_id as uuid), :type,
            cast(:time as timestamptz), :actor, cast(:data as jsonb)
        from counted
    )
    select order_no, buyer, business_manager, project_manager, events from counted
""")
