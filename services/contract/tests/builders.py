"""Contracts to test with. Say only what the test is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from google.protobuf import json_format
from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1 import order_pb2

from services.contract.domain.amending import Agreed
from services.contract.domain.contract import Contract
from services.contract.domain.signature import Signature, Signer
from services.contract.domain.terms import terms_of
from shared.clock import now
from shared.money import Money
from shared.vendor import Vendor

ORDER = "enterprises/acme/orders/01930000-0000-7000-8000-000000000001"
MANAGER = "accounts/01930000-0000-7000-8000-0000000000b1"
DIGEST = "sha256:" + "ab" * 32
BUYER = Signer(account="accounts/buyer", display_name="B. Uyer", address="192.0.2.7")
BM = Signer(account=MANAGER, display_name="B. Manager")


def labels(**more: Any) -> order_pb2.OrderLineService:
    """Return labels on a line: 0.125 a piece, 50.00 for the line and 300.00 to begin with."""
    known: dict[str, Any] = {
        "service": "valueAddedServices/custom-label",
        "display_name": "Custom label",
        "description": "Hand in the label as a PDF.",
        "unit_price": MoneyMessage(currency_code="CNY", nanos=125_000_000),
        "price_per_order": MoneyMessage(currency_code="CNY", units=50),
        "setup_fee": MoneyMessage(currency_code="CNY", units=300),
    }
    return order_pb2.OrderLineService(**(known | more))


def a_purchase_order(
    *,
    order: str = ORDER,
    valid_until: datetime | None = None,
    quantity: int = 1000,
    legal_name: str = "Acme GmbH",
    street: str = "Hauptstrasse 1",
    lines: int = 1,
    deposit_percent: int = 30,
    wished_for: str = "",
    services: Sequence[order_pb2.OrderLineService] = (),
    license_type: str = "",
    snapshot_digest: str = DIGEST,
) -> Any:
    """Return a confirmed order, of 1,000 plugs for 12,250.00 CNY unless told otherwise."""
    cents = 1225 * quantity
    amount = MoneyMessage(currency_code="CNY", units=cents // 100, nanos=cents % 100 * 10**7)
    line = order_pb2.OrderLine(
        product="enterprises/acme/products/k3f9x2m7q1z8w4ab",
        quantity=quantity,
        pid="k3f9x2m7q1z8w4ab",
        display_name="Smart plug",
        model="SP-100",
        module_display_name="WR3E",
        firmware_version="2.4.1",
        firmware_digest=DIGEST,
        unit_price=MoneyMessage(currency_code="CNY", units=12, nanos=250_000_000),
        amount=amount,
        services=services,
    )
    purchase_order = order_pb2.PurchaseOrder(
        order=order,
        order_no="MR-2026-000001",
        enterprise="enterprises/acme",
        enterprise_legal_name=legal_name,
        business_manager=MANAGER,
        purpose=order_pb2.TRIAL_PRODUCTION,
        total=MoneyMessage(currency_code="CNY", units=amount.units * lines, nanos=amount.nanos),
        snapshot_digest=snapshot_digest,
        form=order_pb2.OrderForm(
            po_no="PO-1",
            customer_batch_no="B-1",
            model_no="SP-100",
            requested_delivery_date=wished_for,
            delivery_address=order_pb2.Address(
                recipient="Ada Receiver", street=street, city="Berlin", country_code="DE"
            ),
        ),
        terms=order_pb2.Terms(deposit_percent=deposit_percent, lead_time_days=21),
    )
    if license_type:
        purchase_order.family = order_pb2.LICENSE
        purchase_order.form.ClearField("delivery_address")
        for field in ("module_display_name", "firmware_version", "firmware_digest"):
            line.ClearField(field)
        line.license_type = f"licenseTypes/{license_type}"
        line.license_type_display_name = "IPC SDK, live video"
    for number in range(1, lines + 1):
        purchase_order.lines.add().CopyFrom(line)
        purchase_order.lines[-1].line_no = number
    purchase_order.terms.valid_until.FromDatetime(valid_until or now() + timedelta(days=14))
    return purchase_order


def order_confirmed(**more: Any) -> ordering.OrderConfirmed:
    """Return the event a contract begins with."""
    purchase_order = a_purchase_order(**more)
    return ordering.OrderConfirmed(order=purchase_order.order, purchase_order=purchase_order)


def order_amended(*, addendum_suffices: bool = False, **more: Any) -> ordering.OrderAmended:
    """Return the event an order that was changed after its confirmation tells."""
    purchase_order = a_purchase_order(**more)
    return ordering.OrderAmended(
        order=purchase_order.order,
        order_no=purchase_order.order_no,
        amendment=1,
        addendum_suffices=addendum_suffices,
        purchase_order=purchase_order,
    )


def agreed(**more: Any) -> Agreed:
    """Return what an order says of its contract."""
    message = a_purchase_order(**more)
    order = json_format.MessageToDict(message)
    total = Money("CNY", Decimal(message.total.units) + Decimal(message.total.nanos).scaleb(-9))
    deposit = total.percent(message.terms.deposit_percent)
    return Agreed(
        terms=terms_of(order, Vendor().model_dump(), deposit),
        total=total,
        deposit=deposit,
        valid_until=message.terms.valid_until.ToDatetime(UTC),
        enterprise_legal_name=message.enterprise_legal_name,
        business_manager=message.business_manager,
    )


def a_contract(*, generated: bool = True, **more: Any) -> Contract:
    """Return a contract, generated unless told otherwise, that has told its events."""
    contract = Contract.prepare(
        enterprise="acme",
        contract_no="MC-2026-000001",
        order=ORDER,
        order_no="MR-2026-000001",
        agreed=agreed(**more),
    )
    contract.id = UUID("01930000-0000-7000-8000-0000000000c1")
    contract.created_at = contract.edition.created_at = datetime(2026, 11, 23, tzinfo=UTC)
    if generated:
        contract.attach_document(DIGEST)
        contract.release_events()
    return contract


def a_signature(*, account: str = "accounts/buyer", digest: str = DIGEST) -> Signature:
    """Return an acceptance of the document `digest`."""
    return Signature(
        account=account,
        signer_name="B. Uyer",
        consent_text="I accept.",
        document_digest=digest,
        signed_at=now(),
    )
