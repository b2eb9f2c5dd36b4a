"""What was done to a sealed contract is said in the reader's language, page by page."""

import json

from shared.errors import Malformed
from shared.web.problem import Problem


class ChangedAfterSealing(Malformed):
    """The PDF of contract {contract_no} was changed in more than a signature: {what}."""


def altered(*rows: tuple[str, int], count: int = 0) -> ChangedAfterSealing:
    return ChangedAfterSealing(
        contract_no="MC-1",
        what="page 1 shows something else than was sealed; page 3 was added",
        alterations=json.dumps([{"kind": kind, "page": page} for kind, page in rows]),
        alterations_count=count or len(rows),
    )


TWO = (("PAGE_CHANGED", 1), ("PAGE_ADDED", 3))


def test_what_was_altered_and_on_which_page_is_chinese_on_chinese_pages(chinese: None) -> None:
    assert Problem.of(altered(*TWO)).detail == (
        "合同 MC-1 的 PDF 除签名外还有其他改动：第 1 页的内容与签章时不同；第 3 页是后来添加的。"
    )
    assert Problem.of(altered(*TWO, count=5)).detail.endswith("；另有 3 处。")
    assert "供应商的电子签章被移除" in Problem.of(altered(("SEAL_REMOVED", 0))).detail


def test_in_english_it_stays_as_the_service_said_it() -> None:
    problem = Problem.of(altered(*TWO))

    assert problem.detail.endswith(
        ": page 1 shows something else than was sealed; page 3 was added."
    )
    assert json.loads(problem.facts["alterations"])[1] == {"kind": "PAGE_ADDED", "page": 3}
