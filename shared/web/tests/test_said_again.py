"""What services stored as code or as sentence and facts is said in the reader's language."""

from google.type.money_pb2 import Money
from millrun.contract.v1.signing_pb2 import (
    NEWER_VERSION,
    ORDER_CANCELLED,
    ORDER_EXPIRED,
    ContractVersion,
)
from millrun.notification.v1.feed_pb2 import Message

from shared.web import notices
from shared.web.endings import ended
from shared.web.refusals import refused

CANCELLED = ContractVersion(
    end_reason="The order was cancelled: Too late. The buyer owes 907.50 CNY for it.",
    end_cause=ORDER_CANCELLED,
    end_note="Too late.",
    end_liability=Money(currency_code="CNY", units=907, nanos=500_000_000),
)
PROJECT = Message(
    subject="Project Plugs of Acme is closed",
    subject_form="Project {display_name} of {enterprise_legal_name} is closed",
    facts={"display_name": "Plugs", "enterprise_legal_name": "Acme"},
)


def test_why_a_contract_is_void_is_said_in_parts() -> None:
    assert ended(CANCELLED) == (
        "The order was cancelled · Too late. · CNY\u00a0907.50 is owed for it"
    )
    assert ended(ContractVersion()) == ""
    old = ContractVersion(end_reason="The order expired.")
    assert ended(old) == "The order expired."


def test_why_a_contract_is_void_is_chinese_on_chinese_pages(chinese: None) -> None:
    assert ended(CANCELLED).startswith("订单已取消 · Too late. · ")
    assert ended(ContractVersion(end_cause=ORDER_EXPIRED)) == "逾期无人处理，订单已失效"
    newer = ContractVersion(end_cause=NEWER_VERSION, end_note="2")
    assert ended(newer) == "已由版本 2 取代。"


def test_notices_of_projects_are_chinese_on_chinese_pages(chinese: None) -> None:
    assert notices.subject(PROJECT) == "Acme 的项目 Plugs 已关闭"
    assert notices.text(PROJECT) == ""


def test_what_nobody_translated_or_was_told_before_stays_as_it_was(chinese: None) -> None:
    old = Message(subject="Order MR-1: something old")
    assert notices.subject(old) == "Order MR-1: something old"
    strange = Message(subject="Hello Kim", subject_form="Hello {who}")
    assert notices.subject(strange) == "Hello Kim"


def test_reasons_of_ours_are_said_in_chinese_and_those_of_people_as_they_are(
    chinese: None,
) -> None:
    forms = {"subject": "x", "subject_form": "x", "text": "y", "text_form": "{reason}"}
    ours = Message(**forms, facts={"reason": "The amendment was taken back."})  # type: ignore[arg-type]
    theirs = Message(**forms, facts={"reason": "We need {more}."})  # type: ignore[arg-type]
    assert notices.text(ours) == "变更已撤回。"
    assert notices.text(theirs) == "We need {more}."


def test_amounts_in_notices_and_refusals_look_as_on_pages() -> None:
    owed = Message(
        subject_form="Order {order_no} ended, and its buyer owes {amount}",
        facts={"order_no": "MR-1", "amount": "244.00 CNY"},
    )
    assert notices.subject(owed) == "Order MR-1 ended, and its buyer owes CNY\u00a0244.00"
    said = "7.50 CNY of order MR-1 is still open."
    facts = {"open": "7.50 CNY", "order_no": "MR-1"}
    assert refused("refusal", "NOT_PAID", facts, said) == (
        "CNY\u00a07.50 of order MR-1 is still open."
    )
