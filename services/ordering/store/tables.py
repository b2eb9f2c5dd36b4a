"""The tables of ordering."""

from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry

from services.ordering.domain.amendment import Proposal
from services.ordering.domain.attachment import Attachment
from services.ordering.domain.checks import Kind
from services.ordering.domain.explaining import Party as Asked
from services.ordering.domain.form import OrderForm
from services.ordering.domain.gates import Gates
from services.ordering.domain.liability import Cancellation
from services.ordering.domain.line_service import LineService
from services.ordering.domain.order import Hold
from services.ordering.domain.purchase_order import Terms
from services.ordering.domain.words import Family, Party, Purpose, State
from shared.storage import aggregate_columns, enterprise_column

metadata = sa.MetaData()
mapper = registry(metadata=metadata)
"""Maps what is not on the way of every order; orders themselves are read and written by hand."""

numbers = sa.Sequence("order_numbers", metadata=metadata)


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
        return None if value is None else self.read(value)

    def read(self, value: Any) -> Any:
        """Return what the JSON `value` stands for."""
        return self._adapter.validate_python(value)


def _text(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, **more)


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


def _key(name: str, field: str) -> sa.Column[Any]:
    """Return a column the database fills, with a field of the form as orders are found by it."""
    said = sa.Computed(f"lower(btrim(normalize(form->>'{field}', NFKC)))", persisted=True)
    return sa.Column(name, sa.Text(collation="C"), said, nullable=False)


def _index(name: str, *columns: str, where: str) -> sa.Index:
    """Return an index of those rows only that are looked for by it."""
    return sa.Index(name, *columns, postgresql_where=sa.text(where))


SERVICES = Value(tuple[LineService, ...])

orders = sa.Table(
    "orders",
    metadata,
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
    sa.Column("attachments", Value(tuple[Attachment, ...]), nullable=False),
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
    _text("contract_no"),
    _number("revision"),
    _number("amendment"),
    sa.Column("proposal", Value(Proposal)),
    _flag("addendum_open"),
    sa.Column("cancellation", Value(Cancellation)),
    _flag("buyer_signed"),
    _flag("invoice_requested"),
    _text("invoice", server_default=""),
    _moment("promised_at", nullable=True),
    _flag("production_cleared"),
    _flag("shipping_cleared"),
    _text("close_reason"),
    _text("replaces"),
    _text("replaced_by"),
    _moment("created_at"),
    _moment("submitted_at", nullable=True),
    _moment("updated_at"),
    _moment("expires_at", nullable=True),
    _key("po_key", "po_no"),
    _key("batch_key", "customer_batch_no"),
    sa.Column(
        "placed_at",
        sa.DateTime(timezone=True),
        sa.Computed("coalesce(submitted_at, created_at)", persisted=True),
        nullable=False,
    ),
    sa.Column("other_owner", sa.Text, sa.Computed("nullif(owner, enterprise)", persisted=True)),
    sa.Column(
        "total_key",
        sa.Text(collation="C"),
        sa.Computed(
            "currency || lpad("
            "(least(total_amount, 900000000000000) * 10000)::bigint::text, 19, '0')",
            persisted=True,
        ),
        nullable=False,
    ),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.UniqueConstraint("order_no", name="orders_order_no_key"),
    sa.Index("orders_by_id", "id", unique=True),
    _index("orders_by_batch_key", "batch_key", "submitted_at", where="batch_key <> ''"),
    _index("orders_by_contract_no", "contract_no", where="contract_no <> ''"),
    _index("orders_to_expire", "expires_at", where="expires_at IS NOT NULL"),
)

order_lines = sa.Table(
    "order_lines",
    metadata,
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
    _text("license_type"),
    _text("license_type_display_name"),
    _number("lead_time_days"),
    _text("currency"),
    _money("list_price"),
    _money("price"),
    _text("price_reason"),
    _number("finished_quantity"),
    _number("shipped_quantity"),
    _number("received_quantity"),
    sa.Column("services", SERVICES, nullable=False, server_default="[]"),
    sa.PrimaryKeyConstraint("enterprise", "order_id", "line_no"),
    sa.ForeignKeyConstraint(
        ["enterprise", "order_id"], ["orders.enterprise", "orders.id"], name="order_lines_order"
    ),
    sa.Index("order_lines_by_pid", "pid", "order_id"),
)

words_seen = sa.Table(
    "words_seen",
    sa.MetaData(),  # not a table to be migrated
    enterprise_column(),
    _text("owner"),
    sa.Column("order_id", sa.Uuid, nullable=False),
    _text("total_key"),
    _moment("placed_at"),
    _text("words"),
)
"""What orders are found by: a view of what the database itself keeps when an order changes."""

order_snapshots = sa.Table(
    "order_snapshots",
    metadata,
    enterprise_column(),
    sa.Column("order_id", sa.Uuid, nullable=False),
    _number("revision"),
    _text("digest"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _text("signature"),
    _text("key_id"),
    _text("reason"),
    _text("frozen_by"),
    sa.Column(
        "frozen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    ),
    sa.PrimaryKeyConstraint("enterprise", "order_id", "revision"),
    sa.Index("order_snapshots_by_digest", "digest"),
    sa.ForeignKeyConstraint(
        ["enterprise", "order_id"], ["orders.enterprise", "orders.id"], name="order_snapshots_order"
    ),
)
"""What digests stand for; rows are added, never changed (I2)."""

retired_firmware = sa.Table(
    "retired_firmware",
    metadata,
    sa.Column("firmware", sa.Text, primary_key=True),
)
"""What the catalogue told of; it belongs to no enterprise."""

purchase_requests = sa.Table(
    "purchase_requests",
    metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid, nullable=False),
    _text("account"),
    _text("product"),
    _text("license_type"),
    _word("kind", Kind),
    _word("party", Asked),
    sa.Column("day", sa.Date, nullable=False),
    _text("note"),
    _moment("created_at"),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.UniqueConstraint(
        *("enterprise", "account", "product", "license_type", "kind", "day"),
        name="purchase_requests_once_a_day",
    ),
)
"""Who asked whom to let a product be ordered."""
