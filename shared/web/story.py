"""What happened to an order, in plain sentences, from its events."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from google.protobuf.json_format import MessageToDict, ParseDict
from google.type.money_pb2 import Money
from millrun.notification.v1.feed_pb2 import OrderEvent

from shared.web.formats import money, quantity, words
from shared.web.text import _


class Told(NamedTuple):
    """How an event is told: what happened, with which icon."""

    sentence: str
    icon: str


SENTENCES: Mapping[str, Told] = {
    "ordering.order.submitted": Told(_("The order was submitted"), "send"),
    "ordering.order.price_confirmed": Told(_("The price was confirmed"), "report-money"),
    "ordering.order.software_confirmed": Told(_("The software was confirmed"), "shield-check"),
    "ordering.order.confirmed": Told(_("The order was confirmed"), "circle-check"),
    "ordering.order.revised": Told(_("The order was changed"), "edit"),
    "ordering.order.amended": Told(_("The order was amended"), "edit"),
    "ordering.order.amendment_proposed": Told(_("A change was proposed"), "edit"),
    "ordering.order.amendment_declined": Told(_("The order stays as it was"), "x"),
    "ordering.order.cancellation_requested": Told(_("The buyer asked to end the order"), "ban"),
    "ordering.order.cancellation_withdrawn": Told(_("The buyer keeps the order"), "circle-check"),
    "ordering.order.cancellation_declined": Told(_("The order is not ended"), "circle-x"),
    "ordering.order.rejected": Told(_("The order was rejected"), "circle-x"),
    "ordering.order.replaced": Told(_("Another order took its place"), "refresh"),
    "ordering.order.cancelled": Told(_("The order was cancelled"), "ban"),
    "ordering.order.expired": Told(_("Nobody acted in time; the order expired"), "clock"),
    "ordering.order.held": Told(_("The order was put on hold"), "player-pause"),
    "ordering.order.released": Told(_("The order goes on"), "circle-check"),
    "ordering.order.cleared_for_production": Told(_("Production may start"), "lock-open"),
    "ordering.order.cleared_for_licensing": Told(_("Licence codes may be issued"), "lock-open"),
    "ordering.order.cleared_for_shipping": Told(
        _("Paid in full: finished goods may be shipped"), "lock-open"
    ),
    "ordering.order.completed": Told(_("The order is completed"), "circle-check"),
    "contract.contract.generated": Told(_("The contract is ready to be signed"), "file-text"),
    "contract.contract.buyer_signed": Told(_("The buyer signed the contract"), "signature"),
    "contract.contract.returned": Told(_("The signature was returned to the buyer"), "file-text"),
    "contract.contract.amended": Told(
        _("The contract changes and is to be signed again"), "file-text"
    ),
    "contract.contract.addendum_voided": Told(_("The addendum was called off"), "file-text"),
    "contract.contract.signed": Told(_("Both sides signed the contract"), "file-certificate"),
    "contract.contract.voided": Told(_("The contract no longer holds"), "file-text"),
    "payment.payment.instructed": Told(_("The buyer said how to pay"), "credit-card"),
    "payment.payment.settled": Told(_("A payment arrived"), "report-money"),
    "payment.payment.unallocated": Told(_("Money came after the order had ended"), "report-money"),
    "payment.refund.requested": Told(_("Money goes back to the buyer"), "report-money"),
    "payment.payment.voided": Told(_("A payment was withdrawn"), "x"),
    "payment.invoice.requested": Told(_("The invoice was asked for"), "receipt"),
    "payment.invoice.issued": Told(_("The invoice was issued"), "receipt"),
    "fulfillment.production.started": Told(_("Production started"), "building-factory-2"),
    "fulfillment.batch.started": Told(_("A batch was started"), "stack-2"),
    "fulfillment.batch.stopped": Told(_("A batch was stopped"), "alert-triangle"),
    "fulfillment.batch.resumed": Told(_("The batch goes on"), "stack-2"),
    "fulfillment.batch.completed": Told(_("A batch is finished and tested"), "test-pipe"),
    "fulfillment.shipment.dispatched": Told(_("Goods are on their way"), "truck-delivery"),
    "fulfillment.shipment.received": Told(_("The goods were received"), "package"),
}

SAID_BY_OTHERS = frozenset(
    {"ordering.order.contract_signed", "ordering.order.deposit_paid", "ordering.order.advanced"}
)
"""Events that repeat what the service before them told."""


def story(events: Iterable[OrderEvent], names: Mapping[str, str]) -> list[dict[str, object]]:
    """Return what happened, the newest first, as `ui.timeline` shows it.

    `names` says how an account is called, as far as the reader can know; an event nobody wrote a
    sentence for is told under its own name.
    """
    told = [event for event in events if event.type not in SAID_BY_OTHERS]
    return [_entry(event, names) for event in reversed(told)]


def _entry(event: OrderEvent, names: Mapping[str, str]) -> dict[str, object]:
    known = SENTENCES.get(event.type)
    return {
        "at": event.time,
        "what": _(known.sentence) if known else words(event.type.rpartition(".")[2]),
        "icon": known.icon if known else "info-circle",
        "note": _note(MessageToDict(event.data)),
        "who": names.get(event.actor, "") if event.actor else "",
    }


def _note(data: dict[str, Any]) -> str:
    """Return the one fact worth reading besides the sentence."""
    if reason := data.get("reason") or data.get("changes"):
        return str(reason)
    if amount := data.get("amount"):
        return str(money(ParseDict(amount, Money())))
    if batch := data.get("productionBatchNo"):
        units = data.get("quantity")
        return f"{batch} · {quantity(int(units))}" if units else str(batch)
    if tracking := data.get("trackingNo"):
        return f"{data.get('carrier', '')} {tracking}".strip()
    return str(data.get("invoiceNo") or data.get("contractNo") or "")
