"""Where work orders, batches, units and shipments are kept."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session, relationship

from services.fulfillment.domain import errors
from services.fulfillment.domain.batch import Batch, UnitResult
from services.fulfillment.domain.batch import State as BatchState
from services.fulfillment.domain.events import ShippedItem
from services.fulfillment.domain.shipment import Shipment
from services.fulfillment.domain.shipment import State as ShipmentState
from services.fulfillment.domain.work_order import State, WorkOrder
from services.fulfillment.store.columns import counts, mapper, moment, text
from shared.caller import Caller
from shared.clock import now
from shared.numbering import NONE_YET, numbered
from shared.storage import aggregate_columns, enterprise_column, is_tried
from shared.tenancy import key_in

work_order_numbers = sa.Sequence("work_order_numbers", metadata=mapper.metadata)
shipment_numbers = sa.Sequence("shipment_numbers", metadata=mapper.metadata)


STANDING = sa.text("state <> 'WITHDRAWN'")
"""Of a batch: in these words in its index, too, which is else not found for a plan made once."""

TO_BE_SHIPPED = sa.text("state = 'COMPLETED' and shipped_quantity < quantity")
"""Of a batch: in these words in its index, too."""


class _Items(sa.TypeDecorator[list[ShippedItem]]):
    """The items of a shipment, as JSON."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: list[ShippedItem] | None, dialect: sa.Dialect) -> Any:
        return None if value is None else [vars(item) for item in value]

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> list[ShippedItem]:
        return [ShippedItem(**item) for item in value or []]


work_orders = sa.Table(
    "work_orders",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("work_order_no", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    *text("order", "order_no", "product", "product_display_name", "module_display_name"),
    *text("firmware_version", "firmware_digest", "customer_batch_no", "material_model"),
    *text("snapshot_digest", "enterprise_legal_name", "hold_reason"),
    *counts("line_no", "quantity"),
    sa.Column("delivery_address", JSONB, nullable=False),
    sa.Column("services", JSONB, nullable=False, server_default="[]"),
    sa.Column("cleared_for_shipping", sa.Boolean, nullable=False),
    moment("created_at"),
    moment("updated_at"),
    sa.UniqueConstraint("enterprise", "id", name="work_orders_enterprise_id_key"),
    sa.UniqueConstraint("order", "line_no", name="work_orders_order_line_no_key"),
)

batches = sa.Table(
    "batches",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("work_order_id", sa.Uuid, nullable=False),
    enterprise_column(),
    sa.Column("production_batch_no", sa.Text, nullable=False),
    sa.Column("state", sa.Enum(BatchState, native_enum=False, length=20), nullable=False),
    *counts("quantity", "passed_quantity", "failed_quantity", "shipped_quantity"),
    *text("stop_reason", "test_data_digest"),
    moment("started_at"),
    moment("completed_at", nullable=True),
    sa.Column("withdraw_reason", sa.Text, nullable=False, server_default=""),
    moment("withdrawn_at", nullable=True),
    sa.ForeignKeyConstraint(
        ["enterprise", "work_order_id"],
        ["work_orders.enterprise", "work_orders.id"],
        name="batches_work_order",
    ),
    sa.UniqueConstraint("enterprise", "id", name="batches_enterprise_id_key"),
    sa.Index("batches_by_work_order", "work_order_id"),
    sa.Index(
        "batches_by_number",
        "production_batch_no",
        unique=True,
        postgresql_where=STANDING,
    ),
    sa.Index("batches_to_be_shipped", "work_order_id", postgresql_where=TO_BE_SHIPPED),
)
"""Of two batches with one number all but one are withdrawn: nothing was ever made under theirs."""

units = sa.Table(
    "units",
    mapper.metadata,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("serial_no", sa.Text, primary_key=True),
    enterprise_column(),
    sa.Column("batch_id", sa.Uuid, nullable=False),
    sa.Column("firmware_digest", sa.Text, nullable=False),
    sa.Column("passed", sa.Boolean, nullable=False),
    moment("recorded_at"),
    sa.ForeignKeyConstraint(
        ["enterprise", "batch_id"], ["batches.enterprise", "batches.id"], name="units_batch"
    ),
    sa.Index("units_by_batch", "batch_id"),
)

shipments = sa.Table(
    "shipments",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("shipment_no", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Enum(ShipmentState, native_enum=False, length=20), nullable=False),
    *text("order", "order_no", "carrier", "tracking_no"),
    sa.Column("items", _Items, nullable=False),
    sa.Column("delivery_address", JSONB, nullable=False),
    moment("dispatched_at"),
    moment("received_at", nullable=True),
    sa.Index("shipments_by_enterprise", "enterprise", "id"),
    sa.Index("shipments_by_order", "order"),
    sa.Index(
        "shipments_under_way",
        "dispatched_at",
        postgresql_where=sa.text("state = 'DISPATCHED'"),
    ),
)

mapper.map_imperatively(Batch, batches)
mapper.map_imperatively(Shipment, shipments, version_id_col=shipments.c.version)
mapper.map_imperatively(
    WorkOrder,
    work_orders,
    version_id_col=work_orders.c.version,
    properties={
        "batches": relationship(
            Batch, order_by=batches.c.id, cascade="all, delete-orphan", lazy="selectin"
        )
    },
)


def to_be_shipped() -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of work orders of which finished units may be shipped now."""
    finished = sa.select(batches.c.work_order_id).where(TO_BE_SHIPPED)
    return (
        work_orders.c.id.in_(finished),
        work_orders.c.cleared_for_shipping,
        work_orders.c.hold_reason == "",
        work_orders.c.state != State.CLOSED,
    )


class WorkOrders:
    """All work orders the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, work_order: WorkOrder) -> None:
        """Keep a new work order."""
        self._tx.add(work_order)

    def get(self, name: str, caller: Caller) -> WorkOrder:
        """Return the one called `enterprises/*/workOrders/*`, if it exists for `caller`."""
        id_ = key_in("enterprises/*/workOrders/*", name, caller)
        found = self._tx.get(WorkOrder, id_) if id_ else None
        if found is None or found.name != name:
            raise errors.WorkOrderNotFound(work_order=name)
        return found

    def of_order(self, order: str) -> Sequence[WorkOrder]:
        """Return the work orders of an order, a line each."""
        return self._tx.scalars(
            sa.select(WorkOrder).where(work_orders.c.order == order).order_by(work_orders.c.line_no)
        ).all()

    def has_batch(self, production_batch_no: str) -> bool:
        """Whether a batch number is in use, in any work order; a withdrawn batch uses none."""
        used = sa.select(batches.c.id).where(
            batches.c.production_batch_no == production_batch_no,
            STANDING,
        )
        return self._tx.scalar(used) is not None

    def record_units(
        self, work_order: WorkOrder, batch: Batch, results: Sequence[UnitResult]
    ) -> tuple[int, int]:
        """Keep results of units, a later one in the place of an earlier one.

        Returns how many units of the batch passed and how many did not. Refuses with
        UnitInOtherBatch, in two statements whatever their number.
        """
        if results:
            self._keep(work_order, batch, results)
        passed = sa.func.count().filter(units.c.passed)
        failed = sa.func.count().filter(~units.c.passed)
        counted = sa.select(passed, failed).where(units.c.batch_id == batch.id)
        row = self._tx.execute(counted).one()
        return row[0], row[1]

    def next_number(self) -> str:
        """Return the number of a new work order: `MW-2026-000123`."""
        return numbered("MW", self._tx.scalar(work_order_numbers))

    def _keep(self, work_order: WorkOrder, batch: Batch, results: Sequence[UnitResult]) -> None:
        at = now()
        rows = [
            {
                "product": work_order.product,
                "enterprise": work_order.enterprise,
                "batch_id": batch.id,
                "recorded_at": at,
                **vars(result),
            }
            for result in results
        ]
        new = insert(units)
        kept = self._tx.scalars(
            new.values(rows)
            .on_conflict_do_update(
                index_elements=["product", "serial_no"],
                set_={
                    name: new.excluded[name]
                    for name in ("passed", "firmware_digest", "recorded_at")
                },
                where=units.c.batch_id == new.excluded.batch_id,
            )
            .returning(units.c.serial_no)
        ).all()
        if elsewhere := {result.serial_no for result in results} - set(kept):
            raise errors.UnitInOtherBatch(serial_no=min(elsewhere))


class Shipments:
    """All shipments the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, shipment: Shipment) -> None:
        """Keep a new shipment."""
        self._tx.add(shipment)

    def get(self, name: str, caller: Caller) -> Shipment:
        """Return the one called `enterprises/*/shipments/*`, if it exists for `caller`."""
        id_ = key_in("enterprises/*/shipments/*", name, caller)
        found = self._tx.get(Shipment, id_) if id_ else None
        if found is None or found.name != name:
            raise errors.ShipmentNotFound(shipment=name)
        return found

    def next_number(self) -> str:
        """Return the number of a new shipping notice: `MS-2026-000123`.

        One that is only tried is `MS-2026-000000`, and uses none up.
        """
        position = NONE_YET if is_tried(self._tx) else self._tx.scalar(shipment_numbers)
        return numbered("MS", position)
