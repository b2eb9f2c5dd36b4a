"""Contracts to test with. Say only what the test is about."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from google.protobuf import json_format
from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1 import order_pb2

from services.contract.domain.contract import Contract, Signature
from shared.clock import now
from shared.money import Money

ORDER = "enterprises/acme/orders/01930000-0000-7000-8000-000000000001"
MANAGER = "accounts/01930000-0000-7000-8000-0000000000b1"
DIGEST = "sha256:" + "ab" * 32


def a_purchase_order(*, order: str = ORDER, valid_until: datetime | None = None) -> Any:
    """Return a confirmed order of 1,000 plugs for 12,250.00 CNY."""
    line = order_pb2.OrderLine(
        line_no=1,
        product="enterprises/acme/products/k3f9x2m7q1z8w4ab",
        quantity=1000,
        pid="k3f9x2m7q1z8w4ab",
        display_name="Smart plug",
        model="SP-100",
        module_display_name="WR3E",
        firmware_version="2.4.1",
        firmware_digest=DIGEST,
        unit_price=MoneyMessage(currency_code="CNY", units=12, nanos=250_000_000),
        amount=MoneyMessage(currency_code="CNY", units=12250),
    )
    purchase_order = order_pb2.PurchaseOrder(
        order=order,
        order_no="MR-2026-000001",
        enterprise="enterprises/acme",
        enterprise_legal_name="Acme GmbH",
        business_manager=MANAGER,
        purpose=order_pb2.TRIAL_PRODUCTION,
        lines=[line],
        total=MoneyMessage(currency_code="CNY", units=12250),
        snapshot_digest=DIGEST,
        form=order_pb2.OrderForm(po_no="PO-1", customer_batch_no="B-1", model_no="SP-100"),
        terms=order_pb2.Terms(deposit_percent=30, lead_time_days=21),
    )
    purchase_order.terms.valid_until.FromDatetime(valid_until or now() + timedelta(days=14))
    return purchase_order


def order_confirmed(**more: Any) -> ordering.OrderConfirmed:
    """Return the event a contract begins with."""
    purchase_order = a_purchase_order(**more)
    return ordering.OrderConfirmed(order=purchase_order.order, purchase_order=purchase_order)


def a_contract(*, generated: bool = True, valid_until: datetime | None = None) -> Contract:
    """Return a contract, generated unless told otherwise, that has told its events."""
    contract = Contract.prepare(
        enterprise="acme",
        contract_no="MC-2026-000001",
        purchase_order=json_format.MessageToDict(a_purchase_order()),
        total=Money("CNY", Decimal("12250.00")),
        deposit_percent=30,
        valid_until=valid_until or now() + timedelta(days=14),
    )
    contract.id = UUID("01930000-0000-7000-8000-0000000000c1")
    contract.created_at = datetime(2026, 11, 23, tzinfo=UTC)
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
