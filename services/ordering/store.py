"""Where orders are kept, and what is remembered of other services."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session, joinedload, registry, relationship, selectinload

from services.ordering.domain.errors import NotYourOrder, OrderNotFound
from services.ordering.domain.form import OrderForm
from services.ordering.domain.gates import Gates
from services.ordering.domain.line import OrderLine
from services.ordering.domain.order import Hold, Order
from services.ordering.domain.purchase_order import Snapshot, Terms
from services.ordering.domain.words import Family, Party, Purpose, State
from shared.caller import Caller
from shared.clock import now
from shared.names import parse
from shared.storage import aggregate_columns, enterprise_column

mapper = registry()
ORDER = "enterprises/*/orders/*"
numbers = sa.Sequence("order_numbers", metadata=mapper.metadata)


class Value(sa.types.TypeDecorator[Any]):
    """A frozen dataclass as JSON: what is read and written as a whole, and never searched."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.validate_python(value)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _money(name: str) -> sa.Column[Any]:
    """Return a column for an exact amount, as fine as it was given."""
    return sa.Column(name, sa.Numeric, nullable=False)


def _word(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Enum(kind, native_enum=False, length=20), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


orders = sa.Table(
    "orders",
    mapper.metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid, nullable=False),
    _text("order_no"),
    _word("state", State),
    _word("exit", State, nullable=True),
    _word("purpose", Purpose),
    _word("family", Family),
    _text("owner"),
    _text("currency"),
    _money("total_amount"),
    _money("settled_amount"),
    _number("last_line_no"),
    sa.Column("form", Value(OrderForm), nullable=False),
    sa.Column("gates", Value(Gates), nullable=False),
    sa.Column("holds", Value(tuple[Hold, ...]), nullable=False),
    sa.Column("terms", Value(Terms)),
    _word("waiting_on", Party, nullable=True),
    _text("waiting_task"),
    _moment("waiting_since", nullable=True),
    _text("snapshot_digest"),
    _text("buyer"),
    _text("enterprise_legal_name"),
    _text("business_manager"),
    _text("business_manager_display_name"),
    _text("business_manager_email"),
    _text("project_manager"),
    _text("price_confirmed_by"),
    _text("contract"),
    _flag("buyer_signed"),
    _flag("invoice_requested"),
    _flag("production_cleared"),
    _flag("shipping_cleared"),
    _text("close_reason"),
    _text("replaces"),
    _text("replaced_by"),
    _moment("created_at"),
    _moment("submitted_at", nullable=True),
    _moment("updated_at"),
    _moment("expires_at", nullable=True),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.UniqueConstraint("order_no", name="orders_order_no_key"),
    sa.Index("orders_by_id", "id", unique=True),
    sa.Index("orders_by_owner", "owner", "id"),
    sa.Index("orders_by_party", "waiting_on", "id"),
    sa.Index("orders_to_expire", "expires_at", postgresql_where=sa.text("expires_at IS NOT NULL")),
)

order_lines = sa.Table(
    "order_lines",
    mapper.metadata,
    enterprise_column(),
    sa.Column("order_id", sa.Uuid, nullable=False),
    _number("line_no"),
    _text("product"),
    _text("owner"),
    _number("quantity"),
    _text("pid"),
    _text("display_name"),
    _text("model"),
    _text("module"),
    _text("module_display_name"),
    _text("firmware"),
    _text("firmware_version"),
    _text("firmware_digest"),
    _number("lead_time_days"),
    _text("currency"),
    _money("list_price"),
    _money("price"),
    _number("finished_quantity"),
    _number("shipped_quantity"),
    _number("received_quantity"),
    sa.PrimaryKeyConstraint("enterprise", "order_id", "line_no"),
    sa.ForeignKeyConstraint(
        ["enterprise", "order_id"], ["orders.enterprise", "orders.id"], name="order_lines_order"
    ),
)

order_snapshots = sa.Table(
    "order_snapshots",
    mapper.metadata,
    enterprise_column(),
    sa.Column("order_id", sa.Uuid, nullable=False),
    _text("digest"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("enterprise", "order_id"),
    sa.ForeignKeyConstraint(
        ["enterprise", "order_id"], ["orders.enterprise", "orders.id"], name="order_snapshots_order"
    ),
)
"""What digests stand for; rows are added, never changed (I2)."""

retired_firmware = sa.Table(
    "retired_firmware",
    mapper.metadata,
    sa.Column("firmware", sa.Text, primary_key=True),
)
"""What the catalogue told of; it belongs to no enterprise."""

mapper.map_imperatively(OrderLine, order_lines)
mapper.map_imperatively(
    Order,
    orders,
    version_id_col=orders.c.version,
    properties={
        "lines": relationship(
            OrderLine,
            order_by=order_lines.c.line_no,
            cascade="all, delete-orphan",
            lazy="raise",
        ),
    },
)


_ORDER = sa.select(Order).where(
    orders.c.enterprise == sa.bindparam("enterprise"), orders.c.id == sa.bindparam("id")
)
_LINES: Any = Order.lines
# One statement, so that order and lines are of one moment, and the order's version guards both.
_WITH_LINES = _ORDER.options(joinedload(_LINES))
# The lines in a second statement: one that had waited for the lock would show them as they were.
_LOCKED = _ORDER.options(selectinload(_LINES)).with_for_update()


class Orders:
    """All orders the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, order: Order) -> None:
        """Keep a new order."""
        self._tx.add(order)

    def get(self, name: str) -> Order:
        """Return the order called `enterprises/*/orders/*`, with its lines; else OrderNotFound."""
        return self._one(_WITH_LINES, name)

    def of(self, name: str, caller: Caller) -> Order:
        """Return an order that `caller` may change; NotYourOrder for who may only read it (R78)."""
        order = self.get(name)
        if not caller.may_see(order.enterprise):
            raise NotYourOrder(order=order.order_no)
        return order

    def take(self, name: str) -> Order:
        """Return an order to keep a fact in: locked, as facts of many services come at once."""
        return self._one(_LOCKED, name)

    def overdue(self, at: datetime, *, limit: int = 50) -> Sequence[Order]:
        """Return orders that expire, which nothing holds and nobody else is at; without lines."""
        return self._tx.scalars(
            sa.select(Order)
            .where(orders.c.expires_at <= at, orders.c.holds == ())
            .where(orders.c.settled_amount == 0, ~orders.c.buyer_signed)
            .order_by(orders.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()

    def freeze(self, snapshot: Snapshot) -> None:
        """Keep what an order's digest stands for."""
        self._tx.execute(order_snapshots.insert(), vars(snapshot))

    def next_number(self) -> str:
        """Return the number of a new order: `MR-2026-000123`; there may be gaps."""
        return f"MR-{now():%Y}-{self._tx.scalar(numbers):06d}"

    def _one(self, select: sa.Select[tuple[Order]], name: str) -> Order:
        enterprise, id_ = key_of(name)
        found = self._tx.scalars(select, {"enterprise": enterprise, "id": id_})
        order = found.unique().one_or_none()
        if order is None:
            raise OrderNotFound(order=name)
        return order


def key_of(name: str) -> tuple[str, UUID]:
    """Return the key of the order `name`; OrderNotFound if no order can be called so."""
    enterprise, text = parse(ORDER, name)
    try:
        return enterprise, UUID(text)
    except ValueError:
        raise OrderNotFound(order=name) from None


def retired_among(tx: Session, firmware: Iterable[str]) -> frozenset[str]:
    """Return those of `firmware` the catalogue retired."""
    column = retired_firmware.c.firmware
    return frozenset(tx.scalars(sa.select(column).where(column.in_(set(firmware)))))


def retire(tx: Session, firmware: str) -> None:
    """Remember that the catalogue retired `firmware`."""
    tx.execute(insert(retired_firmware).values(firmware=firmware).on_conflict_do_nothing())
