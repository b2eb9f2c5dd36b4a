"""Whatever the console says, it says in Chinese too, without any help of the portal."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER

from services.console.tests.office import As, Office
from services.console.tests.papers import furnish
from shared.web.site import FOLDER
from shared.web.translations import translated, used

CONSOLE = Path(__file__).parents[1]
FAMILIES = {"Malformed", "Forbidden", "NotFound"}


def test_no_sentence_is_borrowed_from_the_portal() -> None:
    known = {*translated(CONSOLE, "zh"), *translated(FOLDER, "zh")}
    assert [text for text, _ in [*used(CONSOLE), *used(FOLDER)] if text not in known] == []


def test_every_refusal_of_a_page_has_its_words_and_facts() -> None:
    with (CONSOLE / "locale" / "zh" / "refusals.po").open("rb") as file:
        words = {(m.context, m.id): str(m.string) for m in read_po(file) if m.id}
    refusals = dict(_refusals())
    assert {reason for _, reason in words} == set(refusals)
    for (_, reason), text in words.items():
        assert set(re.findall(r"{(\w+)}", text)) <= refusals[reason], reason


def test_a_refusal_is_said_in_the_readers_language(lin: As, office: Office) -> None:
    furnish(office)
    browser = lin(BUSINESS_MANAGER)
    browser.headers["accept-language"] = "zh"
    assert "“twelve”不是金额。" in browser.fill("/orders/acme/7/price", price_1="twelve").text


def _refusals():
    """Yield the reason of each refusal in the console's modules, and the facts it names."""
    for path in CONSOLE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and {*map(ast.unparse, node.bases)} & FAMILIES:
                reason = re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).upper()
                yield reason, set(re.findall(r"{(\w+)}", ast.unparse(node)))
