"""Work orders and shipments in and out of protobuf."""

from collections.abc import Iterable
from typing import Any

from google.protobuf import json_format
from millrun.fulfillment.v1 import fulfillment_pb2 as pb
from millrun.fulfillment.v1 import work_pb2 as work
from millrun.ordering.v1 import order_pb2

from services.fulfillment.domain.batch import Batch, UnitResult
from services.fulfillment.domain.events import ShippedItem
from services.fulfillment.domain.shipment import Shipment
from services.fulfillment.domain.work_order import State, WorkOrder
from shared.paging import Page
from shared.wire import time_message


def work_order_message(made: WorkOrder) -> work.WorkOrder:
    """Return a work order as others see it."""
    return work.WorkOrder(
        name=made.name,
        work_order_no=made.work_order_no,
        state=work.WorkOrder.State.Value(made.state.name),
        order=made.order,
        order_no=made.order_no,
        line_no=made.line_no,
        product=made.product,
        product_display_name=made.product_display_name,
        module_display_name=made.module_display_name,
        firmware_version=made.firmware_version,
        firmware_digest=made.firmware_digest,
        quantity=made.quantity,
        finished_quantity=made.finished_quantity,
        shipped_quantity=made.shipped_quantity,
        batches=[_batch_message(each) for each in made.standing],
        customer_batch_no=made.customer_batch_no,
        material_model=made.material_model,
        snapshot_digest=made.snapshot_digest,
        hold_reason=made.hold_reason,
        cleared_for_shipping=made.cleared_for_shipping,
        delivery_address=_address_message(made.delivery_address),
        create_time=time_message(made.created_at),
        etag=made.etag,
        enterprise_legal_name=made.enterprise_legal_name,
        services=map(_service_message, made.services),
        withdrawn_batches=[_batch_message(each) for each in made.withdrawn],
    )


def work_orders_message(page: Page[WorkOrder]) -> pb.ListWorkOrdersResponse:
    """Return a page of work orders."""
    return pb.ListWorkOrdersResponse(
        work_orders=[work_order_message(each) for each in page.items],
        next_page_token=page.next_token,
    )


def shipment_message(shipment: Shipment) -> work.Shipment:
    """Return a shipment as others see it."""
    return work.Shipment(
        name=shipment.name,
        shipment_no=shipment.shipment_no,
        order=shipment.order,
        order_no=shipment.order_no,
        items=[work.ShipmentItem(**vars(item)) for item in shipment.items],
        carrier=shipment.carrier,
        tracking_no=shipment.tracking_no,
        state=work.Shipment.State.Value(shipment.state.name),
        delivery_address=_address_message(shipment.delivery_address),
        dispatch_time=time_message(shipment.dispatched_at),
        receive_time=time_message(shipment.received_at),
        etag=shipment.etag,
    )


def shipments_message(page: Page[Shipment]) -> pb.ListShipmentsResponse:
    """Return a page of shipments."""
    return pb.ListShipmentsResponse(
        shipments=[shipment_message(each) for each in page.items], next_page_token=page.next_token
    )


def results_from(units: Iterable[work.UnitResult]) -> list[UnitResult]:
    """Read results of units; NotADigest if one names no firmware."""
    return [UnitResult(each.serial_no, each.firmware_digest, each.passed) for each in units]


def items_from(items: Iterable[work.ShipmentItem]) -> list[ShippedItem]:
    """Read what is to be shipped; the lines are ours to know."""
    return [
        ShippedItem(each.work_order, each.production_batch_no, each.quantity, 0) for each in items
    ]


def address_from(shipment: work.Shipment) -> dict[str, Any] | None:
    """Read the address a shipment is labelled with, as work orders keep theirs; None if unsaid."""
    said = shipment.HasField("delivery_address")
    return json_format.MessageToDict(shipment.delivery_address) if said else None


def states_from(states: "Iterable[work.WorkOrder.State.ValueType]") -> list[State]:
    """Read states to filter by; none means all."""
    return [State[work.WorkOrder.State.Name(state)] for state in states if state]


def _batch_message(batch: Batch) -> work.Batch:
    return work.Batch(
        production_batch_no=batch.production_batch_no,
        quantity=batch.quantity,
        state=work.Batch.State.Value(batch.state.name),
        passed_quantity=batch.passed_quantity,
        failed_quantity=batch.failed_quantity,
        stop_reason=batch.stop_reason,
        test_data_digest=batch.test_data_digest,
        start_time=time_message(batch.started_at),
        complete_time=time_message(batch.completed_at),
        shipped_quantity=batch.shipped_quantity,
        withdraw_reason=batch.withdraw_reason,
        withdraw_time=time_message(batch.withdrawn_at),
    )


def _service_message(service: Any) -> order_pb2.OrderLineService:
    message = order_pb2.OrderLineService()
    return json_format.ParseDict(dict(service), message, ignore_unknown_fields=True)


def _address_message(address: Any) -> order_pb2.Address:
    return json_format.ParseDict(dict(address), order_pb2.Address(), ignore_unknown_fields=True)
