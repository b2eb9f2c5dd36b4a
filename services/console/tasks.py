"""What waits, read from the answers of services: one function a kind of task.

Each gets an answer and who looks, and yields what they can act on: their own, or as a deputy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from google.protobuf.timestamp_pb2 import Timestamp
from millrun.fulfillment.v1.work_pb2 import Batch, WorkOrder
from millrun.ordering.v1.order_pb2 import WaitingOn
from millrun.payment.v1.money_pb2 import Payment

from services.console.addresses import page_of
from shared.web import _
from shared.web.formats import last, money, quantity
from shared.web.session import Visitor


@dataclass(frozen=True)
class Task:
    """Something that waits, since when, and the one thing to do about it."""

    what: str
    about: str
    since: Timestamp
    label: str
    href: str
    waiting: WaitingOn | None = None
    """By when it is agreed, where a time is."""


def stopped(answer: Any, me: Visitor) -> Iterator[Task]:
    """Batches that were stopped."""
    for work, batch in _batches(answer.work_orders, Batch.STOPPED):
        href = f"{page_of(work.name)}/resume?batch={quote(batch.production_batch_no, safe='')}"
        what = f"{work.work_order_no} · {batch.production_batch_no}"
        yield Task(what, batch.stop_reason, batch.start_time, _("Resume"), href)


def transfers(answer: Any, me: Visitor) -> Iterator[Task]:
    """Transfers that were announced and not booked."""
    for payment in answer.payments:
        if payment.state == Payment.INSTRUCTED:
            plan = payment.order.replace("/orders/", "/paymentPlans/")
            what = f"{payment.order_no} · {money(payment.amount)}"
            href = f"{page_of(plan)}/book?payment={last(payment.name)}"
            yield Task(what, payment.reference, payment.create_time, _("Book a transfer"), href)


def open_plans(answer: Any, me: Visitor) -> Iterator[Task]:
    """Plans on which money is still to come."""
    for plan in answer.payment_plans:
        what = f"{plan.order_no} · {money(plan.open)}"
        href = page_of(plan.name)
        who = plan.enterprise_legal_name
        yield Task(what, who, plan.create_time, _("Look at the plan"), href)


def refunds(answer: Any, me: Visitor) -> Iterator[Task]:
    """Money that is to be sent back."""
    for refund in answer.refunds:
        what = f"{refund.order_no} · {money(refund.amount)}"
        who, since = refund.enterprise_legal_name, refund.create_time
        yield Task(what, who, since, _("Send it back"), page_of(refund.name))


def receivables(answer: Any, me: Visitor) -> Iterator[Task]:
    """What is still owed for orders that ended."""
    for each in answer.receivables:
        what = f"{each.order_no} · {money(each.open)}"
        who, since = each.enterprise_legal_name, each.create_time
        yield Task(what, who, since, _("See that it is paid"), page_of(each.name))


def invoices(answer: Any, me: Visitor) -> Iterator[Task]:
    """Invoices that were asked for."""
    for invoice in answer.invoices:
        what = f"{invoice.order_no} · {money(invoice.amount)}"
        who, since = invoice.enterprise_legal_name, invoice.create_time
        yield Task(what, who, since, _("Issue the invoice"), page_of(invoice.name))


def reversals(answer: Any, me: Visitor) -> Iterator[Task]:
    """Invoices of orders that ended, or were changed as they were issued."""
    for invoice in answer.invoices:
        what = f"{invoice.order_no} · {invoice.invoice_no} · {money(invoice.amount)}"
        who, since = invoice.enterprise_legal_name, invoice.issue_time
        yield Task(what, who, since, _("Reverse the invoice"), page_of(invoice.name))


def to_start(answer: Any, me: Visitor) -> Iterator[Task]:
    """Work orders of which something is still to be started; held ones wait for others."""
    for work in _free(answer):
        left = work.quantity - sum(batch.quantity for batch in work.batches)
        what = f"{work.work_order_no} · {quantity(left)} × {work.module_display_name}"
        who, href, since = work.enterprise_legal_name, page_of(work.name), work.create_time
        if work.state == WorkOrder.OPEN:
            yield Task(what, who, since, _("Start production"), href)
        elif work.state == WorkOrder.STARTED and left:
            yield Task(what, who, since, _("Start a batch"), f"{href}/batch")


def running(answer: Any, me: Visitor) -> Iterator[Task]:
    """Batches whose units are being made."""
    for work, batch in _batches(_free(answer), Batch.STARTED):
        passed = f"{quantity(batch.passed_quantity)} / {quantity(batch.quantity)}"
        what = f"{work.work_order_no} · {batch.production_batch_no} · {passed}"
        since, href = batch.start_time, page_of(work.name)
        yield Task(what, work.enterprise_legal_name, since, _("Go on with the batch"), href)


def to_ship(answer: Any, me: Visitor) -> Iterator[Task]:
    """Work orders of which finished units may be shipped."""
    for work in _free(answer):
        left = work.finished_quantity - work.shipped_quantity
        if left > 0 and work.cleared_for_shipping and work.state != WorkOrder.CLOSED:
            since = max((b.complete_time.seconds for b in work.batches), default=0)
            what = f"{work.work_order_no} · {quantity(left)} × {work.module_display_name}"
            who, href = work.enterprise_legal_name, f"{page_of(work.name)}/dispatch"
            yield Task(what, who, Timestamp(seconds=since), _("Dispatch"), href)


def to_issue(answer: Any, me: Visitor) -> Iterator[Task]:
    """Licences that are paid and not all issued; held ones wait for others."""
    for issue in answer.license_issues:
        if not issue.hold_reason:
            left = issue.quantity - issue.issued_quantity
            name = issue.license_type_display_name
            what = f"{issue.license_issue_no} · {quantity(left)} × {name}"
            who, since, href = issue.enterprise_legal_name, issue.create_time, page_of(issue.name)
            yield Task(what, who, since, _("Issue the codes"), href)


def certifications(answer: Any, me: Visitor) -> Iterator[Task]:
    """Requests for certification."""
    for each in answer.certifications:
        since, href = each.create_time, page_of(each.name)
        yield Task(each.legal_name, each.registration_no, since, _("Decide"), href)


def suggestions(answer: Any, me: Visitor) -> Iterator[Task]:
    """Suggestions to be answered by `me`; those made while nobody was assigned by anybody."""
    for each in answer.suggestions:
        if not each.business_manager or me.acts_for(each.business_manager):
            said = " ".join(each.text.split())
            what = said if len(said) <= LONGEST else f"{said[:LONGEST]} …"
            who, since = each.enterprise_legal_name, each.create_time
            yield Task(what, who, since, _("Answer"), page_of(each.name))


LONGEST = 60
"""How much of a suggestion is shown in the queue."""


def _free(answer: Any) -> Iterator[WorkOrder]:
    return (work for work in answer.work_orders if not work.hold_reason)


def _batches(works: Iterable[WorkOrder], state: int) -> Iterator[tuple[WorkOrder, Batch]]:
    for work in works:
        for batch in work.batches:
            if batch.state == state:
                yield work, batch
