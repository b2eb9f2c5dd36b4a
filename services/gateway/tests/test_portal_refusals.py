"""What services refuse is said in the reader's language, with the facts of the refusal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from services.gateway.tests.house import House
from services.gateway.tests.papers import furnish
from shared.errors import Disallowed
from shared.testing.pages import Browser
from shared.web.site import FOLDER

ROOT = Path(__file__).parents[3]
TRANSLATIONS = FOLDER / "locale" / "zh" / "refusals.po"


class QuantityBelowMinimum(Disallowed):
    """{quantity} units of product {pid} are fewer than the minimum of {minimum}."""

    fix = "Order {minimum} or more."


class NeverTranslated(Disallowed):
    """Nobody wrote this in Chinese."""


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["ListOrders"] = house.answers["ListMessages"]


def _refused(house: House, chen: Browser, refusal: Disallowed) -> str:
    house.answers["AddOrderLine"] = house.answers["CreateOrder"] = refusal
    chen.headers["accept-language"] = "zh"
    return chen.fill("/purchase", quantity="7", purpose="MASS_PRODUCTION").text


def test_a_refusal_is_said_in_chinese_with_its_facts(house: House, chen: Browser) -> None:
    refusal = QuantityBelowMinimum(quantity=7, pid="ws3g", minimum=1000)
    html = _refused(house, chen, refusal)
    assert "产品 ws3g 的数量 7 低于起订量 1000。" in html
    assert "请订购 1000 件或更多。" in html


def test_what_nobody_translated_stays_as_it_was_said(house: House, chen: Browser) -> None:
    assert "Nobody wrote this in Chinese." in _refused(house, chen, NeverTranslated())


def test_every_translation_belongs_to_a_refusal_and_uses_its_facts() -> None:
    known = _refusals()
    with TRANSLATIONS.open("rb") as file:
        for message in read_po(file):
            if message.id:
                facts = set(re.findall(r"{(\w+)}", str(message.string)))
                assert facts <= known[str(message.id)], message.id


def _refusals() -> dict[str, set[str]]:
    """Return the reason of every refusal in the code, and the facts its words name."""
    found: dict[str, set[str]] = {}
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and (sentence := ast.get_docstring(node)):
                reason = re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).upper()
                named = set(re.findall(r"{(\w+)}", sentence + ast.unparse(node)))
                found.setdefault(reason, set()).update(named)
    return found


def _modules() -> Iterator[Path]:
    for folder in ("services", "shared"):
        yield from (p for p in (ROOT / folder).glob("**/*.py") if "tests" not in p.parts)
