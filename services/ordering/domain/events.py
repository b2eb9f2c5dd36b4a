"""What happens to orders; each as `events.proto` shows it to the world."""

from dataclasses import dataclass

from services.ordering.domain.purchase_order import PurchaseOrder
from services.ordering.domain.words import State
from shared.domain import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class OrderSubmitted(Event):
    """A buyer submitted an order: it is a purchase intention now (R60)."""

    order: str
    purchase_order: PurchaseOrder


@dataclass(frozen=True, kw_only=True)
class OrderPriceConfirmed(Event):
    """The business manager confirmed price and quantity (R61)."""

    order: str
    order_no: str
    total: Money
    business_manager: str
    deputy_for: str
    """Whose customer it is, if a deputy confirmed; else empty."""


@dataclass(frozen=True, kw_only=True)
class OrderSoftwareConfirmed(Event):
    """The project manager confirmed the software (R62)."""

    order: str
    order_no: str
    project_manager: str
    deputy_for: str
    """Whose customer it is, if a deputy confirmed; else empty."""


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event):
    """Price and software are confirmed; a contract is to be made."""

    order: str
    purchase_order: PurchaseOrder
    price_confirmed_by: str


@dataclass(frozen=True, kw_only=True)
class OrderRejected(Event):
    """The vendor rejected the order."""

    order: str
    order_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderReplaced(Event):
    """The buyer put another order in its place (R63)."""

    order: str
    order_no: str
    replaced_by: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """The buyer withdrew the order."""

    order: str
    order_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderExpired(Event):
    """Nobody acted on the order in time."""

    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class OrderHeld(Event):
    """The order was stopped for now."""

    order: str
    order_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderReleased(Event):
    """The order goes on."""

    order: str
    order_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderContractSigned(Event):
    """Both sides' signatures were recorded on the order."""

    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class OrderDepositPaid(Event):
    """At least the deposit is settled."""

    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class OrderClearedForProduction(Event):
    """Price, software, contract and deposit are all there: production may start (R5)."""

    order: str
    purchase_order: PurchaseOrder
    """Without prices: production sees none."""


@dataclass(frozen=True, kw_only=True)
class OrderClearedForShipping(Event):
    """The whole amount is settled: finished batches may be shipped (A3)."""

    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class OrderAdvanced(Event):
    """The order's headline changed because of production, shipment or receipt."""

    order: str
    order_no: str
    state: State


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event):
    """The order is delivered, paid in full and, if asked for, invoiced."""

    order: str
    order_no: str
