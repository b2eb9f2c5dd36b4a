"""An order that was changed once, as ordering answers: its revisions, to be shown by pages."""

from typing import Any

from google.protobuf.json_format import MessageToJson
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from millrun.ordering.v1.amending_pb2 import Difference, OrderRevision
from millrun.ordering.v1.order_pb2 import (
    Address,
    InvoiceTitle,
    OrderForm,
    OrderLine,
    PurchaseOrder,
    Purpose,
)
from millrun.ordering.v1.ordering_pb2 import (
    CompareOrderRevisionsResponse,
    ListOrderRevisionsResponse,
)
from millrun.ordering.v1.passport_pb2 import Passport

from shared.testing.on_top import labels

CHANGED = [
    Difference(line_no=1, field="quantity", before="1000", after="1200"),
    Difference(line_no=2, field="line", before="50 × ws3gacme02"),
    Difference(field="form.delivery_address.street", before="<Old> 1", after="New 2"),
    Difference(field="total", before="12500.00 CNY", after="15000.00 CNY"),
]


def a_changed_order(account: str) -> dict[str, Any]:
    """Return what ordering answers about an order that `account` changed once."""
    revisions = [
        OrderRevision(
            revision=1,
            digest="sha256:" + "cd34" * 16,
            reason="We need <more>.",
            changes=CHANGED,
            proposed_by=account,
            total=_yuan(15_000),
            deposit=_yuan(4_500),
        ),
        OrderRevision(digest="sha256:" + "ab12" * 16, proposed_by=account, total=_yuan(12_500)),
    ]
    for each in revisions:
        each.freeze_time.CopyFrom(Timestamp(seconds=1_770_000_000 + each.revision))
    return {
        "ListOrderRevisions": ListOrderRevisionsResponse(revisions=revisions),
        "CompareOrderRevisions": CompareOrderRevisionsResponse(differences=CHANGED),
        "GetPassport": _passport,
    }


def _passport(asked: Any) -> Passport:
    ordered = PurchaseOrder(
        order=asked.name.removesuffix("/passport"),
        purpose=Purpose.MASS_PRODUCTION,
        form=OrderForm(
            po_no="PO-7",
            delivery_address=Address(street="<Old> 1", city="Hangzhou"),
            invoice_title=InvoiceTitle(type=InvoiceTitle.SPECIAL_VAT, title="Acme"),
        ),
        lines=[
            OrderLine(
                line_no=1,
                pid="ws3gacme01",
                display_name="Wall Switch <3-gang>",
                quantity=1000,
                unit_price=_yuan(12),
                list_unit_price=_yuan(13),
                amount=_yuan(12_000),
                services=[labels()],
            )
        ],
        revision=asked.revision,
    )
    return Passport(
        order=ordered.order, revision=asked.revision, content=MessageToJson(ordered).encode()
    )


def _yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)
