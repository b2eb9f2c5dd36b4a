"""Who has to act next, in words: every open order names one party (requirements §6.9)."""

from typing import TYPE_CHECKING, NamedTuple

from services.ordering.domain.gates import Gate
from services.ordering.domain.words import Party, State

if TYPE_CHECKING:
    from services.ordering.domain.order import Order


class Wait(NamedTuple):
    """Whom an order waits for, and for what."""

    party: Party
    task: str


SUBMIT = Wait(Party.BUYER, "submit the order")
CONFIRM_PRICE = Wait(Party.BUSINESS_MANAGER, "confirm the price")
CONFIRM_SOFTWARE = Wait(Party.PROJECT_MANAGER, "confirm the software")
MAKE_CONTRACT = Wait(Party.SYSTEM, "prepare the contract")
SIGN = Wait(Party.BUYER, "sign the contract")
COUNTERSIGN = Wait(Party.BUSINESS_MANAGER, "countersign the contract")
PAY_DEPOSIT = Wait(Party.BUYER, "pay the deposit")
PAY = Wait(Party.BUYER, "pay the whole amount")
ISSUE_CODES = Wait(Party.PRODUCTION, "issue the licence codes")
OPEN_CODES = Wait(Party.BUYER, "open the licence codes")
START = Wait(Party.PRODUCTION, "start production")
FINISH = Wait(Party.PRODUCTION, "finish a batch")
PAY_BALANCE = Wait(Party.BUYER, "pay the balance")
SHIP = Wait(Party.PRODUCTION, "ship the goods")
CONFIRM_RECEIPT = Wait(Party.BUYER, "confirm the receipt")
ASK_FOR_INVOICE = Wait(Party.BUYER, "ask for the invoice")
DECIDE_CANCELLATION = Wait(Party.BUSINESS_MANAGER, "decide about the cancellation")
AGREE = "agree to the change"
SIGN_ADDENDUM = Wait(Party.BUYER, "sign the addendum")
COUNTERSIGN_ADDENDUM = Wait(Party.BUSINESS_MANAGER, "countersign the addendum")
ISSUE_INVOICE = Wait(Party.FINANCE, "issue the invoice")


def waited_on(order: "Order") -> Wait | None:
    """Return who has to act next; None when the order is final."""
    if order.is_closed:
        return None
    return _asked(order) or _next(order)


def _asked(order: "Order") -> Wait | None:
    """Return who has to answer what somebody asked for; that comes before the next step."""
    from services.ordering.domain.amending import awaited

    if order.cancellation is not None:
        return DECIDE_CANCELLATION
    if order.proposal is not None and (parties := awaited(order, order.proposal)):
        return Wait(parties[0], AGREE)
    if order.addendum_open and _stops(order):
        return COUNTERSIGN_ADDENDUM if order.buyer_signed else SIGN_ADDENDUM
    return None


def _stops(order: "Order") -> bool:
    """Whether an addendum nobody signed yet is all that stops production, or then shipping."""
    finished = order.state in {State.READY_TO_SHIP, State.PARTIALLY_SHIPPED}
    unshipped = finished and not order.shipping_cleared
    return not order.production_cleared or (unshipped and order.is_paid)


def _next(order: "Order") -> Wait | None:
    pay_first = order.gates.balance is Gate.PENDING
    match order.state:
        case State.DRAFT:
            return SUBMIT
        case State.INTENTION:
            return CONFIRM_SOFTWARE if order.gates.price.is_open else CONFIRM_PRICE
        case State.CONFIRMED if order.gates.contract is Gate.NOT_REQUIRED:
            return PAY
        case State.CONFIRMED if not order.contract:
            return MAKE_CONTRACT
        case State.CONFIRMED:
            return COUNTERSIGN if order.buyer_signed else SIGN
        case State.CONTRACT_SIGNED:
            return PAY_DEPOSIT if order.gates.deposit is Gate.PENDING else PAY
        case State.DEPOSIT_PAID if order.gates.production is Gate.PENDING:
            return START
        case State.DEPOSIT_PAID:
            issued = all(line.finished_quantity == line.quantity for line in order.lines)
            return OPEN_CODES if issued else ISSUE_CODES
        case State.IN_PRODUCTION:
            return FINISH
        case State.READY_TO_SHIP | State.PARTIALLY_SHIPPED:
            return PAY_BALANCE if pay_first else SHIP
        case State.SHIPPED:
            return CONFIRM_RECEIPT
        case State.DELIVERED if pay_first:
            return PAY_BALANCE
        case State.DELIVERED:
            return ISSUE_INVOICE if order.invoice_requested else ASK_FOR_INVOICE
        case _:
            return None
