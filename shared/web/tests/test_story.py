"""What happened to an order, and what differs between two states of it, as people read it."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import ParseDict
from millrun.notification.v1.feed_pb2 import OrderEvent
from millrun.ordering.v1.order_pb2 import PurchaseOrder

from shared.web import differing, text
from shared.web.story import story
from shared.web.translations import folders

CHEN, LIN = "accounts/chen", "accounts/lin"
YUAN = {"currencyCode": "CNY", "units": "7200"}


def happened(kind: str, actor: str = CHEN, called: str = "Chen Jie", **data: Any) -> OrderEvent:
    event = OrderEvent(type=kind, actor=actor, actor_display_name=called)
    ParseDict(data, event.data)
    return event


def told(*events: OrderEvent, **more: Any) -> list[dict[str, Any]]:
    return story(events, {LIN: "you"}, **more)


def test_everybody_is_called_by_name_and_the_reader_you() -> None:
    newest, oldest = told(
        happened("ordering.order.submitted", purchaseOrder={}),
        happened("ordering.order.held", LIN, "Wei Lin", reason="The panel changes."),
    )
    assert (oldest["who"], newest["who"]) == ("Chen Jie", "you")
    assert newest["note"] == "The panel changes."


def test_what_the_system_did_names_nobody() -> None:
    [entry] = told(happened("ordering.order.expired", "", ""))
    assert entry["who"] == ""


@pytest.mark.parametrize(
    ("absent", "said"), [(LIN, "in place of you"), ("accounts/ana", "as a deputy"), ("", "")]
)
def test_what_a_deputy_did_says_in_whose_place(absent: str, said: str) -> None:
    [entry] = told(happened("ordering.order.software_confirmed", deputyFor=absent))
    assert entry["note"] == said


def test_a_change_says_why_and_what_and_leads_to_its_revision() -> None:
    change = {"lineNo": 2, "field": "quantity", "before": "1000", "after": "1200"}
    price = {"lineNo": 2, "field": "unit_price", "before": "8.125 CNY", "after": "8.00 CNY"}
    more = [{"field": f"form.{name}", "after": "x"} for name in ("remarks", "po_no")]
    event = happened(
        "ordering.order.amended",
        reason="More.",
        changes=[change, price, *more],
        purchaseOrder={"revision": 1},
    )
    [entry] = told(event, here="/orders/7")
    assert entry["note"] == (
        "More. · Line 2 · Quantity: 1,000 → 1,200"
        " · Line 2 · Unit price: CNY\u00a08.125 → CNY\u00a08.00 · Remarks: – → x · and 1 more"
    )
    assert entry["href"] == "/orders/7/revisions/1"
    assert "href" not in told(event)[0], "the reader of another's order has no such page"


def test_a_contract_that_changes_says_which_of_its_clauses() -> None:
    differences = [{"clause": clause} for clause in ("GOODS", "GOODS", "DELIVERY")]
    [entry] = told(
        happened("contract.contract.amended", changes="goods, line 1", differences=differences)
    )
    assert entry["note"] == "Clauses: Goods, Delivery"


def test_a_withdrawn_batch_says_why_and_how_many_it_was_started_for() -> None:
    event = happened(
        "fulfillment.batch.withdrawn", reason="Typo.", productionBatchNo="P-1", quantity=10
    )
    [entry] = told(event)
    assert entry["what"] == "A batch was withdrawn; nothing of it had been made"
    assert entry["note"] == "Typo. · P-1 · 10"


OF_CONTRACT = ("generated", "buyer_signed", "returned", "amended", "signed")


def test_what_happens_to_an_addendum_is_told_of_the_addendum() -> None:
    for name in OF_CONTRACT:
        kind = f"contract.contract.{name}"
        addendum, contract = told(happened(kind), happened(kind, addendum=True))
        assert "addendum" in str(addendum["what"])
        assert "addendum" not in str(contract["what"])


def test_it_is_chinese_on_chinese_pages_too(chinese: None) -> None:
    said = [
        str(told(happened(f"contract.contract.{each}", addendum=True))[0]["what"])
        for each in OF_CONTRACT
    ]
    assert all("补充协议" in each for each in said)
    assert len(set(said)) == len(said)


def test_what_changes_before_it_was_signed_is_not_signed_again() -> None:
    kind = "contract.contract.amended"
    voided, unsigned = told(happened(kind), happened(kind, signaturesVoided=True))
    assert voided["what"] == unsigned["what"]
    assert voided["note"] == "Signatures given before do not hold any more."
    assert unsigned["note"] == ""


def test_what_was_submitted_is_the_first_revision() -> None:
    [entry] = told(happened("ordering.order.submitted", purchaseOrder={}), here="/orders/7")
    assert (entry["href"], entry["label"]) == ("/orders/7/revisions/0", "See what was ordered")


def test_an_ending_says_what_is_owed_and_what_goes_back() -> None:
    [entry] = told(
        happened("ordering.order.cancelled", reason="Too late.", liability=YUAN, refund=YUAN)
    )
    assert entry["note"] == (
        "Too late. · CNY\u00a07,200.00 is owed for it · CNY\u00a07,200.00 goes back"
    )


def test_money_that_goes_back_is_told_by_its_amount_not_by_its_name() -> None:
    [entry] = told(
        happened("payment.refund.issued", refund="enterprises/acme/refunds/3", amount=YUAN)
    )
    assert entry["note"] == "CNY\u00a07,200.00"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1234.50 CNY", "CNY\u00a01,234.50"),
        ("1,234.50 CNY", "CNY\u00a01,234.50"),
        ("sha256:" + "ab12" * 16, "ab12ab12ab12"),
        ("MASS_PRODUCTION", "Mass production"),
        ("PO", "PO"),
        ("", "–"),
    ],
)
def test_a_value_looks_as_it_does_everywhere(text: str, shown: str) -> None:
    assert differing.value(text) == shown


def test_a_time_can_be_read_by_machines_too() -> None:
    assert "2026-03-04 14:05 UTC" in differing.value("2026-03-04T14:05:00Z")


def test_every_field_of_an_order_has_a_name_in_every_language() -> None:
    text.load(folders())
    chosen = text.language.set("zh")
    try:
        for name in fields_of(PurchaseOrder.DESCRIPTOR):
            for part in differing.field(name).split(" · "):
                assert not part.isascii() or part == "PID", name
    finally:
        text.language.reset(chosen)


def fields_of(message: Descriptor, path: str = "") -> Iterator[str]:
    """Yield the paths of all fields that hold a text, a number or an amount."""
    for each in message.fields:
        inside = each.message_type
        below = f"{path}.{each.name}".lstrip(".")
        if inside and inside.full_name.startswith("millrun."):
            yield from fields_of(inside, "" if each.name == "lines" else below)
        else:
            yield below
