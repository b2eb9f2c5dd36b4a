"""Work orders to test with. Say only what the test is about."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from google.protobuf import json_format
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1 import order_pb2

from services.fulfillment.domain.batch import UnitResult
from services.fulfillment.domain.work_order import WorkOrder

ORDER = "enterprises/acme/orders/01930000-0000-7000-8000-000000000001"
DIGEST = "sha256:" + "ab" * 32
WRONG = "sha256:" + "cd" * 32


LABELS = order_pb2.OrderLineService(
    service="valueAddedServices/labels",
    display_name="Custom label",
    description="Hand in the label as a PDF.",
    added_lead_time_days=2,
)


def a_purchase_order(*, lines: int = 1, quantity: int = 10) -> order_pb2.PurchaseOrder:
    """Return what ordering clears for production: no prices."""
    return order_pb2.PurchaseOrder(
        order=ORDER,
        order_no="MR-2026-000001",
        enterprise="enterprises/acme",
        enterprise_legal_name="Acme GmbH",
        form=order_pb2.OrderForm(
            po_no="PO-1",
            customer_batch_no="B-1",
            material_model="MAT-1",
            delivery_address=order_pb2.Address(recipient="Goods-in", city="Berlin"),
        ),
        lines=[
            order_pb2.OrderLine(
                line_no=line_no,
                product=f"enterprises/acme/products/product{line_no}",
                quantity=quantity,
                pid=f"product{line_no}",
                display_name="Smart plug",
                module_display_name="WR3E",
                firmware_version="2.4.1",
                firmware_digest=DIGEST,
                services=[LABELS],
            )
            for line_no in range(1, lines + 1)
        ],
        snapshot_digest=DIGEST,
    )


def a_purchase_order_of_licenses(*, lines: int = 1, quantity: int = 10) -> order_pb2.PurchaseOrder:
    """Return what ordering clears for licensing: codes for products, and no prices."""
    order = a_purchase_order(lines=lines, quantity=quantity)
    order.family = order_pb2.LICENSE
    for line in order.lines:
        for field in ("module_display_name", "firmware_version", "firmware_digest"):
            line.ClearField(field)
        line.license_type = "licenseTypes/ipc-sdk-video"
        line.license_type_display_name = "IPC SDK, video"
    return order


def cleared(**more: Any) -> ordering.OrderClearedForProduction:
    """Return the event work orders begin with."""
    return ordering.OrderClearedForProduction(order=ORDER, purchase_order=a_purchase_order(**more))


def a_work_order(*, quantity: int = 10, started: bool = True) -> WorkOrder:
    """Return a work order, started unless told otherwise, that has told its events."""
    sent = json_format.MessageToDict(a_purchase_order(quantity=quantity))
    made = WorkOrder.open(
        enterprise="acme",
        work_order_no="MW-2026-000001",
        purchase_order=sent,
        line=sent["lines"][0],
    )
    made.id = UUID("01930000-0000-7000-8000-0000000000f1")
    made.created_at = datetime(2026, 11, 23, tzinfo=UTC)
    if started:
        made.start()
        made.release_events()
    return made


def results(count: int, *, first: int = 0, digest: str = DIGEST, passed: bool = True) -> Any:
    """Return results of `count` units with serial numbers of their own."""
    return [UnitResult(f"SN{first + n:05}", digest, passed) for n in range(count)]
