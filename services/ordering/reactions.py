"""What ordering does when it hears of something (transitions 10-16)."""

from collections.abc import Iterable

from millrun.catalog.v1 import events_pb2 as catalog
from millrun.contract.v1 import events_pb2 as contract
from millrun.fulfillment.v1 import events_pb2 as fulfillment
from millrun.fulfillment.v1.work_pb2 import ShipmentItem
from millrun.payment.v1 import events_pb2 as payment
from sqlalchemy.orm import Session

from services.ordering.domain import facts
from services.ordering.store import Orders, retire
from shared.events import Envelope
from shared.reactions import Reactions
from shared.wire import money_from

reactions = Reactions()


@reactions.to(contract.ContractGenerated)
def keep_contract(tx: Session, event: contract.ContractGenerated, heard: Envelope) -> None:
    """The contract is there to be signed."""
    facts.contract_generated(
        Orders(tx).take(event.order), contract=event.contract, contract_no=event.contract_no
    )


@reactions.to(contract.ContractBuyerSigned)
def keep_buyer_signature(tx: Session, event: contract.ContractBuyerSigned, heard: Envelope) -> None:
    """The buyer signed; the business manager is to countersign."""
    facts.buyer_signed(Orders(tx).take(event.order), version=event.version)


@reactions.to(contract.ContractReturned)
def give_back_the_turn(tx: Session, event: contract.ContractReturned, heard: Envelope) -> None:
    """The manager returned the buyer's signature; the buyer is to sign again."""
    facts.signature_returned(Orders(tx).take(event.order), version=event.version)


@reactions.to(contract.ContractSigned)
def pass_contract_gate(tx: Session, event: contract.ContractSigned, heard: Envelope) -> None:
    """Both sides signed."""
    facts.contract_signed(
        Orders(tx).take(event.order), contract=event.contract, version=event.version
    )


@reactions.to(payment.PaymentSettled)
def pass_payment_gates(tx: Session, event: payment.PaymentSettled, heard: Envelope) -> None:
    """Money is there, perhaps before the signatures."""
    facts.payment_settled(Orders(tx).take(event.order), settled=money_from(event.settled))


@reactions.to(payment.InvoiceRequested)
def want_invoice(tx: Session, event: payment.InvoiceRequested, heard: Envelope) -> None:
    """The buyer asked for the invoice."""
    facts.invoice_requested(Orders(tx).take(event.order), invoice=event.invoice)


@reactions.to(payment.InvoiceIssued)
def pass_invoice_gate(tx: Session, event: payment.InvoiceIssued, heard: Envelope) -> None:
    """Finance issued the invoice."""
    amount = money_from(event.amount) if event.HasField("amount") else None
    facts.invoice_issued(Orders(tx).take(event.order), invoice=event.invoice, amount=amount)


@reactions.to(payment.InvoiceReversalRequested)
def want_invoice_of_what_is_signed(
    tx: Session, event: payment.InvoiceReversalRequested, heard: Envelope
) -> None:
    """The order was changed as its invoice was issued: another one follows."""
    facts.invoice_outdated(Orders(tx).take(event.order), invoice=event.invoice)


@reactions.to(payment.InvoiceReversed)
def want_invoice_again(tx: Session, event: payment.InvoiceReversed, heard: Envelope) -> None:
    """Finance took the invoice back."""
    facts.invoice_reversed(Orders(tx).take(event.order), invoice=event.invoice)


@reactions.to(fulfillment.ProductionStarted)
def pass_production_gate(
    tx: Session, event: fulfillment.ProductionStarted, heard: Envelope
) -> None:
    """The first line is being made, or one more."""
    facts.production_started(Orders(tx).take(event.order))


@reactions.to(fulfillment.BatchCompleted)
def count_finished(tx: Session, event: fulfillment.BatchCompleted, heard: Envelope) -> None:
    """A batch is finished and tested."""
    facts.batch_completed(
        Orders(tx).take(event.order), line_no=event.line_no, quantity=event.quantity
    )


@reactions.to(fulfillment.BatchStopped)
def hold_for_batch(tx: Session, event: fulfillment.BatchStopped, heard: Envelope) -> None:
    """A unit had the wrong firmware: nothing goes on until somebody looked."""
    facts.batch_stopped(
        Orders(tx).take(event.order),
        work_order=event.work_order,
        batch=event.production_batch_no,
        reason=event.reason,
    )


@reactions.to(fulfillment.BatchResumed)
def release_for_batch(tx: Session, event: fulfillment.BatchResumed, heard: Envelope) -> None:
    """A stopped batch goes on."""
    facts.batch_resumed(
        Orders(tx).take(event.order),
        work_order=event.work_order,
        batch=event.production_batch_no,
    )


@reactions.to(fulfillment.BatchWithdrawn)
def forget_batch(tx: Session, event: fulfillment.BatchWithdrawn, heard: Envelope) -> None:
    """A batch was started by mistake: what it held goes on, and the order is made in others."""
    facts.batch_withdrawn(
        Orders(tx).take(event.order),
        work_order=event.work_order,
        batch=event.production_batch_no,
    )


@reactions.to(fulfillment.ShipmentDispatched)
def count_shipped(tx: Session, event: fulfillment.ShipmentDispatched, heard: Envelope) -> None:
    """Goods are on their way."""
    facts.shipped(Orders(tx).take(event.order), items=_by_line(event.items))


@reactions.to(fulfillment.ShipmentReceived)
def count_received(tx: Session, event: fulfillment.ShipmentReceived, heard: Envelope) -> None:
    """The buyer has the goods."""
    facts.received(Orders(tx).take(event.order), items=_by_line(event.items))


@reactions.to(fulfillment.LicensesIssued)
def count_issued(tx: Session, event: fulfillment.LicensesIssued, heard: Envelope) -> None:
    """Codes are issued and sealed."""
    facts.licenses_issued(
        Orders(tx).take(event.order), line_no=event.line_no, issued=event.issued_quantity
    )


@reactions.to(fulfillment.LicensesOpened)
def count_opened(tx: Session, event: fulfillment.LicensesOpened, heard: Envelope) -> None:
    """The buyer has codes."""
    facts.licenses_opened(
        Orders(tx).take(event.order), line_no=event.line_no, opened=event.opened_quantity
    )


@reactions.to(catalog.FirmwareRetired)
def remember_retired(tx: Session, event: catalog.FirmwareRetired, heard: Envelope) -> None:
    """Firmware may not be used in new orders; the project manager will be told (transition 5)."""
    retire(tx, event.firmware)


def _by_line(items: Iterable[ShipmentItem]) -> list[tuple[int, int]]:
    return [(item.line_no, item.quantity) for item in items]
