"""What happens to work orders, batches and shipments."""

from dataclasses import dataclass

from shared.domain import Event


@dataclass(frozen=True, kw_only=True)
class ProductionStarted(Event):
    """Production of a line was started."""

    work_order: str
    order: str
    order_no: str
    line_no: int


@dataclass(frozen=True, kw_only=True)
class BatchStarted(Event):
    """A batch was started."""

    work_order: str
    order: str
    order_no: str
    line_no: int
    production_batch_no: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class BatchStopped(Event):
    """A unit had the wrong firmware; the batch was stopped."""

    work_order: str
    order: str
    order_no: str
    production_batch_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BatchResumed(Event):
    """A stopped batch goes on."""

    work_order: str
    order: str
    order_no: str
    production_batch_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BatchWithdrawn(Event):
    """A batch was started by mistake; nothing of it was made."""

    work_order: str
    order: str
    order_no: str
    line_no: int
    production_batch_no: str
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class BatchCompleted(Event):
    """A batch is finished and tested."""

    work_order: str
    order: str
    order_no: str
    line_no: int
    production_batch_no: str
    quantity: int
    test_data_digest: str


@dataclass(frozen=True)
class ShippedItem:
    """A quantity of one finished batch in a shipment."""

    work_order: str
    production_batch_no: str
    quantity: int
    line_no: int


@dataclass(frozen=True, kw_only=True)
class ShipmentDispatched(Event):
    """Goods are on their way."""

    shipment: str
    shipment_no: str
    order: str
    order_no: str
    items: tuple[ShippedItem, ...]
    carrier: str
    tracking_no: str


@dataclass(frozen=True, kw_only=True)
class LicensesIssued(Event):
    """Codes of licences were issued, and sealed."""

    license_issue: str
    license_issue_no: str
    order: str
    order_no: str
    line_no: int
    quantity: int
    issued_quantity: int
    paid_quantity: int
    digest: str
    """Of the codes; it cannot be turned back. No event has a code in it."""


@dataclass(frozen=True, kw_only=True)
class LicensesOpened(Event):
    """The buyer opened codes."""

    license_issue: str
    license_issue_no: str
    order: str
    order_no: str
    line_no: int
    quantity: int
    opened_quantity: int
    """How many were opened by now, each counted once."""

    account: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class LicensesReleased(Event):
    """Codes that were opened can be opened once more."""

    license_issue: str
    license_issue_no: str
    order: str
    order_no: str
    line_no: int
    quantity: int
    account: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShipmentReceived(Event):
    """The buyer has the goods."""

    shipment: str
    shipment_no: str
    order: str
    order_no: str
    items: tuple[ShippedItem, ...]
