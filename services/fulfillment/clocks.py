"""What fulfillment does from time to time: it takes silence for receipt."""

from datetime import timedelta

import sqlalchemy as sa

from services.fulfillment.domain.shipment import Shipment, State
from services.fulfillment.settings import FulfillmentSettings
from services.fulfillment.store import shipments
from shared.clock import now
from shared.service import Runtime
from shared.storage import EVERYTHING

AT_ONCE = 50


def confirm_overdue_receipts(runtime: Runtime) -> int:
    """Count shipments nobody confirmed in time as received (transition 15); return how many."""
    assert isinstance(runtime.settings, FulfillmentSettings)
    before = now() - timedelta(days=runtime.settings.receipt_days)
    with runtime.database.transaction(EVERYTHING) as tx:
        overdue = tx.scalars(
            sa.select(Shipment)
            .where(shipments.c.state == State.DISPATCHED, shipments.c.dispatched_at < before)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for shipment in overdue:
            shipment.receive()
    return len(overdue)
