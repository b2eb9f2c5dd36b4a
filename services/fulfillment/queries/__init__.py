"""What can be known about work orders and shipments."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.fulfillment.domain import errors
from services.fulfillment.domain.shipment import Shipment
from services.fulfillment.domain.work_order import State, WorkOrder
from services.fulfillment.store import WorkOrders, shipments, to_be_shipped, work_orders
from shared import documents
from shared.caller import Caller
from shared.documents import Document
from shared.paging import Page, page
from shared.tenancy import within


def list_work_orders(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    states: Sequence[State],
    to_ship_only: bool,
    size: int,
    token: str,
) -> Page[WorkOrder]:
    """Return work orders, newest first."""
    missing = errors.WorkOrderNotFound(work_order=f"{parent}/workOrders")
    select = within(sa.select(WorkOrder), work_orders, parent, caller, missing)
    if order:
        select = select.where(work_orders.c.order == order)
    if states:
        select = select.where(work_orders.c.state.in_(states))
    if to_ship_only:
        select = select.where(*to_be_shipped())
    return page(tx, select, key=work_orders.c.id, size=size, token=token)


def list_shipments(
    tx: Session, *, parent: str, caller: Caller, order: str, size: int, token: str
) -> Page[Shipment]:
    """Return shipments, newest first."""
    missing = errors.ShipmentNotFound(shipment=f"{parent}/shipments")
    select = within(sa.select(Shipment), shipments, parent, caller, missing)
    if order:
        select = select.where(shipments.c.order == order)
    return page(tx, select, key=shipments.c.id, size=size, token=token)


def batch_test_data(
    tx: Session, *, name: str, caller: Caller, production_batch_no: str
) -> Document:
    """Return the test data of a batch, byte for byte (R26)."""
    batch = WorkOrders(tx).get(name, caller).batch(production_batch_no)
    if not batch.test_data_digest:
        raise errors.TestDataNotThere(production_batch_no=production_batch_no)
    return documents.get(tx, batch.test_data_digest)
