"""What changed between two versions of a contract is said in the reader's language."""

import json

from millrun.contract.v1.signing_pb2 import Difference
from millrun.notification.v1.feed_pb2 import Message

from shared.errors import Outdated
from shared.web import notices, revised
from shared.web.problem import Problem


class StaleCopy(Outdated):
    """This is version {uploaded}, but contract {contract_no} is version {current}: {changes}."""


def stale(*rows: tuple[str, int, str, str, str], count: int = 0) -> StaleCopy:
    fields = ("clause", "line_no", "field", "before", "after")
    named = [dict(zip(fields, row, strict=True)) for row in rows]
    return StaleCopy(
        uploaded=1,
        current=2,
        contract_no="MC-1",
        changes="goods, line 1, quantity: 1,000 → 1,200",
        differences=json.dumps(named),
        differences_count=count or len(rows),
    )


QUANTITY = ("goods", 1, "quantity", "1,000", "1,200")


def test_what_changed_is_chinese_on_chinese_pages(chinese: None) -> None:
    digest = ("passport", 0, "digest", "sha256:0123456789abcdef", "")
    said = Problem.of(stale(QUANTITY, digest, count=5)).detail
    assert said.startswith("这是第 1 版，而合同 MC-1 当前为第 2 版，变更内容：")
    assert "货物与价格 · 第 1 行 · 数量：1,000 → 1,200" in said
    assert "0123456789ab → –" in said
    assert "另有 3 处" in said
    assert "quantity" not in said


def test_that_only_the_number_differs_is_chinese_too(chinese: None) -> None:
    assert "仅版本号不同" in Problem.of(stale()).detail


def notice(**facts: str) -> str:
    return notices.text(Message(text="y", text_form="{changes}", facts=facts))


def test_notices_and_records_say_it_too(chinese: None) -> None:
    facts = {**stale(QUANTITY).facts, "changes": "goods"}
    assert notice(**facts) == "货物与价格 · 第 1 行 · 数量：1,000 → 1,200"
    assert notice(changes="goods") == "goods", "what was told before is kept in English alone"
    total = Difference(clause=Difference.GOODS, field="total", before="9.00 CNY", after="8.00 CNY")
    assert revised.told([total]) == "货物与价格 · 合计：CNY\u00a09.00 → CNY\u00a08.00"
    assert revised.told([total] * 9).endswith("；另有 3 处")


def test_a_service_is_named_with_what_of_it_changed(chinese: None) -> None:
    fee = Difference(
        clause=Difference.GOODS,
        line_no=1,
        field="services.burn-in.setup_fee",
        before="300.00 CNY",
        after="0.00 CNY",
    )
    assert "第 1 行 · 服务 · Burn-in · " in revised.told([fee])


def test_in_english_it_stays_as_the_service_said_it() -> None:
    problem = Problem.of(stale(QUANTITY))
    assert problem.detail.endswith("is version 2: goods, line 1, quantity: 1,000 → 1,200.")
    assert json.loads(problem.facts["differences"])[0]["after"] == "1,200"
