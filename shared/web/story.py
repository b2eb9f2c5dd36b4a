"""What happened to an order, in plain sentences, from its events."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from google.protobuf.json_format import MessageToDict, ParseDict
from google.type.money_pb2 import Money
from markupsafe import Markup
from millrun.notification.v1.feed_pb2 import OrderEvent

from shared.web import differing, endings
from shared.web.formats import money, quantity, words
from shared.web.said import said
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
    "ordering.order.file_attached": Told(_("A file was attached"), "upload"),
    "ordering.order.file_removed": Told(_("A file was removed"), "trash"),
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
    "ordering.order.shipping_stopped": Told(
        _("Another address: nothing is shipped until it may be again"), "lock"
    ),
    "ordering.order.completed": Told(_("The order is completed"), "circle-check"),
    "contract.contract.generated": Told(_("The contract is ready to be signed"), "file-text"),
    "contract.contract.buyer_signed": Told(_("The buyer signed the contract"), "signature"),
    "contract.contract.returned": Told(_("The signature was returned to the buyer"), "file-text"),
    "contract.contract.amended": Told(
        _("The contract changes; the new version is to be signed"), "file-text"
    ),
    "contract.contract.addendum_voided": Told(_("The addendum was called off"), "file-text"),
    "contract.contract.signed": Told(_("Both sides signed the contract"), "file-certificate"),
    "contract.contract.voided": Told(_("The contract no longer holds"), "file-text"),
    "payment.payment.instructed": Told(_("The buyer said how to pay"), "credit-card"),
    "payment.payment.settled": Told(_("A payment arrived"), "report-money"),
    "payment.payment.unallocated": Told(_("Money came that was not due"), "report-money"),
    "payment.refund.requested": Told(_("Money goes back to the buyer"), "report-money"),
    "payment.refund.issued": Told(_("Money was sent back to the buyer"), "report-money"),
    "payment.receivable.opened": Told(_("More is owed for ending it than was paid"), "receipt"),
    "payment.receivable.paid": Told(_("What was owed for ending it is paid"), "report-money"),
    "payment.receivable.waived": Told(
        _("What is owed for ending it is not asked for any more"), "receipt"
    ),
    "payment.payment.voided": Told(_("A payment was withdrawn"), "x"),
    "payment.invoice.requested": Told(_("The invoice was asked for"), "receipt"),
    "payment.invoice.issued": Told(_("The invoice was issued"), "receipt"),
    "payment.invoice.reversal_requested": Told(_("The invoice is to be reversed"), "receipt"),
    "payment.invoice.reversed": Told(_("The invoice was reversed"), "receipt"),
    "fulfillment.production.started": Told(_("Production started"), "building-factory-2"),
    "fulfillment.batch.started": Told(_("A batch was started"), "stack-2"),
    "fulfillment.batch.stopped": Told(_("A batch was stopped"), "alert-triangle"),
    "fulfillment.batch.resumed": Told(_("The batch goes on"), "stack-2"),
    "fulfillment.batch.withdrawn": Told(
        _("A batch was withdrawn; nothing of it had been made"), "x"
    ),
    "fulfillment.batch.completed": Told(_("A batch is finished and tested"), "test-pipe"),
    "fulfillment.shipment.dispatched": Told(_("Goods are on their way"), "truck-delivery"),
    "fulfillment.shipment.received": Told(_("The goods were received"), "package"),
    "fulfillment.licenses.issued": Told(_("Licence codes were issued, and sealed"), "lock"),
    "fulfillment.licenses.opened": Told(_("Licence codes were opened"), "lock-open"),
    "fulfillment.licenses.released": Told(_("Licence codes can be opened once more"), "lock-open"),
}

OF_ADDENDA: Mapping[str, str] = {
    "contract.contract.generated": _("The addendum to the contract is ready to be signed"),
    "contract.contract.buyer_signed": _("The buyer signed the addendum to the contract"),
    "contract.contract.returned": _("The signature under the addendum was returned to the buyer"),
    "contract.contract.amended": _("The contract gets an addendum, to be signed by both sides"),
    "contract.contract.signed": _("Both sides signed the addendum to the contract"),
}
"""How the same is told of an addendum: what both signed before stays in force."""

AMOUNTS: Mapping[str, str] = {
    "amount": "%(amount)s",
    "total": _("total %(amount)s"),
    "liability": _("%(amount)s is owed for it"),
    "refund": _("%(amount)s goes back"),
}
"""Amounts an event may name, and how each is told."""

SAID_BY_OTHERS = frozenset(
    {"ordering.order.contract_signed", "ordering.order.deposit_paid", "ordering.order.advanced"}
)
"""Events that repeat what the service before them told."""


ORDERED = frozenset(
    {"ordering.order.submitted", "ordering.order.revised", "ordering.order.amended"}
)
"""Events with which what is ordered was frozen, as a revision."""

MOST_CHANGES = 3
"""Fields that changed which a timeline names; the revision's page has all."""


def story(
    events: Iterable[OrderEvent], names: Mapping[str, str], *, here: str = ""
) -> list[dict[str, object]]:
    """Return what happened, the newest first, as `ui.timeline` shows it.

    `names` says how the reader calls an account; everybody else is called by their name. `here` is
    the order's page, if its revisions have theirs below it. An event nobody wrote a sentence for is
    told under its own name.
    """
    told = [event for event in events if event.type not in SAID_BY_OTHERS]
    return [_entry(event, names, here) for event in reversed(told)]


def _entry(event: OrderEvent, names: Mapping[str, str], here: str) -> dict[str, object]:
    known = SENTENCES.get(event.type)
    data = MessageToDict(event.data)
    return {
        "at": event.time,
        "what": _(_sentence(event.type, known.sentence, data))
        if known
        else words(event.type.rpartition(".")[2]),
        "icon": known.icon if known else "info-circle",
        "note": " · ".join([*_notes(data), *_stood_in(data, names)]),
        "who": names.get(event.actor) or event.actor_display_name if event.actor else "",
        **(_revision(data, here) if here and event.type in ORDERED else {}),
    }


def _sentence(type_: str, usual: str, data: Mapping[str, Any]) -> str:
    return OF_ADDENDA.get(type_, usual) if data.get("addendum") else usual


def _revision(data: dict[str, Any], here: str) -> dict[str, object]:
    """Return the way to what was ordered then."""
    number = int(data.get("purchaseOrder", {}).get("revision", 0))
    label = _("See what changed") if number else _("See what was ordered")
    return {"href": f"{here}/revisions/{number}", "label": label}


def _stood_in(data: dict[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """Yield that a deputy did it, and for whom if the reader knows them."""
    if absent := data.get("deputyFor"):
        known = names.get(absent)
        yield _("in place of %(name)s", name=known) if known else _("as a deputy")


def _notes(data: dict[str, Any]) -> Iterator[str]:
    """Yield what is worth reading besides the sentence: why, what changed, how much, which."""
    if ended := data.get("cause"):
        yield endings.cause(ended, data.get("orderReason", ""))
    elif reason := data.get("reason"):
        yield said(str(reason))
    if data.get("signaturesVoided"):
        yield _("Signatures given before do not hold any more.")
    if differences := data.get("differences"):
        clauses = dict.fromkeys(words(each["clause"]) for each in differences)
        yield _("Clauses: %(clauses)s", clauses=_(", ").join(clauses))
    else:
        yield from _changes(data.get("changes", []))
    for name, sentence in AMOUNTS.items():
        amount = data.get(name)
        if isinstance(amount, dict):  # What goes back may be named instead.
            yield _(sentence, amount=money(ParseDict(amount, Money())))
    if batch := data.get("productionBatchNo"):
        units = data.get("quantity")
        yield f"{batch} · {quantity(int(units))}" if units else str(batch)
    if "licenseIssueNo" in data:
        yield f"{data['licenseIssueNo']} · {quantity(int(data['quantity']))}"
    if file_name := data.get("fileName"):
        yield str(file_name)
    if tracking := data.get("trackingNo"):
        yield f"{data.get('carrier', '')} {tracking}".strip()
    if number := data.get("invoiceNo") or data.get("contractNo"):
        yield str(number)


def _changes(changes: list[dict[str, Any]]) -> Iterator[str]:
    for each in changes[:MOST_CHANGES]:
        line_no = int(each.get("lineNo", 0))
        what = [differing.line(line_no), differing.field(each["field"])]
        before, after = (_plain(each.get(side, ""), each["field"]) for side in ("before", "after"))
        yield f"{' · '.join(filter(None, what))}: {before} → {after}"
    if len(changes) > MOST_CHANGES:
        yield _("and %(count)s more", count=len(changes) - MOST_CHANGES)


def _plain(text: str, field: str) -> str:
    shown = differing.value(text, field)
    return shown.striptags() if isinstance(shown, Markup) else shown
