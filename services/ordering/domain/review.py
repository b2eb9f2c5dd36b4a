"""What the vendor's people decide about a purchase intention (transitions 4-7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ordering.domain.chart import Act
from services.ordering.domain.errors import (
    BadDeposit,
    BadLeadTime,
    ChangeIsProposed,
    FirmwareRetiredMeanwhile,
    NotAssigned,
    NotYourProject,
    OrderIsHeld,
    PriceConfirmedAlready,
    SoftwareConfirmedAlready,
    ValidityOver,
)
from services.ordering.domain.events import (
    OrderConfirmed,
    OrderPriceConfirmed,
    OrderRejected,
    OrderSoftwareConfirmed,
)
from services.ordering.domain.gates import Gate
from services.ordering.domain.line_service import ServicePrice, confirmed
from services.ordering.domain.order import Order
from services.ordering.domain.profiles import SoftwareNotAskedFor, profile_of
from services.ordering.domain.purchase_order import Terms
from services.ordering.domain.words import Party, State
from shared.clock import now
from shared.money import Money

LONGEST_LEAD_TIME = 1000
LONGEST_VALIDITY = timedelta(days=3653)


@dataclass(frozen=True, kw_only=True)
class Usual:
    """The terms the vendor agrees to when the business manager says nothing else."""

    deposit_percent: int
    validity: timedelta


def terms(
    order: Order,
    *,
    deposit_percent: int = 0,
    lead_time_days: int = 0,
    valid_until: datetime | None = None,
    usual: Usual,
) -> Terms:
    """Return the terms asked for; what is not given is what is usual (A2)."""
    deposit = profile_of(order).deposit_percent or deposit_percent or usual.deposit_percent
    if not 0 < deposit <= 100:
        raise BadDeposit(percent=deposit)
    lead_time = lead_time_days or max((line.lead_time for line in order.lines), default=0)
    if not 0 <= lead_time <= LONGEST_LEAD_TIME:
        raise BadLeadTime(days=lead_time)
    until = valid_until or now() + usual.validity
    if not now() < until <= now() + LONGEST_VALIDITY:
        raise ValidityOver(valid_until=until)
    return Terms(deposit_percent=deposit, lead_time_days=lead_time, valid_until=until)


def confirm_price(
    order: Order,
    *,
    by: str,
    deputy_of: Collection[str] = (),
    prices: Mapping[int, tuple[Money, str]],
    service_prices: Iterable[ServicePrice] = (),
    agreed: Terms,
) -> None:
    """Confirm price and quantity (R61), at the list price but for `prices`, by line number.

    A price that is not the list price comes with a reason; so do those of services on top.

    `by` may do it for whom they are the deputy of; that they did is told, and four eyes are theirs.
    """
    order.insist(Act.CONFIRM_PRICE)
    absent = insist_assigned(order, by, deputy_of, order.business_manager)
    _insist_going_on(order)
    if order.gates.price is Gate.PASSED:
        raise PriceConfirmedAlready(order=order.order_no)
    for line_no, (price, reason) in prices.items():
        line = order.line(line_no)
        line.insist_price(price, reason)
        line.price = price.amount
        line.price_reason = reason if line.price != line.list_price else ""
    for asked in service_prices:
        line = order.line(asked.line_no)
        line.services = confirmed(line.services, asked)
    order.settle_total()
    order.terms, order.price_confirmed_by = agreed, by
    order.expires_at = agreed.valid_until
    order.gates = order.gates.passing(price=True)
    if order.settled_amount:
        order.count_money()
    order.record(
        OrderPriceConfirmed(
            order=order.name,
            order_no=order.order_no,
            total=Money(order.currency, order.total_amount),
            business_manager=by,
            deputy_for=absent,
        )
    )
    _confirm(order)


def confirm_software(
    order: Order,
    *,
    by: str,
    deputy_of: Collection[str] = (),
    retired: Collection[str],
    patience: timedelta,
) -> None:
    """Confirm the software (R62), unless its firmware is among those `retired` since."""
    order.insist(Act.CONFIRM_SOFTWARE)
    if order.gates.software is Gate.NOT_REQUIRED:
        raise SoftwareNotAskedFor(order=order.order_no)
    absent = insist_assigned(order, by, deputy_of, order.project_manager)
    _insist_going_on(order)
    if order.gates.software is Gate.PASSED:
        raise SoftwareConfirmedAlready(order=order.order_no)
    for line in order.lines:
        if line.firmware in retired:
            raise FirmwareRetiredMeanwhile(
                firmware=line.firmware_version, pid=line.pid, order=order.order_no
            )
    order.gates = order.gates.passing(software=True)
    if order.terms is None:
        order.expires_at = now() + patience
    order.record(
        OrderSoftwareConfirmed(
            order=order.name, order_no=order.order_no, project_manager=by, deputy_for=absent
        )
    )
    _confirm(order)


def reject(order: Order, *, by: str, deputy_of: Collection[str] = (), reason: str) -> None:
    """Send it back to the customer with a reason."""
    order.insist(Act.REJECT)
    if order.project_manager not in {by, *deputy_of}:
        insist_assigned(order, by, deputy_of, order.business_manager)
    order.exit, order.close_reason = State.REJECTED, reason
    order.record(OrderRejected(order=order.name, order_no=order.order_no, reason=reason))
    order.advance()


def _confirm(order: Order) -> None:
    order.advance()
    if order.state is State.CONFIRMED:
        order.record(
            OrderConfirmed(
                order=order.name,
                purchase_order=order.purchase_order(),
                price_confirmed_by=order.price_confirmed_by,
            )
        )


def insist_assigned(order: Order, by: str, deputy_of: Collection[str], assigned: str) -> str:
    """Return for whom `by` does it as a deputy; nobody if it is in their own hands."""
    if by == assigned:
        return ""
    if assigned not in deputy_of:
        if assigned != order.business_manager:
            raise NotYourProject(order=order.order_no)
        name = order.business_manager_display_name
        raise NotAssigned(order=order.order_no, assigned=name or assigned)
    return assigned


def party_of(
    order: Order, *, by: str, deputy_of: Collection[str], first: Sequence[Party] = ()
) -> Party:
    """Return which of the order's managers `by` is or stands in for, of both the one in `first`."""
    hands = {
        Party.BUSINESS_MANAGER: order.business_manager,
        Party.PROJECT_MANAGER: order.project_manager,
    }
    acting = [party for party, assigned in hands.items() if assigned in {by, *deputy_of}]
    if not acting:
        insist_assigned(order, by, deputy_of, order.business_manager)
    return next((party for party in acting if party in first), acting[0])


def _insist_going_on(order: Order) -> None:
    if order.proposal is not None:
        raise ChangeIsProposed(order=order.order_no)
    if order.holds:
        raise OrderIsHeld(order=order.order_no, hold_reason=order.holds[0].reason)
