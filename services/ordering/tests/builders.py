"""Orders to test with, in every state. Say only what the test is about."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.ordering.domain import draft, facts, life, review
from services.ordering.domain.checks import Purchase
from services.ordering.domain.explaining import Explanation, Helpers
from services.ordering.domain.form import Address, InvoiceTitle, InvoiceType, OrderForm
from services.ordering.domain.offer import Assortment, Customer, License, Offer, PriceTier
from services.ordering.domain.order import Order
from services.ordering.domain.purchase_order import Snapshot
from services.ordering.domain.review import Usual
from services.ordering.domain.service_offer import ServiceOffer
from services.ordering.domain.words import Family, FirmwareState, Lifecycle, Purpose, State
from shared.caller import Role
from shared.domain import Event
from shared.money import Money

PLUG, LAMP = "enterprises/acme/products/plug16", "enterprises/acme/products/lamp9"
LABELS, PACKING = "valueAddedServices/labels", "valueAddedServices/packing"
EXAMPLE = UUID("01930000-0000-7000-8000-000000000001")
"""The order that the golden examples of all services are about."""

VIDEO, AUDIO = "licenseTypes/ipc-sdk-video", "licenseTypes/ipc-sdk-audio"

BUYER, BM, PM = "accounts/acme-buyer", "accounts/business_manager", "accounts/project_manager"
CONTRACT = "enterprises/acme/contracts/c1"
WORK_ORDER = "enterprises/acme/workOrders/w1"
CAPS = {Purpose.TRIAL_PRODUCTION: 1000}
PATIENCE = timedelta(days=14)
USUAL = Usual(deposit_percent=30, validity=timedelta(days=30))
BOTH = frozenset({Role.BUYER})


def cny(amount: str) -> Money:
    return Money("CNY", Decimal(amount))


def an_offer(product: str = PLUG, **facts_: Any) -> Offer:
    _, owner, _, pid = product.split("/")
    known: dict[str, Any] = {
        "display_name": pid.title(),
        "model": f"M-{pid}",
        "lifecycle": Lifecycle.MASS_PRODUCTION,
        "module": "modules/wb3s",
        "module_display_name": "WB3S",
        "firmware": "modules/wb3s/firmware/f1",
        "firmware_version": "2.4.1",
        "firmware_digest": "sha256:" + "ab" * 32,
        "firmware_state": FirmwareState.RELEASED,
        "tiers": (
            PriceTier(from_quantity=1, unit_price=cny("9.50")),
            PriceTier(from_quantity=1000, unit_price=cny("8.125")),
        ),
        "minimum_quantity": 100,
        "packing_unit": 50,
        "lead_time_days": 21,
    }
    return Offer(product=product, pid=pid, owner=owner, **(known | facts_))


def a_customer(**facts_: Any) -> Customer:
    known: dict[str, Any] = {
        "certified": True,
        "legal_name": "Acme Lighting GmbH",
        "business_manager": BM,
        "business_manager_display_name": "Bo Manager",
        "business_manager_email": "bo@vendor.example",
        "project_manager": PM,
    }
    return Customer(**(known | facts_))


def an_assortment(
    *offers: Offer,
    customer: Customer | None = None,
    roles: Mapping[str, frozenset[Role]] | None = None,
    services: Collection[ServiceOffer] = (),
    set_up: Mapping[tuple[str, str], str] | None = None,
) -> Assortment:
    known = offers or (an_offer(PLUG), an_offer(LAMP))
    return Assortment(
        customer=customer or a_customer(),
        offers={offer.product: offer for offer in known},
        roles={offer.product: BOTH for offer in known} if roles is None else roles,
        services={service.service: service for service in services},
        set_up=set_up or {},
    )


def a_license(name: str = VIDEO, **facts_: Any) -> License:
    known: dict[str, Any] = {
        "display_name": f"IPC SDK, {name.rpartition('-')[2]}",
        "tiers": (
            PriceTier(from_quantity=1, unit_price=cny("2.00")),
            PriceTier(from_quantity=1000, unit_price=cny("1.55")),
        ),
        "minimum_quantity": 10,
        "lead_time_days": 2,
    }
    return License(name=name, **(known | facts_))


def licensing(*licenses: License, **offered: Any) -> Assortment:
    """Return what may be ordered where licences for the plug and the lamp are."""
    known = licenses or (a_license(VIDEO), a_license(AUDIO))
    names = tuple(each.name for each in known)
    offers = (an_offer(each, **{"licenses": names, **offered}) for each in (PLUG, LAMP))
    return replace(an_assortment(*offers), licenses={each.name: each for each in known})


def an_order_of_licenses(*, signed: bool = False) -> Order:
    """Return a draft with two kinds of codes for one product, and one for another."""
    wanted = ((PLUG, 100, VIDEO), (PLUG, 1000, AUDIO), (LAMP, 10, VIDEO))
    return a_draft(*wanted, family=Family.LICENSE, assortment=licensing(), license_contract=signed)


def a_service(name: str = LABELS, **facts_: Any) -> ServiceOffer:
    """Return labels: 0.05 a piece, from 1,000 on 0.035, 50 a line and 300 to begin with."""
    known: dict[str, Any] = {
        "display_name": name.rpartition("/")[2].title(),
        "description": "Hand in the label as a PDF.",
        "purposes": frozenset({Purpose.TRIAL_PRODUCTION, Purpose.MASS_PRODUCTION}),
        "minimum_quantity": 50,
        "added_lead_time_days": 2,
        "tiers": (
            PriceTier(from_quantity=1, unit_price=cny("0.05")),
            PriceTier(from_quantity=1000, unit_price=cny("0.035")),
        ),
        "price_per_order": cny("50"),
        "setup_fee": cny("300"),
    }
    return ServiceOffer(service=name, **(known | facts_))


def with_services(*more: ServiceOffer, **of: Any) -> Assortment:
    """Return an assortment with labels and `more`."""
    return an_assortment(services=(a_service(), *more), **of)


def an_explanation(
    *,
    offer: Offer | None = None,
    purpose: Purpose = Purpose.MASS_PRODUCTION,
    quantity: int = 100,
    assortment: Assortment | None = None,
    enterprise: str = "acme",
    **helpers: Any,
) -> Explanation:
    """Return why the buyer may order the plug or not: they may, unless something is said."""
    wanted = offer or an_offer(PLUG)
    purchase = Purchase(
        purpose=purpose,
        quantity=quantity,
        offer=wanted,
        assortment=assortment or an_assortment(wanted),
        caps=CAPS,
    )
    told = Helpers(**{"administrators": ("Ada Admin",), **helpers})
    return Explanation(enterprise=enterprise, account=BUYER, purchase=purchase, helpers=told)


def an_address(**parts: str) -> Address:
    known = {
        "recipient": "Ada Receiver",
        "phone": "+49 30 1234",
        "street": "Hauptstrasse 1",
        "city": "Berlin",
        "country_code": "DE",
    }
    return Address(**(known | parts))


def an_invoice_title(**parts: Any) -> InvoiceTitle:
    known: dict[str, Any] = {
        "type": InvoiceType.GENERAL_VAT,
        "title": "Acme Lighting GmbH",
        "tax_id": "DE123",
    }
    return InvoiceTitle(**(known | parts))


def a_form(**parts: Any) -> OrderForm:
    known: dict[str, Any] = {
        "po_no": "PO-77",
        "customer_batch_no": "B-1",
        "model_no": "M-9",
        "material_model": "MAT-5",
        "delivery_address": an_address(),
    }
    return OrderForm(**(known | parts))


def a_draft(
    *wanted: tuple[str, int] | tuple[str, int, str | list[str]],
    purpose: Purpose = Purpose.MASS_PRODUCTION,
    family: Family = Family.HARDWARE_MODULE,
    assortment: Assortment | None = None,
    form: OrderForm | None = None,
    license_contract: bool = False,
) -> Order:
    order = draft.create(
        enterprise="acme",
        order_no="MR-2026-000123",
        purpose=purpose,
        family=family,
        buyer=BUYER,
        form=form or a_form(),
        wanted=[_wanted(*each) for each in wanted or ((PLUG, 100), (LAMP, 1000))],
        assortment=assortment or an_assortment(),
        caps=CAPS,
        license_contract=license_contract,
    )
    order.version = 1
    return order


def _wanted(product: str, quantity: int, more: str | list[str] = "") -> draft.Wanted:
    if isinstance(more, str):
        return draft.Wanted(product=product, quantity=quantity, license_type=more)
    return draft.Wanted(product=product, quantity=quantity, services=more)


def submit(order: Order, *, form: OrderForm | None = None, **more: Any) -> Snapshot:
    known: dict[str, Any] = {
        "buyer": BUYER,
        "assortment": an_assortment(),
        "caps": CAPS,
        "patience": PATIENCE,
    }
    return draft.submit(order, form=form, **(known | more))


def confirm_price(
    order: Order, *, by: str = BM, deputy_of: Collection[str] = (), **asked: Any
) -> None:
    prices = {no: (price, "Agreed.") for no, price in asked.pop("prices", {}).items()}
    agreed = review.terms(order, usual=USUAL, **asked)
    review.confirm_price(order, by=by, deputy_of=deputy_of, prices=prices, agreed=agreed)


def confirm_software(
    order: Order,
    *,
    by: str = PM,
    deputy_of: Collection[str] = (),
    retired: frozenset[str] = frozenset(),
) -> None:
    review.confirm_software(order, by=by, deputy_of=deputy_of, retired=retired, patience=PATIENCE)


def pay(order: Order, *, in_full: bool = False) -> None:
    assert order.total
    settled = order.total if in_full else order.total.percent(30)
    facts.payment_settled(order, settled=settled)


def finish(order: Order) -> None:
    for line in order.lines:
        left = line.quantity - line.finished_quantity
        facts.batch_completed(order, line_no=line.line_no, quantity=left)


def ship(order: Order, *line_nos: int) -> None:
    chosen = [line for line in order.lines if not line_nos or line.line_no in line_nos]
    facts.shipped(order, items=[(line.line_no, line.open_quantity) for line in chosen])


def issue(order: Order) -> None:
    for line in order.lines:
        facts.licenses_issued(order, line_no=line.line_no, issued=line.quantity)


def open_codes(order: Order) -> None:
    for line in order.lines:
        facts.licenses_opened(order, line_no=line.line_no, opened=line.quantity)


def receive(order: Order) -> None:
    left = [(line.line_no, line.quantity - line.received_quantity) for line in order.lines]
    facts.received(order, items=left)


def _confirm(order: Order) -> None:
    confirm_price(order)
    confirm_software(order)


WAY = (
    (State.INTENTION, submit),
    (State.CONFIRMED, _confirm),
    (State.CONTRACT_SIGNED, lambda order: facts.contract_signed(order, contract=CONTRACT)),
    (State.DEPOSIT_PAID, pay),
    (State.IN_PRODUCTION, facts.production_started),
    (State.READY_TO_SHIP, finish),
    (State.PARTIALLY_SHIPPED, lambda order: ship(order, 1)),
    (State.SHIPPED, ship),
    (State.DELIVERED, receive),
    (State.COMPLETED, lambda order: pay(order, in_full=True)),
)
"""How an order gets from state to state."""


def an_order(state: State = State.INTENTION, **of: Any) -> Order:
    """Return an order in `state`; all it told on the way there is forgotten."""
    order = a_draft(**of)
    match state:
        case State.REJECTED:
            submit(order)
            review.reject(order, by=BM, reason="Not made any more.")
        case State.CANCELLED:
            submit(order)
            life.cancel(order, reason="A mistake.")
        case State.REPLACED:
            submit(order)
            life.replace(order, order_no="MR-2026-000124", buyer=BUYER)
        case State.EXPIRED:
            submit(order)
            assert order.expires_at
            life.expire(order, at=order.expires_at)
        case _:
            _go(order, state)
    assert order.state is state
    order.release_events()
    return order


def _go(order: Order, state: State) -> None:
    for reached, step in WAY:
        if order.state is state:
            return
        step(order)
        assert order.state is reached, (order.state, reached)


def told(order: Order) -> list[Event]:
    """Return what the order told since this was last asked."""
    return [event for _, event in order.release_events()]


def kinds(order: Order) -> list[str]:
    """Return the names of what the order told since this was last asked."""
    return [type(event).__name__ for event in told(order)]
