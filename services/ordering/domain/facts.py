"""What other services tell about an order (transitions 10-16).

A fact is kept whenever it comes, also before those it follows from and while the order is held;
the headline goes on as far as all facts together allow. A closed order takes none: what becomes of
late money, say, is payment's matter (transition 20). Nor does a draft, of which nobody was told.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec

from services.ordering.domain.errors import MoreThanOrdered
from services.ordering.domain.gates import Gate
from services.ordering.domain.life import add_hold, keep_holds
from services.ordering.domain.line import OrderLine
from services.ordering.domain.order import Hold, Order
from shared.clock import now
from shared.money import Money

P = ParamSpec("P")
Fact = Callable[Concatenate[Order, P], None]

BATCH_RESUMED = "Batch {batch} goes on."
BATCH_WITHDRAWN = "Batch {batch} was withdrawn."


def fact(keep: Fact[P]) -> Fact[P]:
    """Keep what happened to an open order, then let the order follow."""

    @wraps(keep)
    def keep_and_follow(order: Order, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if order.submitted_at is not None and not order.is_closed:
            keep(order, *args, **kwargs)
            order.advance()

    return keep_and_follow


@fact
def contract_generated(order: Order, *, contract: str, contract_no: str = "") -> None:
    """The contract is there to be signed."""
    order.contract, order.contract_no = contract, contract_no


@fact
def buyer_signed(order: Order, *, version: int = 0) -> None:
    """The buyer signed; from now on the order does not expire."""
    if _is_current(order, version):
        order.buyer_signed, order.expires_at = True, None


@fact
def signature_returned(order: Order, *, version: int = 0) -> None:
    """The business manager returned the buyer's signature: it is the buyer's turn again."""
    if _is_current(order, version) and order.buyer_signed:
        order.buyer_signed = False
        if order.terms and not order.settled_amount and order.gates.contract is Gate.PENDING:
            order.expires_at = order.terms.valid_until


@fact
def contract_signed(order: Order, *, contract: str, version: int = 0) -> None:
    """Both sides signed, the contract or an addendum to it."""
    if _is_current(order, version):
        order.contract, order.buyer_signed, order.expires_at = contract, True, None
        order.addendum_open = False
        order.gates = order.gates.passing(contract=True)


@fact
def payment_settled(order: Order, *, settled: Money) -> None:
    """`settled` came so far, in all; may be known before the signatures are.

    What that covers is for the order to say: payment may not have heard yet of a change of it.
    """
    # To add is to insist on the currency; another one would be a bug of whoever told this.
    order.settled_amount = (Money.zero(order.currency) + settled).amount
    order.expires_at = None
    order.count_money()


@fact
def production_started(order: Order) -> None:
    """At least one line is being made."""
    order.gates = order.gates.passing(production=True)


@fact
def batch_completed(order: Order, *, line_no: int, quantity: int) -> None:
    """`quantity` more units of a line are finished and tested."""
    line = order.line(line_no)
    line.finished_quantity = _counted(order, line, line.finished_quantity + quantity, "finished")


@fact
def batch_stopped(order: Order, *, work_order: str, batch: str, reason: str) -> None:
    """A batch had the wrong firmware: the order is held until it goes on (requirements §6.2)."""
    cause = _cause(work_order, batch)
    if all(hold.cause != cause for hold in order.holds):
        add_hold(order, Hold(reason=reason, actor="", since=now(), cause=cause))


@fact
def batch_resumed(order: Order, *, work_order: str, batch: str) -> None:
    """A stopped batch goes on; what else holds the order stays."""
    _let_go(order, work_order, batch, reason=BATCH_RESUMED.format(batch=batch))


@fact
def batch_withdrawn(order: Order, *, work_order: str, batch: str) -> None:
    """A batch never was: nothing of it was counted here, and it holds the order no longer.

    Production was started all the same, and goes on with another batch.
    """
    _let_go(order, work_order, batch, reason=BATCH_WITHDRAWN.format(batch=batch))


@fact
def shipped(order: Order, *, items: Iterable[tuple[int, int]]) -> None:
    """Goods are on their way: units by line number."""
    for line_no, quantity in items:
        line = order.line(line_no)
        line.shipped_quantity = _counted(order, line, line.shipped_quantity + quantity, "shipped")
    order.gates = order.gates.passing(shipment=all(line.open_quantity == 0 for line in order.lines))


@fact
def received(order: Order, *, items: Iterable[tuple[int, int]]) -> None:
    """The buyer has goods: units by line number."""
    for line_no, quantity in items:
        line = order.line(line_no)
        line.received_quantity = _counted(
            order, line, line.received_quantity + quantity, "received"
        )
    _follow_receipt(order)


@fact
def licenses_issued(order: Order, *, line_no: int, issued: int) -> None:
    """There are `issued` codes of a line by now, in all; nobody but the buyer opens them."""
    line = order.line(line_no)
    line.finished_quantity = _counted(order, line, issued, "issued")


@fact
def licenses_opened(order: Order, *, line_no: int, opened: int) -> None:
    """The buyer opened `opened` codes of a line by now, in all: that is their receipt."""
    line = order.line(line_no)
    line.received_quantity = _counted(order, line, opened, "opened")
    _follow_receipt(order)


@fact
def invoice_requested(order: Order, *, invoice: str = "") -> None:
    """The buyer asked for the invoice (R74), or for another one since it was reversed."""
    if invoice < order.invoice:
        return
    order.invoice_requested = True
    if order.gates.invoice is not Gate.PASSED or invoice != order.invoice:
        order.gates = order.gates.wanting_invoice()
    order.invoice = invoice


@fact
def invoice_issued(order: Order, *, invoice: str = "", amount: Money | None = None) -> None:
    """Finance issued the invoice.

    If the order was changed before that was known here, an invoice over `amount` is none of what is
    signed (I5): finance is asked for another one, as soon as payment hears of the change.
    """
    if invoice >= order.invoice:
        order.invoice, order.invoice_requested = invoice, True
        is_over_it = amount in {None, order.total}
        order.gates = order.gates.wanting_invoice().passing(invoice=is_over_it)


@fact
def invoice_outdated(order: Order, *, invoice: str) -> None:
    """Finance is to reverse an invoice, as the order was changed when it was issued."""
    if invoice >= order.invoice:
        order.invoice, order.invoice_requested = invoice, True
        order.gates = order.gates.wanting_invoice()


@fact
def invoice_reversed(order: Order, *, invoice: str = "") -> None:
    """Finance took the invoice back: until another one is issued there is none."""
    if invoice >= order.invoice:
        order.invoice, order.invoice_requested = invoice, False
        order.gates = order.gates.again("invoice")


def _follow_receipt(order: Order) -> None:
    has_all = all(line.received_quantity == line.quantity for line in order.lines)
    order.gates = order.gates.passing(receipt=has_all)


def _let_go(order: Order, work_order: str, batch: str, *, reason: str) -> None:
    cause = _cause(work_order, batch)
    kept = tuple(hold for hold in order.holds if hold.cause != cause)
    keep_holds(order, kept, reason=reason)


def _is_current(order: Order, version: int) -> bool:
    """Whether what was signed is what is ordered now: each amendment has a version of its own."""
    return version in {0, order.amendment + 1}


def _cause(work_order: str, batch: str) -> str:
    return f"{work_order}/batches/{batch}"


def _counted(order: Order, line: OrderLine, counted: int, what: str) -> int:
    """Insist that no more units are counted than were ordered (I6)."""
    if not 0 <= counted <= line.quantity:
        raise MoreThanOrdered(
            order=order.order_no,
            line_no=line.line_no,
            quantity=line.quantity,
            counted=counted,
            what=what,
        )
    return counted
