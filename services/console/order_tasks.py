"""What orders wait for, read from a list of them: one function a kind of task, as in `tasks`."""

from collections.abc import Iterator
from typing import Any

from millrun.ordering.v1.order_pb2 import Gate, Order

from services.console.addresses import page_of
from services.console.tasks import Task
from shared.web import _
from shared.web.session import Visitor

COUNTERSIGN = frozenset({"countersign the contract"})
AGREE = frozenset({"agree to the change"})
DECIDE = frozenset({"decide about the cancellation"})
"""Tasks as ordering names them."""


def prices(answer: Any, me: Visitor) -> Iterator[Task]:
    """Orders whose price is to be confirmed by `me`."""
    for order in answer.orders:
        mine = me.acts_for(order.business_manager) and _can_be_confirmed(order)
        if order.gates.price == Gate.PENDING and mine:
            label, href = _("Confirm the price"), f"{page_of(order.name)}/price"
            yield _task(order, order.business_manager, me, label, href)


def software(answer: Any, me: Visitor) -> Iterator[Task]:
    """Orders whose software is to be confirmed by `me`; nobody waits for the price to be."""
    for order in answer.orders:
        mine = me.acts_for(order.project_manager) and _can_be_confirmed(order)
        if order.gates.software == Gate.PENDING and mine:
            who = _whose(order.enterprise_legal_name, order.project_manager, me)
            since, href = order.submit_time, f"{page_of(order.name)}/software"
            yield Task(order.order_no, who, since, _("Confirm the software"), href)


def contracts(answer: Any, me: Visitor) -> Iterator[Task]:
    """Orders whose contract is to be countersigned by `me`."""
    for order in _waiting_for(answer, COUNTERSIGN):
        if me.acts_for(order.business_manager):
            href = page_of(order.contract)
            yield _task(order, order.business_manager, me, _("Countersign"), href)


def addenda(answer: Any, me: Visitor) -> Iterator[Task]:
    """Addenda to be countersigned by `me`; their orders may go on, and wait on somebody else."""
    for each in answer.contracts:
        if each.addendum and me.acts_for(each.business_manager):
            who = _whose(each.enterprise_legal_name, each.business_manager, me)
            since, href = each.buyer_signature.sign_time, page_of(each.name)
            yield Task(each.order_no, who, since, _("Countersign"), href)


def changes_of_price(answer: Any, me: Visitor) -> Iterator[Task]:
    """Changes the business manager has to agree to."""
    for order in _waiting_for(answer, AGREE):
        if me.acts_for(order.business_manager):
            label, href = _("Agree or turn it down"), page_of(order.name)
            yield _task(order, order.business_manager, me, label, href)


def changes_of_software(answer: Any, me: Visitor) -> Iterator[Task]:
    """Changes the project manager has to agree to."""
    for order in _waiting_for(answer, AGREE):
        if me.acts_for(order.project_manager):
            label, href = _("Agree or turn it down"), page_of(order.name)
            yield _task(order, order.project_manager, me, label, href)


def endings(answer: Any, me: Visitor) -> Iterator[Task]:
    """Orders their buyers ask to end."""
    for order in _waiting_for(answer, DECIDE):
        if me.acts_for(order.business_manager):
            label, href = _("Decide"), page_of(order.name)
            yield _task(order, order.business_manager, me, label, href)


def _can_be_confirmed(order: Order) -> bool:
    """Whether neither a hold nor a change that is to be agreed on keeps it waiting."""
    return not order.HasField("hold") and order.waiting_on.task not in AGREE


def _waiting_for(answer: Any, tasks: frozenset[str]) -> Iterator[Order]:
    return (order for order in answer.orders if order.waiting_on.task in tasks)


def _task(order: Order, account: str, me: Visitor, label: str, href: str) -> Task:
    who, waiting = _whose(order.enterprise_legal_name, account, me), order.waiting_on
    return Task(order.order_no, who, waiting.since, label, href, waiting)


def _whose(enterprise: str, account: str, me: Visitor) -> str:
    """Return whose task it is; what is a colleague's says so."""
    if account == me.account:
        return enterprise
    return _("%(name)s, as a deputy", name=enterprise)
