"""The tables of notification, and their mapping."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session, registry, relationship

from services.notification.domain.message import Channel, Delivery, Message, State
from shared.prepared import Prepared
from shared.sql import later
from shared.storage import enterprise_column

mapper = registry()

LAST = 0x66656564
"""The advisory lock of whoever takes note of an event."""


def one_at_a_time(tx: Session) -> None:
    """Wait until nobody else takes note of events, and keep others waiting until the commit.

    So what is committed later also stands later in the feed: a reader never misses a row. And
    nobody looks for something (an order's buyer, a person's address) while another, unseen, brings
    it. A lock an enterprise would have batches that meet several of them wait in a circle.
    """
    later(tx, _ONE_AT_A_TIME, (LAST,))


_ONE_AT_A_TIME = Prepared("select pg_advisory_xact_lock(%s)", "bigint")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, **more)


contacts = sa.Table(
    "contacts",
    mapper.metadata,
    sa.Column("account", sa.Text, primary_key=True),
    _text("email"),
    _text("phone"),
    _text("display_name"),
    sa.Column("staff_roles", ARRAY(sa.Text), nullable=False),
    sa.Index("contacts_by_role", "staff_roles", postgresql_using="gin"),
)
"""How people are reached; only reactions and clocks see it."""

members = sa.Table(
    "members",
    mapper.metadata,
    sa.Column("enterprise", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
)

orders = sa.Table(
    "orders",
    mapper.metadata,
    sa.Column("enterprise", sa.Text, primary_key=True),
    sa.Column("order", sa.Text, primary_key=True),
    _text("order_no"),
    _text("buyer"),
    _text("business_manager"),
    _text("project_manager"),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("products", ARRAY(sa.Text)),
    sa.Index(
        "orders_of_nobody_knows_what",
        "enterprise",
        postgresql_where=sa.text("products is null"),
    ),
)
"""Who has to do with an order, of what it is, and how many events it has in the feed (I9).

Of what it is, is said once, when it is submitted; null before.
"""

feed = sa.Table(
    "feed",
    mapper.metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    enterprise_column(),
    _text("order"),
    _text("order_no"),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("event_id", sa.Uuid, nullable=False),
    _text("type"),
    _moment("time"),
    _text("actor"),
    _text("actor_display_name"),
    sa.Column("data", JSONB, nullable=False),
    sa.UniqueConstraint("enterprise", "order", "sequence", name="feed_order_sequence_key"),
    sa.Index("feed_by_enterprise", "enterprise", "position"),
    sa.Index("feed_by_type", "enterprise", "type", "position"),
)
"""Events of orders. Positions are given `one_at_a_time`; rows are added, never changed."""

feed_products = sa.Table(
    "feed_products",
    mapper.metadata,
    sa.Column("enterprise", sa.Text, primary_key=True),
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    _text("order"),
    _text("type"),
    sa.Index("feed_products_by_type", "enterprise", "product", "type", "position"),
)
"""Where the events of orders of a product stand in the feed, for those who follow only some."""

messages = sa.Table(
    "messages",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    _text("account"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    _text("subject"),
    _text("text"),
    _text("subject_form"),
    _text("text_form"),
    sa.Column("facts", JSONB, nullable=False),
    _text("about"),
    _moment("read_at", nullable=True),
    _moment("created_at"),
    sa.Index("messages_by_account", "account", "id"),
    sa.Index("messages_unread", "account", "id", postgresql_where=sa.text("read_at IS NULL")),
)

deliveries = sa.Table(
    "deliveries",
    mapper.metadata,
    sa.Column("message_id", sa.Uuid, sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("channel", sa.Enum(Channel, native_enum=False, length=10), primary_key=True),
    _text("account"),
    _text("address"),
    sa.Column("state", sa.Enum(State, native_enum=False, length=10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    _text("error"),
    _moment("due_at"),
    sa.Index("deliveries_due", "channel", "due_at", postgresql_where=sa.text("state = 'PENDING'")),
)

mapper.map_imperatively(Delivery, deliveries)
mapper.map_imperatively(
    Message,
    messages,
    version_id_col=messages.c.version,
    properties={
        "deliveries": relationship(Delivery, cascade="all, delete-orphan", lazy="selectin")
    },
)
