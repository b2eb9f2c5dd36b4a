"""What payment does when it hears of something."""

from millrun.contract.v1 import events_pb2 as contract
from millrun.ordering.v1 import events_pb2 as ordering
from sqlalchemy.orm import Session

from services.payment.commands import amend_plan, close_plan, draw_up_plan, settle_plan
from services.payment.store import Plans
from shared.events import Envelope
from shared.reactions import Reactions
from shared.wire import money_from

reactions = Reactions()


class PlanNotDrawnUp(Exception):
    """The contract was signed before we heard that its order is confirmed; heard again later."""


@reactions.to(ordering.OrderConfirmed)
def draw_up_the_plan(tx: Session, event: ordering.OrderConfirmed, heard: Envelope) -> None:
    """Price and terms are settled: now it is known what is due."""
    ordered, form = event.purchase_order, heard.data["purchaseOrder"].get("form", {})
    plan = draw_up_plan(
        tx,
        enterprise=heard.enterprise,
        order=event.order,
        order_no=ordered.order_no,
        enterprise_legal_name=ordered.enterprise_legal_name,
        total=money_from(ordered.total),
        deposit_percent=ordered.terms.deposit_percent,
        price_confirmed_by=event.price_confirmed_by,
        invoice_title=form.get("invoiceTitle"),
    )
    if ordered.no_contract:
        plan.sign_contract(1)


@reactions.to(ordering.OrderAmended)
def follow_the_order(tx: Session, event: ordering.OrderAmended, heard: Envelope) -> None:
    """The order was amended: total, deposit and invoice follow."""
    ordered, form = event.purchase_order, heard.data["purchaseOrder"].get("form", {})
    plan = amend_plan(
        tx,
        order=event.order,
        total=money_from(ordered.total),
        deposit_percent=ordered.terms.deposit_percent,
        price_confirmed_by=event.price_confirmed_by,
        invoice_title=form.get("invoiceTitle"),
        amendment=event.amendment,
        addendum_suffices=event.addendum_suffices,
    )
    if ordered.no_contract:
        plan.sign_contract(event.amendment + 1)


@reactions.to(contract.ContractSigned)
def open_payments(tx: Session, event: contract.ContractSigned, heard: Envelope) -> None:
    """Both sides signed: the buyer can say how to pay, if it is what is ordered now."""
    plan = Plans(tx).of_order(event.order)
    if plan is None:
        raise PlanNotDrawnUp(event.order)
    plan.sign_contract(event.version)


@reactions.to(ordering.OrderCancelled)
def close_for_cancelled(tx: Session, event: ordering.OrderCancelled, heard: Envelope) -> None:
    """The order was ended, and what was paid beyond what is owed for it goes back."""
    owed = money_from(event.liability) if event.HasField("liability") else None
    close_plan(tx, order=event.order, owed=owed, reason=event.reason)


@reactions.to(ordering.OrderCompleted)
def close_for_completed(tx: Session, event: ordering.OrderCompleted, heard: Envelope) -> None:
    """All that was due is there and stays: money that still comes goes back (20)."""
    settle_plan(tx, order=event.order)


@reactions.to(ordering.OrderReplaced)
def close_for_replaced(tx: Session, event: ordering.OrderReplaced, heard: Envelope) -> None:
    """Another order stands in its place."""
    close_plan(tx, order=event.order)


@reactions.to(ordering.OrderExpired)
def close_for_expired(tx: Session, event: ordering.OrderExpired, heard: Envelope) -> None:
    """Nobody signed in time."""
    close_plan(tx, order=event.order)
