"""What happens to orders; each as `events.proto` shows it to the world."""

from dataclasses import dataclass

from services.ordering.domain.amendment import Changed
from services.ordering.domain.checks import Kind
from services.ordering.domain.purchase_order import PurchaseOrder
from services.ordering.domain.words import Party, State
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
class OrderRevised(Event):
    """A submitted order was changed before it was confirmed, and all who have to agree did."""

    order: str
    order_no: str
    changes: tuple[Changed, ...]
    purchase_order: PurchaseOrder
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderAmended(OrderRevised):
    """A confirmed order was changed, and all who have to agree did."""

    amendment: int
    """How often it was amended by now."""

    addendum_suffices: bool
    """Whether an addendum is enough where both signed the contract."""

    price_confirmed_by: str
    """Who confirmed its price last; may not book its offline payments."""


@dataclass(frozen=True, kw_only=True)
class OrderAmendmentProposed(Event):
    """Somebody asked to change the order, and others have yet to agree."""

    order: str
    order_no: str
    awaits: tuple[Party, ...]
    changes: tuple[Changed, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderAmendmentDeclined(Event):
    """A change was turned down, taken back or too late: the order stays as it was."""

    order: str
    order_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderCancellationRequested(Event):
    """The buyer asks to end an order that is signed."""

    order: str
    order_no: str
    reason: str
    liability: Money


@dataclass(frozen=True, kw_only=True)
class OrderCancellationWithdrawn(Event):
    """The buyer does not want to end the order any more."""

    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class OrderFileAttached(Event):
    """A file was attached to an order that is submitted."""

    order: str
    order_no: str
    file_name: str
    media_type: str
    size_bytes: int
    digest: str
    by_vendor: bool
    asked: str
    """Who is to look at it, of the other side."""


@dataclass(frozen=True, kw_only=True)
class OrderFileRemoved(Event):
    """A file that came after the submit does not belong to the order any more."""

    order: str
    order_no: str
    file_name: str
    digest: str
    by_vendor: bool
    asked: str
    """Who was to look at it, of the other side."""


@dataclass(frozen=True, kw_only=True)
class OrderCancellationDeclined(Event):
    """The business manager does not end the order."""

    order: str
    order_no: str
    reason: str


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
    """The buyer withdrew the order, or the business manager ended it as the buyer asked."""

    order: str
    order_no: str
    reason: str
    liability: Money | None = None
    """What the buyer owes for it; None if nobody had to be asked."""

    refund: Money | None = None
    """How much of what was paid goes back; None if nothing was."""


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
class OrderClearedForLicensing(Event):
    """Licences are confirmed, signed for if that is asked, and paid: codes may be issued (A7)."""

    order: str
    purchase_order: PurchaseOrder
    """Without prices: production sees none."""


@dataclass(frozen=True, kw_only=True)
class OrderClearedForShipping(Event):
    """The whole amount is settled, nothing is to be signed: finished batches may go out (A3)."""

    order: str
    order_no: str


@dataclass(frozen=True, kw_only=True)
class OrderShippingStopped(Event):
    """It goes elsewhere than it was cleared for: nothing leaves until it is cleared again."""

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


@dataclass(frozen=True, kw_only=True)
class PurchaseAsked(Event):
    """Somebody asked whoever can change what keeps a product from being ordered (R41)."""

    purchase_request: str
    product: str
    pid: str
    kind: Kind
    sentence: str
    note: str
    asker: str
    asker_display_name: str
    enterprise_legal_name: str
    asked: str


@dataclass(frozen=True, kw_only=True)
class SuggestionMade(Event):
    """Somebody of an enterprise suggested something to its business manager (R17)."""

    suggestion: str
    subject: str
    text: str
    author: str
    author_display_name: str
    enterprise_legal_name: str
    asked: str


@dataclass(frozen=True, kw_only=True)
class SuggestionAnswered(Event):
    """The business manager answered a suggestion."""

    suggestion: str
    subject: str
    text: str
    answer: str
    account: str
    answered_by: str
    answered_by_display_name: str
