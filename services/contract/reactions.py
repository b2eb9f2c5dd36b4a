"""What contract does when it hears of something."""

from millrun.ordering.v1 import events_pb2 as ordering
from sqlalchemy.orm import Session

from services.contract.commands import follow_order, void_contract
from services.contract.domain.ending import Cause, Ending
from shared.events import Envelope
from shared.reactions import Reactions
from shared.wire import money_from

reactions = Reactions()


@reactions.to(ordering.OrderConfirmed)
def prepare_the_contract(tx: Session, event: ordering.OrderConfirmed, heard: Envelope) -> None:
    """Price and software are confirmed: now there is something to sign (A24)."""
    if event.purchase_order.no_contract:
        return
    follow_order(tx, enterprise=heard.enterprise, purchase_order=heard.data["purchaseOrder"])


@reactions.to(ordering.OrderAmended)
def amend_the_contract(tx: Session, event: ordering.OrderAmended, heard: Envelope) -> None:
    """A confirmed order was changed: what is signed follows it."""
    follow_order(
        tx,
        enterprise=heard.enterprise,
        purchase_order=heard.data["purchaseOrder"],
        addendum_suffices=event.addendum_suffices,
    )


@reactions.to(ordering.OrderCancelled)
def void_for_cancelled(tx: Session, event: ordering.OrderCancelled, heard: Envelope) -> None:
    """The buyer withdrew the order, or asked to end it and the manager agreed (transition 17)."""
    owed = money_from(event.liability) if event.HasField("liability") else None
    why = Ending(
        cause=Cause.ORDER_CANCELLED,
        note=event.reason,
        liability=owed if owed and owed.amount else None,
    )
    void_contract(tx, order=event.order, why=why)


@reactions.to(ordering.OrderReplaced)
def void_for_replaced(tx: Session, event: ordering.OrderReplaced, heard: Envelope) -> None:
    """The buyer put another order in its place."""
    void_contract(tx, order=event.order, why=Ending(cause=Cause.ORDER_REPLACED))


@reactions.to(ordering.OrderExpired)
def void_for_expired(tx: Session, event: ordering.OrderExpired, heard: Envelope) -> None:
    """Nobody signed in time."""
    void_contract(tx, order=event.order, why=Ending(cause=Cause.ORDER_EXPIRED))
