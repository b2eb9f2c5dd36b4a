"""Money that goes back, or is owed for what ended, as payment answers, to be shown by pages."""

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from millrun.payment.v1.money_pb2 import Receivable, Refund
from millrun.payment.v1.payment_pb2 import ListReceivablesResponse, ListRefundsResponse


def a_refund(order: str, **other: object) -> Refund:
    """Return what goes back of what was paid for `order`, which ended."""
    enterprise = order.partition("/orders/")[0]
    yuan = Money(currency_code="CNY", units=7200)
    fields: dict[str, object] = {
        "name": f"{enterprise}/refunds/3",
        "order": order,
        "order_no": "MR-2026-000007",
        "enterprise_legal_name": "Acme Smart Home",
        "state": Refund.OWED,
        "cause": Refund.ORDER_ENDED,
        "reason": "The <panel> changes.",
        "amount": yuan,
        "shares": [
            Refund.Share(payment=f"{enterprise}/payments/1", bank_reference="BK-300", amount=yuan)
        ],
        "create_time": Timestamp(seconds=1_770_000_000),
        "etag": "6",
    }
    return Refund(**{**fields, **other})  # type: ignore[arg-type]


def a_receivable(order: str, **other: object) -> Receivable:
    """Return what is still owed for `order`, which ended; a part of it came."""
    fields: dict[str, object] = {
        "name": f"{order.partition('/orders/')[0]}/receivables/4",
        "order": order,
        "order_no": "MR-2026-000007",
        "enterprise_legal_name": "Acme Smart Home",
        "state": Receivable.OPEN,
        "reason": "The <panel> changes.",
        "amount": Money(currency_code="CNY", units=1250),
        "settled": Money(currency_code="CNY", units=250),
        "open": Money(currency_code="CNY", units=1000),
        "reference": "RF96MR2026000007E",
        "create_time": Timestamp(seconds=1_770_000_000),
        "etag": "6",
    }
    return Receivable(**{**fields, **other})  # type: ignore[arg-type]


def refunds(order: str) -> dict[str, object]:
    """Return what payment answers about the refunds of `order`, and what is owed for it."""
    return {
        "GetReceivable": a_receivable(order),
        "ListReceivables": ListReceivablesResponse(receivables=[a_receivable(order)]),
        "GetRefund": a_refund(order),
        "ListRefunds": ListRefundsResponse(refunds=[a_refund(order)]),
    }
