"""What can be asked of fulfillment. One function per thing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.fulfillment.domain import errors
from services.fulfillment.domain.batch import UnitResult
from services.fulfillment.domain.events import ShippedItem
from services.fulfillment.domain.shipment import Shipment
from services.fulfillment.domain.work_order import WorkOrder
from services.fulfillment.store import Shipments, WorkOrders
from shared import documents
from shared.caller import Caller
from shared.texts import TextTooLong

MOST_RESULTS = 1000
MOST_BYTES = 3 * 1024 * 1024
LONGEST_NUMBER = 64
"""Characters of a batch's or a unit's number: as many as fit on a label."""

LONGEST_CARRIER = 200
TEST_DATA = {
    "text/csv": b"",
    "application/json": b"",
    "application/zip": b"PK",
    "application/pdf": b"%PDF-",
}
"""What test data may be, and how such a file begins."""


def open_work_orders(tx: Session, *, enterprise: str, purchase_order: Mapping[str, Any]) -> None:
    """The order is cleared for production: open a work order for each line (R5)."""
    for line in purchase_order["lines"]:
        WorkOrders(tx).add(
            WorkOrder.open(
                enterprise=enterprise,
                work_order_no=WorkOrders(tx).next_number(),
                purchase_order=purchase_order,
                line=line,
            )
        )


def start_production(tx: Session, *, name: str, caller: Caller, etag: str) -> WorkOrder:
    """Begin to make a line (transition 12)."""
    work_order = WorkOrders(tx).get(name, caller)
    work_order.expect(etag)
    work_order.start()
    return work_order


def start_batch(
    tx: Session, *, name: str, caller: Caller, production_batch_no: str, quantity: int, etag: str
) -> WorkOrder:
    """Begin a batch (A16)."""
    _insist_short(production_batch_no, "production_batch_no", LONGEST_NUMBER)
    work_order = WorkOrders(tx).get(name, caller)
    work_order.expect(etag)
    if WorkOrders(tx).has_batch(production_batch_no):
        raise errors.BatchNumberTaken(production_batch_no=production_batch_no)
    work_order.start_batch(production_batch_no, quantity)
    return work_order


def record_units(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    production_batch_no: str,
    results: Sequence[UnitResult],
) -> WorkOrder:
    """Record what became of units; the first wrong firmware stops the batch (§6.2)."""
    _insist_sendable(results)
    work_order = WorkOrders(tx).get(name, caller)
    batch = work_order.batch(production_batch_no)
    counted = work_order.check_flash(batch, results)
    passed, failed = WorkOrders(tx).record_units(work_order, batch, counted)
    batch.count(passed=passed, failed=failed)
    work_order.touch()
    return work_order


def resume_batch(
    tx: Session, *, name: str, caller: Caller, production_batch_no: str, reason: str, etag: str
) -> WorkOrder:
    """A project manager lets a stopped batch go on."""
    work_order = WorkOrders(tx).get(name, caller)
    work_order.expect(etag)
    work_order.resume_batch(production_batch_no, reason)
    return work_order


def withdraw_batch(
    tx: Session, *, name: str, caller: Caller, production_batch_no: str, reason: str, etag: str
) -> WorkOrder:
    """Take back a batch that was started by mistake."""
    work_order = WorkOrders(tx).get(name, caller)
    work_order.expect(etag)
    work_order.withdraw_batch(production_batch_no, reason)
    return work_order


def attach_test_data(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    production_batch_no: str,
    media_type: str,
    content: bytes,
) -> WorkOrder:
    """Keep a file with the results of a batch (R26)."""
    if media_type not in TEST_DATA:
        raise errors.NotTestData(media_type=media_type)
    if len(content) > MOST_BYTES:
        raise errors.TestDataTooLarge(size=len(content), most=MOST_BYTES)
    _insist_that_kind(content, media_type)
    work_order = WorkOrders(tx).get(name, caller)
    digest = documents.put(
        tx, enterprise=work_order.enterprise, media_type=media_type, content=content
    )
    work_order.attach_test_data(production_batch_no, digest)
    return work_order


def complete_batch(
    tx: Session, *, name: str, caller: Caller, production_batch_no: str, etag: str
) -> WorkOrder:
    """A batch is finished (transition 13)."""
    work_order = WorkOrders(tx).get(name, caller)
    work_order.expect(etag)
    work_order.complete_batch(production_batch_no)
    return work_order


def dispatch_shipment(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    items: Sequence[ShippedItem],
    carrier: str,
    tracking_no: str,
    labelled: Mapping[str, Any] | None = None,
) -> Shipment:
    """Hand finished units of an order to a carrier (transition 14).

    Refused if they were `labelled` with another address than the order has by now.
    """
    _insist_short(carrier, "carrier", LONGEST_CARRIER)
    _insist_short(tracking_no, "tracking_no", LONGEST_NUMBER)
    made = {each.name: each for each in WorkOrders(tx).of_order(order)}
    if not made or not order.startswith(f"{parent}/orders/"):
        raise errors.OrderNotCleared(order=order)
    first = next(iter(made.values()))
    if labelled is not None and labelled != first.delivery_address:
        raise errors.DeliveryAddressChanged(order_no=first.order_no)
    shipped = [_ship(tx, item, made, caller) for item in items]
    shipment = Shipment.dispatch(
        enterprise=first.enterprise,
        shipment_no=Shipments(tx).next_number(),
        order=order,
        order_no=first.order_no,
        items=shipped,
        carrier=carrier,
        tracking_no=tracking_no,
        delivery_address=first.delivery_address,
    )
    Shipments(tx).add(shipment)
    return shipment


def confirm_receipt(tx: Session, *, name: str, caller: Caller, etag: str) -> Shipment:
    """The buyer has the goods (transition 15)."""
    shipment = Shipments(tx).get(name, caller)
    shipment.expect(etag)
    shipment.receive()
    return shipment


def _ship(
    tx: Session, item: ShippedItem, made: Mapping[str, WorkOrder], caller: Caller
) -> ShippedItem:
    work_order = made.get(item.work_order)
    if work_order is None:
        other = WorkOrders(tx).get(item.work_order, caller)
        raise errors.MixedOrders(work_order_no=other.work_order_no)
    work_order.ship(item.production_batch_no, item.quantity)
    return ShippedItem(work_order.name, item.production_batch_no, item.quantity, work_order.line_no)


def _insist_that_kind(content: bytes, media_type: str) -> None:
    """Refuse what programs could not read as what it is said to be; UTF-16 is text, too."""
    begins = TEST_DATA[media_type]
    is_text = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in content
    if not content.startswith(begins) or not (begins or is_text):
        raise errors.NotThatKindOfFile(media_type=media_type)


def _insist_short(text: str, field: str, most: int) -> None:
    if len(text) > most:
        raise TextTooLong(field=field, most=most)


def _insist_sendable(results: Sequence[UnitResult]) -> None:
    if not 1 <= len(results) <= MOST_RESULTS:
        raise errors.TooManyResults(count=len(results))
    seen: set[str] = set()
    for result in results:
        _insist_short(result.serial_no, "serial_no", LONGEST_NUMBER)
        if result.serial_no in seen:
            raise errors.RepeatedSerial(serial_no=result.serial_no)
        seen.add(result.serial_no)
