"""What a service says in a value is said in the reader's language; what people wrote stays."""

import pytest

from shared.web.said import said


@pytest.mark.parametrize(
    ("sentence", "in_chinese"),
    [
        ("Replaced by order MR-2026-000007.", "已由订单 MR-2026-000007 取代。"),
        ("Batch P-1 goes on.", "批次 P-1 继续生产。"),
        (
            "Unit U-7 has firmware sha256:49, ordered is sha256:7f.",
            "产品 U-7 烧录的固件为 sha256:49，订购的固件为 sha256:7f。",
        ),
        ("Nobody acted on it in time.", "逾期无人处理。"),
        (
            "It came too late: the order went on meanwhile.",
            "提出过晚：订单已进入后续阶段。",
        ),
        ("Replaced by order, said Chen.", "Replaced by order, said Chen."),
    ],
)
def test_what_services_say_is_translated_with_its_facts(
    chinese: None, sentence: str, in_chinese: str
) -> None:
    assert said(sentence) == in_chinese
