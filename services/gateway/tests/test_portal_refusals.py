"""What services refuse is said in the reader's language, with the facts of the refusal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from millrun.ordering.v1.order_pb2 import Order

from services.gateway.tests.house import House
from services.gateway.tests.papers import an_order, furnish
from shared.errors import Disallowed
from shared.presence import FieldsMissing
from shared.testing.pages import Browser
from shared.web.site import FOLDER
from shared.web.text import LANGUAGES

ROOT = Path(__file__).parents[3]
LOCALES = (FOLDER / "locale", *(ROOT / "services").glob("**/locale"))
WRITTEN = {lang: [f for each in LOCALES for f in (each / lang).glob("*.po")] for lang in LANGUAGES}
TRANSLATIONS = WRITTEN["zh"]
FAMILIES = {"Malformed", "NotFound", "Forbidden", "Disallowed", "Outdated"}
OTHERS = {"Exhausted", "Unauthenticated", "Unavailable"}
SAID_IN_CHINESE = ("authorization", "catalog", "contract", "fulfillment", "ordering", "payment")
"""The services whose every refusal is."""


class QuantityBelowMinimum(Disallowed):
    """A quantity of {quantity} of product {pid} is below the minimum of {minimum}."""

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


@pytest.mark.parametrize(
    ("fields", "language", "sentence"),
    [
        ("quantity", "en", "Please fill in “Quantity” (a whole number above zero)."),
        ("quantity", "zh", "请填写“数量”（大于零的整数）。"),
        ("order.lines[2].quantity, reason", "en", "“Quantity” (a whole number above zero), “Why”."),
        ("invoice_title.address, reason", "zh", "请填写“注册地址”、“原因”。"),
        ("address_book_entry.label", "en", "Please fill in “Label”. Then send it again."),
    ],
)
def test_what_is_missing_is_called_as_forms_call_it_and_with_what_to_give(
    house: House, chen: Browser, fields: str, language: str, sentence: str
) -> None:
    house.answers |= {
        "GetOrder": an_order(state=Order.DRAFT),
        "ChangeOrderLine": FieldsMissing(fields=fields),
    }
    chen.headers["accept-language"] = language
    html = chen.fill("/orders/7", "/orders/7/lines/1", quantity="").text
    assert sentence in html
    assert "leaves out" not in html


def test_programs_are_told_the_fields_they_know() -> None:
    refusal = FieldsMissing(fields="order.lines[2].quantity")
    assert "order.lines[2].quantity" in str(refusal)
    assert "order.lines[2].quantity" in refusal.remedy


def test_every_translation_belongs_to_a_refusal_and_uses_its_facts() -> None:
    known = _refusals()
    for reason, facts in _translated("refusal") | _translated("fix"):
        # An explanation says what holds, and what was not looked at, in the same way.
        if not reason.endswith("_PASSED") and reason != "NOT_LOOKED_AT":
            assert facts <= known[reason], reason


def test_every_refusal_of_a_service_people_use_is_said_in_chinese() -> None:
    said, remedies = ({each for each, _ in _translated(part)} for part in ("refusal", "fix"))
    for service in SAID_IN_CHINESE:
        for refusal in _classes(f"services/{service}"):
            if FAMILIES.isdisjoint(ast.unparse(base) for base in refusal.bases):
                continue
            assert _reason(refusal) in said, f"{refusal.name} of {service}"
            if "fix" in _attributes(refusal):
                assert _reason(refusal) in remedies, f"what to do about {refusal.name}"


def test_no_refusal_names_a_rule_by_the_number_it_has_among_us() -> None:
    numbered = re.compile(r"[(（][RAI]\d+")
    for folder in ("services", "shared"):
        for refusal in _classes(folder):
            if FAMILIES & {ast.unparse(base) for base in refusal.bases}:
                said = f"{ast.get_docstring(refusal)} {_remedy(refusal)}"
                assert not numbered.search(said), refusal.name
    for path in TRANSLATIONS:
        assert not numbered.search(path.read_text()), path.name


FOR_PROGRAMS = re.compile(
    r"[a-z]+_[a-z_0-9]+|[A-Z]+_[A-Z_]+|\bRND\b|BUYER|(accounts|enterprises|modules)/"
    r"|python -m|RFC \d+|UUID|update mask|nanos"
)
"""How the contract, and whoever runs Millrun, spells what people have words for."""

COLUMNS = {"display_name", "firmware_version", "switch_1"}
"""What people write themselves: columns of a file, and a data point."""

UNKNOWN = re.compile(
    r"{(account|address_book_entry|association|authorization|certification|contract|deputyship"
    r"|entry|enum|invoice|license_issue|membership|message|partner_client|pattern|payment|plan"
    r"|price_list|receivable|refund|request_id|session|shipment|suggestion|work_order)}"
)
"""The facts that are ids nobody is ever shown, or ways to write them."""

TO_PROGRAMS = {
    ROOT / "shared" / "invalidations.py",
    *(ROOT / f"services/gateway/{of}.py" for of in ("parsing", "problems", "reading", "router")),
}
"""The modules that speak to programs alone."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_people_are_told_is_in_words_they_know(lang: str) -> None:
    written, wrong = _written(lang), []
    for path, refusal in _refused_to_people():
        for part, stated in (("refusal", ast.get_docstring(refusal)), ("fix", _remedy(refusal))):
            said = written.get((part, _reason(refusal)), stated or "")
            found = {each[0] for each in FOR_PROGRAMS.finditer(re.sub(r"{\w+}", "", said))}
            found |= set(UNKNOWN.findall(said))
            if found - COLUMNS:
                wrong.append(f"{path}: {part} of {refusal.name}: {said}")
    assert not wrong, "\n".join(wrong)


def _written(lang: str) -> dict[tuple[str, str], str]:
    """Return what is written for pages, by part and reason."""
    found: dict[tuple[str, str], str] = {}
    for path in WRITTEN[lang]:
        with path.open("rb") as file:
            found |= {(m.context, str(m.id)): str(m.string) for m in read_po(file) if m.context}
    return found


def _refused_to_people() -> Iterator[tuple[Path, ast.ClassDef]]:
    for folder in ("services", "shared"):
        for path in (ROOT / folder).glob("**/*.py"):
            if path in TO_PROGRAMS:
                continue
            for each in _classes_in(path):
                if (FAMILIES | OTHERS) & {ast.unparse(base) for base in each.bases}:
                    yield path.relative_to(ROOT), each


def _remedy(refusal: ast.ClassDef) -> str:
    """Return what is said about what to do, as it stands in the code."""
    fixes = (n for n in refusal.body if isinstance(n, ast.Assign) and "fix" in ast.unparse(n))
    parts = (part for each in fixes for part in ast.walk(each.value))
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def _translated(part: str) -> set[tuple[str, frozenset[str]]]:
    """Return the reasons that are said in Chinese, each with the facts that are named there."""
    found = set()
    for path in TRANSLATIONS:
        with path.open("rb") as file:
            for message in read_po(file):
                if message.context == part:
                    named = re.findall(r"{(\w+)}", str(message.string))
                    found.add((str(message.id), frozenset(named)))
    return found


def _refusals() -> dict[str, set[str]]:
    """Return the reason of every refusal in the code, and the facts its words name."""
    found: dict[str, set[str]] = {}
    for folder in ("services", "shared"):
        for each in _classes(folder):
            words = (ast.get_docstring(each) or "") + ast.unparse(each)
            found.setdefault(_reason(each), set()).update(re.findall(r"{(\w+)}", words))
    return found


def _classes(folder: str) -> Iterator[ast.ClassDef]:
    """Yield the classes that say something of themselves."""
    for path in (ROOT / folder).glob("**/*.py"):
        yield from _classes_in(path)


def _classes_in(path: Path) -> Iterator[ast.ClassDef]:
    if "tests" not in path.parts:
        nodes = ast.walk(ast.parse(path.read_text()))
        yield from (n for n in nodes if isinstance(n, ast.ClassDef) and ast.get_docstring(n))


def _reason(refusal: ast.ClassDef) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", refusal.name).upper()


def _attributes(refusal: ast.ClassDef) -> set[str]:
    assigned = [each for each in refusal.body if isinstance(each, ast.Assign)]
    return {ast.unparse(target) for each in assigned for target in each.targets}
