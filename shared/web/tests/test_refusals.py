"""What services refuse is told in the words of the pages; programs read what services say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Disallowed, Malformed, NotFound
from shared.names import MalformedName
from shared.presence import FieldsMissing
from shared.texts import TextTooLong
from shared.web import text
from shared.web.missing import labelled
from shared.web.problem import Problem
from shared.web.refusals import in_words, refused
from shared.web.translations import folders

ROOT = Path(__file__).parents[3]


class ProductChanged(Disallowed):
    """Product {product} of {owner} changed since you read it."""


class OrderNotFound(NotFound):
    """There is no order {order}."""

    fix = "Take the name of the order from the list of orders."


class NotInRole(Disallowed):
    """{person} is no {role}, but {roles}."""


class Typed(Malformed):
    """Line {line}: {text}"""


@pytest.fixture
def english() -> None:
    text.load(folders())


PRODUCT = ProductChanged(product="enterprises/acme/products/lamp0001", owner="enterprises/acme")
ORDER = OrderNotFound(order="enterprises/acme/orders/0190f0e0")


def test_things_are_called_as_people_do(english: None) -> None:
    assert Problem.of(PRODUCT).detail == "Product lamp0001 of acme changed since you read it."
    told = Problem.of(ORDER)
    assert (told.detail, told.fix) == (
        "There is no such order.",
        "Choose one from the list of orders.",
    )
    assert told.facts == {"order": "enterprises/acme/orders/0190f0e0"}


def test_an_address_nothing_is_at_is_not_explained_by_how_names_are_made(english: None) -> None:
    refusal = MalformedName(name="enterprises/a b/orders/7", pattern="enterprises/*/orders/*")
    assert Problem.of(refusal).detail == "There is nothing at this address."
    assert "enterprises/*/orders/*" in Problem.stated(refusal).detail


def test_programs_are_told_what_the_service_said(english: None) -> None:
    assert Problem.stated(PRODUCT).detail == str(PRODUCT)
    told = Problem.stated(ORDER)
    assert (told.detail, told.fix) == (str(ORDER), ORDER.remedy)
    assert (told.status, told.reason) == (404, "ORDER_NOT_FOUND")


def test_roles_are_words_and_one_nobody_translated_stays(english: None) -> None:
    refusal = NotInRole(person="Kim", role="business_manager", roles="rnd, buyer")
    assert Problem.of(refusal).detail == "Kim is no business manager, but R&D, buyer."
    assert in_words({"role": "caretaker"}) == {"role": "caretaker"}
    assert in_words({"allowed": "RND, BUYER"}) == {"allowed": "R&D, buyer"}


def test_what_people_typed_stays_as_it_is(english: None, chinese: None) -> None:
    typed = "modules/wr3e; 5_0; trial production"
    assert Problem.of(Typed(line=1, text=typed)).detail.endswith(typed)


def test_a_field_is_called_as_its_form_calls_it(english: None) -> None:
    told = Problem.of(TextTooLong(field="price_list.display_name", most=200))
    assert told.detail == "“Name” takes at most 200 characters."
    assert told.fields == {"display_name", "price_list_display_name"}
    missing = Problem.of(FieldsMissing(fields="transfer.value_date, reason"))
    assert missing.detail == "Please fill in “Value date” (a day such as 2026-05-31), “Why”."


def test_words_within_a_sentence_are_chinese_in_one(chinese: None) -> None:
    facts = {"possible": "a draft or submitted", "field": "the delivery date", "pid": "released"}
    assert in_words(facts) == {"possible": "草稿或已提交", "field": "交货日期", "pid": "released"}
    assert in_words({"allowed": "buyer, business manager"}) == {"allowed": "采购、商务经理"}
    assert in_words({"hold_reason": "Batch P-1 goes on."}) == {"hold_reason": "批次 P-1 继续生产。"}
    assert in_words({"why": "a price is above 1,000,000"}) == {"why": "有价格超过 1,000,000"}


def test_a_sentence_with_other_facts_is_said_as_the_service_said_it(english: None) -> None:
    assert refused("refusal", "TEXT_TOO_LONG", {}, "Too long.") == "Too long."


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("words", {"Purpose", "Family", "State", "Party", "Lifecycle", "FirmwareState"}),
        ("amendment", {"Field"}),
        ("checks", {"Kind"}),
        ("explaining", {"Party"}),
    ],
)
def test_every_word_an_order_is_described_with_is_chinese_in_chinese(
    chinese: None, module: str, names: set[str]
) -> None:
    said = list(_values(ROOT / f"services/ordering/domain/{module}.py", names))
    assert len(said) > 3
    for word in said:
        assert in_words({"what": word})["what"] != word or word == "Millrun", word


def _values(path: Path, names: set[str]) -> Iterator[str]:
    """Yield the values of the enums of a module, as they stand in it."""
    for each in ast.parse(path.read_text()).body:
        if isinstance(each, ast.ClassDef) and each.name in names:
            members = (part.value for part in each.body if isinstance(part, ast.Assign))
            yield from (str(part.value) for part in members if isinstance(part, ast.Constant))


def test_every_field_of_the_contract_that_stands_in_a_form_has_a_chinese_name(
    chinese: None,
) -> None:
    protos = "".join(path.read_text() for path in (ROOT / "protos").rglob("*.proto"))
    known = set(re.findall(r"^ +[\w. ]+ (\w+) = \d+", protos, re.MULTILINE))
    forms = [path for folder in folders() for path in folder.rglob("*.html")]
    asked = {name for path in forms for name in FIELDS.findall(path.read_text())}
    unnamed = {name for name in asked & known if re.search("[a-z]{3}", labelled(name))}
    assert len(asked & known) > 60
    assert not unnamed, f"{unnamed}: give them a label in shared/web/missing.py"


FIELDS = re.compile(r'ui\.(?:field|area|textarea|select)\("(\w+[a-z])"')
