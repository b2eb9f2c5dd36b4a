from typing import Any

import pytest

from services.catalog.domain.errors import modules as errors
from services.catalog.domain.errors.text import TextTooLong, TextWithoutWords
from services.catalog.domain.module import Module, PriceTier
from services.catalog.tests.builders import a_module, a_tier


def test_a_module_without_a_minimum_takes_every_quantity():
    module = a_module()

    assert (module.minimum_quantity, module.packing_unit, module.lead_time_days) == (1, 1, 0)
    assert module.name == "modules/wr3e"


@pytest.mark.parametrize("module_id", ["w", "WR3E", "wr 3e", "wr3e/x", "x" * 41])
def test_a_module_id_is_short_and_in_lower_case(module_id: str):
    with pytest.raises(errors.ModuleIdMalformed):
        a_module(module_id)


@pytest.mark.parametrize("field", ["minimum_quantity", "packing_unit", "lead_time_days"])
def test_the_numbers_of_a_module_are_not_negative(field: str):
    negative: dict[str, Any] = {field: -1}

    with pytest.raises(errors.ModuleNumbersOutOfRange):
        a_module(**negative)


@pytest.mark.parametrize(
    ("tiers", "why"),
    [
        ([], "no price from quantity 1"),
        ([a_tier(10)], "no price from quantity 1"),
        ([a_tier(1), a_tier(1)], "a quantity does not rise"),
        ([a_tier(1), a_tier(100), a_tier(50)], "a quantity does not rise"),
        ([a_tier(1), a_tier(100, currency="USD")], "more than one currency"),
        ([a_tier(1, "0")], "not above 0"),
        ([a_tier(1), a_tier(100, "-1")], "not above 0"),
        ([a_tier(1, "1"), a_tier(100, "1.01")], "a price rises"),
    ],
)
def test_a_price_list_gives_every_quantity_one_price(tiers: list[PriceTier], why: str):
    with pytest.raises(errors.PriceTiersUnusable, match=why):
        a_module(tiers=tiers)


def test_a_price_may_stay_as_it_is_and_be_finer_than_a_coin():
    tiers = (a_tier(1, "0.4125"), a_tier(100, "0.4125"), a_tier(1000, "0.4"))

    assert a_module(tiers=tiers).price_tiers == tiers


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
        Module.enter(
            **{"module_id": "wr3e", "display_name": "WR3E", "price_tiers": [a_tier()], **given}
        )
