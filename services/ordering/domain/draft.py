"""Filling an order and submitting it (transitions 1-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from services.ordering.domain.chart import Act
from services.ordering.domain.checks import Purchase, insist_orderable
from services.ordering.domain.errors import (
    LicensesOnTheirOwn,
    LicenseTypeMissing,
    NothingOrdered,
    OneCurrencyOnly,
    OneOwnerOnly,
    PricesChanged,
    ProductOrderedTwice,
    TooManyLines,
)
from services.ordering.domain.events import OrderConfirmed, OrderSubmitted
from services.ordering.domain.form import OrderForm
from services.ordering.domain.gates import Gate
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.profiles import profile_for, profile_of
from services.ordering.domain.purchase_order import Snapshot, Terms
from services.ordering.domain.rules import Caps, insist_offered
from services.ordering.domain.service_offer import chosen
from services.ordering.domain.words import Family, Purpose, State
from shared.clock import now
from shared.ids import new_id
from shared.money import Money

MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants a line of."""

    product: str
    quantity: int
    license_type: str = ""
    """Which codes for the product, `licenseTypes/{sku}`; empty for the product itself."""

    services: Sequence[str] = ()
    """What is to be done on top of it, as `valueAddedServices/…` (R22, R25)."""


def blank(
    *,
    enterprise: str,
    order_no: str,
    purpose: Purpose,
    family: Family,
    buyer: str,
    license_contract: bool = False,
) -> Order:
    """Return an order with nothing in it; `license_contract` is the policy for licences."""
    order = Order()
    order.id, order.order_no, order.enterprise, order.sequence = new_id(), order_no, enterprise, 0
    order.purpose, order.family, order.buyer = purpose, family, buyer
    order.owner = order.currency = ""
    order.lines, order.last_line_no, order.form = [], 0, OrderForm()
    order.total_amount = order.settled_amount = Decimal(0)
    order.gates = profile_for(purpose, family, license_contract=license_contract).gates
    order.holds, order.terms = (), None
    order.state, order.exit = State.DRAFT, None
    order.waiting_on, order.waiting_task, order.waiting_since = None, "", None
    order.snapshot_digest = order.enterprise_legal_name = order.price_confirmed_by = ""
    order.business_manager = order.business_manager_display_name = ""
    order.business_manager_email = order.project_manager = ""
    order.contract = order.contract_no = order.close_reason = ""
    order.replaces = order.replaced_by = ""
    order.buyer_signed = order.invoice_requested = order.addendum_open = False
    order.invoice = ""
    order.revision, order.amendment = 0, 0
    order.proposal = order.cancellation = None
    order.production_cleared = order.shipping_cleared = False
    order.promised_at, order.attachments = None, ()
    order.created_at, order.submitted_at, order.expires_at = now(), None, None
    order.advance(order.created_at)
    return order


def create(
    *,
    enterprise: str,
    order_no: str,
    purpose: Purpose,
    family: Family,
    buyer: str,
    form: OrderForm,
    wanted: Iterable[Wanted],
    assortment: Assortment,
    caps: Caps,
    license_contract: bool = False,
) -> Order:
    """Return a new draft with a line for each `wanted` (R53-R56)."""
    insist_offered(purpose, family)
    assortment.customer.insist_certified()
    order = blank(
        enterprise=enterprise,
        order_no=order_no,
        purpose=purpose,
        family=family,
        buyer=buyer,
        license_contract=license_contract,
    )
    order.form = _fitting(order, form)
    for each in wanted:
        add_line(order, each, assortment=assortment, caps=caps)
    return order


def add_line(order: Order, wanted: Wanted, *, assortment: Assortment, caps: Caps) -> None:
    """Add what is `wanted` (R56); one owner, one purpose, one family (A12)."""
    order.insist(Act.CHANGE)
    if len(order.lines) >= MOST_LINES:
        raise TooManyLines(limit=MOST_LINES)
    owner = assortment.offer(wanted.product).owner
    line = OrderLine(
        line_no=order.last_line_no + 1,
        product=wanted.product,
        owner=owner,
        quantity=wanted.quantity,
        license_type=wanted.license_type,
    )
    _insist_family(order, line)
    _fill(order, line, wanted.quantity, assortment, caps, wanted.services)
    _insist_fitting(order, line)
    order.lines.append(line)
    order.last_line_no, order.owner = line.line_no, line.owner
    _settle(order)


def change_line(
    order: Order, *, line_no: int, quantity: int, assortment: Assortment, caps: Caps
) -> None:
    """Order another quantity of a line; its prices follow the list."""
    order.insist(Act.CHANGE)
    line = order.line(line_no)
    _fill(order, line, quantity, assortment, caps, line.on_top)
    _settle(order)


def change_services(
    order: Order, *, line_no: int, services: Sequence[str], assortment: Assortment, caps: Caps
) -> None:
    """Have `services` on top of a line and no others (R22, R25); its prices follow the list."""
    order.insist(Act.CHANGE)
    line = order.line(line_no)
    _fill(order, line, line.quantity, assortment, caps, services)
    _settle(order)


def remove_line(order: Order, *, line_no: int) -> None:
    """Take a line out; its number is not used again."""
    order.insist(Act.CHANGE)
    order.lines.remove(order.line(line_no))
    if not order.lines:
        order.owner = ""
    _settle(order)


def save_form(order: Order, form: OrderForm) -> None:
    """Keep what was filled in so far (R59); it may have gaps."""
    order.insist(Act.CHANGE)
    order.form = _fitting(order, form)
    order.advance()


def submit(
    order: Order,
    *,
    form: OrderForm | None,
    buyer: str,
    assortment: Assortment,
    caps: Caps,
    patience: timedelta,
    expected: Money | None = None,
) -> Snapshot:
    """Make it a purchase intention (R60) and return the snapshot of it, frozen for good (I2).

    Everything is checked again with what the catalogue says now. Refuses with PricesChanged if that
    costs more than `expected`, or than the draft says. It expires when nobody acts for `patience`.
    """
    order.insist(Act.SUBMIT)
    customer = assortment.customer
    customer.insist_certified()
    if not order.lines:
        raise NothingOrdered(order=order.order_no)
    order.form = _fitting(order, order.form if form is None else form)
    order.form.insist_complete(shipped=profile_of(order).is_shipped)
    order.form.insist_day()
    before = order.total
    for line in order.lines:
        refill(order, line, assortment=assortment, caps=caps)
    order.settle_total()
    _insist_no_dearer(order, before=before, expected=expected or before)
    order.buyer, order.enterprise_legal_name = buyer, customer.legal_name
    order.business_manager = customer.business_manager
    order.business_manager_display_name = customer.business_manager_display_name
    order.business_manager_email = customer.business_manager_email
    order.project_manager = assortment.project_manager(line.product for line in order.lines)
    if order.form.invoice_title:
        order.gates = order.gates.wanting_invoice()
    order.submitted_at = now()
    order.expires_at = order.submitted_at + patience
    return _freeze(order)


def refill(order: Order, line: OrderLine, *, assortment: Assortment, caps: Caps) -> None:
    """Make a line, or a copy of it, what the catalogue says now, if that may still be ordered."""
    _fill(order, line, line.quantity, assortment, caps, line.on_top)
    _insist_fitting(order, line)


def _insist_no_dearer(order: Order, *, before: Money | None, expected: Money | None) -> None:
    """Refuse with PricesChanged what costs more, or in another currency, than who submits knows."""
    total = order.total
    if not (total and expected and total.currency == expected.currency and total <= expected):
        raise PricesChanged(order=order.order_no, before=before, total=total)


def _fitting(order: Order, form: OrderForm) -> OrderForm:
    """Return the form without what such an order has no use for: codes go to no address.

    Refuses with TextTooLong what is longer than its line.
    """
    form.insist_short()
    return form if profile_of(order).is_shipped else form.without_delivery()


def _freeze(order: Order) -> Snapshot:
    snapshot = order.freeze(by=order.buyer)
    order.record(OrderSubmitted(order=order.name, purchase_order=order.purchase_order()))
    _go_on(order)
    return snapshot


def _go_on(order: Order) -> None:
    """Follow the submit; what nobody has to confirm is confirmed, at list price (A8)."""
    assert order.expires_at
    if order.gates.price is Gate.NOT_REQUIRED:
        order.terms = Terms(
            deposit_percent=profile_of(order).deposit_percent,
            lead_time_days=max(line.lead_time for line in order.lines),
            valid_until=order.expires_at,
        )
    order.advance(order.submitted_at)
    if order.state is State.CONFIRMED:
        confirmed = order.purchase_order()
        order.record(
            OrderConfirmed(order=order.name, purchase_order=confirmed, price_confirmed_by="")
        )


def _fill(
    order: Order,
    line: OrderLine,
    quantity: int,
    assortment: Assortment,
    caps: Caps,
    services: Sequence[str],
) -> None:
    """Make `line` one of `quantity`, with what the catalogue says, if that may be ordered."""
    offer = assortment.offer(line.product, line.license_type)
    insist_orderable(
        Purchase(
            purpose=order.purpose,
            quantity=quantity,
            offer=offer,
            assortment=assortment,
            caps=caps,
        )
    )
    line.copy(offer, quantity)
    line.services = chosen(
        line, services, purpose=order.purpose, family=order.family, assortment=assortment
    )


def _insist_family(order: Order, line: OrderLine) -> None:
    """Refuse a line that is not of the order's family (A12)."""
    pid = line.product.rpartition("/")[2]
    if order.family is Family.LICENSE and not line.license_type:
        raise LicenseTypeMissing(pid=pid)
    if order.family is not Family.LICENSE and line.license_type:
        raise LicensesOnTheirOwn(pid=pid)


def _insist_fitting(order: Order, line: OrderLine) -> None:
    """Refuse a line that does not go with the others (A12)."""
    for other in order.lines:
        if other.line_no == line.line_no:
            continue
        if (other.product, other.license_type) == (line.product, line.license_type):
            raise ProductOrderedTwice(pid=line.pid, line_no=other.line_no)
        if other.owner != line.owner:
            raise OneOwnerOnly(pid=line.pid, owner=line.owner, order_owner=other.owner)
        if other.currency != line.currency:
            raise OneCurrencyOnly(
                pid=line.pid, currency=line.currency, order_currency=other.currency
            )


def _settle(order: Order) -> None:
    order.settle_total()
    order.advance()
