"""Plans to test with. Say only what the test is about."""

from decimal import Decimal
from typing import Any

from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1 import order_pb2

from services.payment.domain.plan import PaymentPlan
from shared.money import Money

ORDER = "enterprises/acme/orders/01930000-0000-7000-8000-000000000001"
PLAN = "enterprises/acme/paymentPlans/01930000-0000-7000-8000-000000000001"
CONFIRMER = "accounts/confirmer"
SPECIAL = {"type": "SPECIAL_VAT", "title": "Acme GmbH", "taxId": "DE1"}
GENERAL = {"type": "GENERAL_VAT", "title": "Acme GmbH", "taxId": "DE1"}


def cny(amount: str) -> Money:
    """Return so many yuan."""
    return Money("CNY", Decimal(amount))


def a_plan(
    *,
    total: str = "1000.00",
    deposit_percent: int = 30,
    invoice_title: dict[str, Any] | None = None,
    signed: bool = True,
) -> PaymentPlan:
    """Return the plan of an order whose contract is signed, unless told otherwise."""
    plan = PaymentPlan.draw_up(
        enterprise="acme",
        order=ORDER,
        order_no="MR-2026-000001",
        enterprise_legal_name="Acme GmbH",
        total=cny(total),
        deposit_percent=deposit_percent,
        price_confirmed_by=CONFIRMER,
        invoice_title=invoice_title,
    )
    plan.version = 1
    if signed:
        plan.sign_contract(1)
    return plan


def order_confirmed(*, invoice: bool = True, no_contract: bool = False) -> ordering.OrderConfirmed:
    """Return the event a plan begins with: 1,000.00 CNY, 30 % of it before production."""
    ordered = _ordered(1000, title="Acme GmbH" if invoice else "", no_contract=no_contract)
    return ordering.OrderConfirmed(
        order=ORDER, purchase_order=ordered, price_confirmed_by=CONFIRMER
    )


def order_amended(
    units: int,
    *,
    title: str = "Acme GmbH",
    amendment: int = 1,
    addendum_suffices: bool = True,
    no_contract: bool = False,
) -> ordering.OrderAmended:
    """Return that the same order is over so many yuan now; an addendum is enough, or is not."""
    return ordering.OrderAmended(
        order=ORDER,
        amendment=amendment,
        purchase_order=_ordered(units, title=title, no_contract=no_contract),
        addendum_suffices=addendum_suffices,
    )


def _ordered(units: int, *, title: str, no_contract: bool = False) -> order_pb2.PurchaseOrder:
    invoiced = order_pb2.InvoiceTitle(
        type=order_pb2.InvoiceTitle.GENERAL_VAT, title=title, tax_id="DE1"
    )
    return order_pb2.PurchaseOrder(
        order=ORDER,
        order_no="MR-2026-000001",
        enterprise="enterprises/acme",
        enterprise_legal_name="Acme GmbH",
        total=MoneyMessage(currency_code="CNY", units=units),
        form=order_pb2.OrderForm(po_no="PO-1", invoice_title=invoiced if title else None),
        terms=order_pb2.Terms(deposit_percent=100 if no_contract else 30),
        no_contract=no_contract,
    )
