"""Money that goes back, as payment answers, to be shown by pages."""

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from millrun.payment.v1.money_pb2 import Refund
from millrun.payment.v1.payment_pb2 import ListRefundsResponse


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


def refunds(order: str) -> dict[str, object]:
    """Return what payment answers about the refunds of `order`."""
    return {
        "GetRefund": a_refund(order),
        "ListRefunds": ListRefundsResponse(refunds=[a_refund(order)]),
    }
