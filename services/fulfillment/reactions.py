"""What fulfillment does when it hears of something."""

from millrun.ordering.v1 import events_pb2 as ordering
from sqlalchemy.orm import Session

from services.fulfillment.commands import open_work_orders
from services.fulfillment.commands.licenses import open_license_issues
from services.fulfillment.store import WorkOrders
from services.fulfillment.store.licenses import LicenseIssues
from shared.events import Envelope
from shared.reactions import Reactions

reactions = Reactions()


@reactions.to(ordering.OrderClearedForProduction)
def open_the_work_orders(
    tx: Session, event: ordering.OrderClearedForProduction, heard: Envelope
) -> None:
    """Price, software, contract and deposit are all there: it can be made (R5)."""
    open_work_orders(tx, enterprise=heard.enterprise, purchase_order=heard.data["purchaseOrder"])


@reactions.to(ordering.OrderClearedForLicensing)
def open_the_license_issues(
    tx: Session, event: ordering.OrderClearedForLicensing, heard: Envelope
) -> None:
    """Licences are confirmed, signed for if that is asked, and paid: codes can be issued (A7)."""
    open_license_issues(tx, enterprise=heard.enterprise, purchase_order=heard.data["purchaseOrder"])


@reactions.to(ordering.OrderClearedForShipping)
def clear_for_shipping(
    tx: Session, event: ordering.OrderClearedForShipping, heard: Envelope
) -> None:
    """The whole amount is settled: what is finished may go out (A3)."""
    for work_order in WorkOrders(tx).of_order(event.order):
        work_order.cleared_for_shipping = True


@reactions.to(ordering.OrderShippingStopped)
def stop_shipping(tx: Session, event: ordering.OrderShippingStopped, heard: Envelope) -> None:
    """It goes to another address than it was cleared for: nothing leaves until it is again."""
    for work_order in WorkOrders(tx).of_order(event.order):
        work_order.cleared_for_shipping = False


@reactions.to(ordering.OrderHeld)
def hold_work(tx: Session, event: ordering.OrderHeld, heard: Envelope) -> None:
    """The order is stopped for now: nothing is started, finished, shipped or issued."""
    for work_order in WorkOrders(tx).of_order(event.order):
        work_order.hold_reason = event.reason
    for issue in LicenseIssues(tx).of_order(event.order):
        issue.hold_reason = event.reason


@reactions.to(ordering.OrderReleased)
def go_on_with_work(tx: Session, event: ordering.OrderReleased, heard: Envelope) -> None:
    """The order goes on."""
    for work_order in WorkOrders(tx).of_order(event.order):
        work_order.hold_reason = ""
    for issue in LicenseIssues(tx).of_order(event.order):
        issue.hold_reason = ""


@reactions.to(ordering.OrderAmended)
def deliver_where_it_is_wanted(tx: Session, event: ordering.OrderAmended, heard: Envelope) -> None:
    """The order was amended: what is not shipped yet goes to the address that holds now."""
    form = heard.data["purchaseOrder"].get("form", {})
    for work_order in WorkOrders(tx).of_order(event.order):
        work_order.delivery_address = form.get("deliveryAddress", {})


@reactions.to(ordering.OrderCancelled)
def close_work_orders(tx: Session, event: ordering.OrderCancelled, heard: Envelope) -> None:
    """The order ended: nothing more is made for it."""
    for work_order in WorkOrders(tx).of_order(event.order):
        work_order.close()
    for issue in LicenseIssues(tx).of_order(event.order):
        issue.close()
