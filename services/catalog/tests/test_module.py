from typing import Any

import pytest

from services.catalog.domain.errors import modules as errors
from services.catalog.domain.errors.sold import ItemRetired, NumberOutOfRange
from services.catalog.domain.errors.text import TextWithoutWords
from services.catalog.domain.module import Module
from services.catalog.tests.builders import a_module
from shared.texts import TextTooLong


def test_a_module_without_a_minimum_takes_every_quantity():
    module = a_module()

    assert (module.minimum_quantity, module.packing_unit, module.lead_time_days) == (1, 1, 0)
    assert module.name == "modules/wr3e"


@pytest.mark.parametrize("module_id", ["w", "WR3E", "wr 3e", "wr3e/x", "x" * 41])
def test_a_module_id_is_short_and_in_lower_case(module_id: str):
    with pytest.raises(errors.ModuleIdMalformed):
        a_module(module_id)


@pytest.mark.parametrize("field", ["minimum_quantity", "packing_unit", "lead_time_days"])
@pytest.mark.parametrize("number", [-1, 10_000_001])
def test_the_numbers_of_a_module_are_within_reason(field: str, number: int):
    beyond: dict[str, Any] = {field: number}

    with pytest.raises(NumberOutOfRange) as refused:
        a_module(**beyond)

    assert refused.value.facts["field"] == field


def test_a_module_is_retired_once_and_nothing_new_is_begun_with_it():
    module = a_module()
    module.insist_sold()

    module.retire()

    for late in (module.retire, module.insist_sold):
        with pytest.raises(ItemRetired, match="modules/wr3e is retired"):
            late()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"display_name": "   "}, TextWithoutWords),
        ({"display_name": "x" * 201}, TextTooLong),
        ({"description": "x" * 4001}, TextTooLong),
    ],
)
def test_a_module_says_what_it_is_in_a_few_words(given: dict[str, Any], refusal: type[Exception]):
    with pytest.raises(refusal):
        Module.enter(**{"module_id": "wr3e", "display_name": "WR3E", **given})
