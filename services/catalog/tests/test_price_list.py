"""Price lists by themselves, and which of several counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.domain.errors import prices as errors
from services.catalog.domain.price_list import PriceList
from services.catalog.domain.prices import Charge
from services.catalog.domain.pricing import COUNTS, Verdict, consider
from services.catalog.tests.builders import a_tier
from shared.money import Money

TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PIECES = Charge(tiers=(a_tier(1, "2.40"), a_tier(1000, "2.10")))
FEE = Money("EUR", Decimal(250))


def a_list(name: str = "List prices", **more: Any) -> PriceList:
    return PriceList.enter(
        **{"display_name": name, "currency": "EUR", "start_at": TODAY - DAY, **more}
    )


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€", "E1R"])
def test_a_list_has_one_currency(currency: str):
    with pytest.raises(errors.NotACurrency):
        a_list(currency=currency)


@pytest.mark.parametrize("end", [TODAY - DAY, TODAY - 2 * DAY])
def test_a_list_does_not_end_before_it_begins(end: datetime):
    with pytest.raises(errors.PeriodBackwards):
        a_list(end_at=end)


def test_a_price_is_set_changed_and_taken_off():
    prices = a_list()

    prices.set_prices([("modules/wr3e", PIECES), ("modules/cb2s", PIECES)])
    prices.set_prices([("modules/wr3e", Charge(tiers=(a_tier(1, "2"),))), ("modules/cb2s", None)])

    assert [(entry.item, entry.charge) for entry in prices.entries] == [
        ("modules/wr3e", Charge(tiers=(a_tier(1, "2"),)))
    ]


def test_a_service_may_cost_something_by_piece_by_order_and_to_begin_with():
    prices, charge = a_list(), Charge(tiers=PIECES.tiers, per_order=FEE, setup_fee=FEE)

    prices.set_prices([("valueAddedServices/labels", charge)])

    assert prices.entries[0].charge == charge


@pytest.mark.parametrize(
    ("item", "charge", "refusal", "says"),
    [
        ("modules/a", Charge(), errors.PriceTiersUnusable, "no price"),
        ("modules/a", Charge(tiers=PIECES.tiers, per_order=FEE), errors.ChargeUnusable, "only s"),
        ("licenseTypes/a", Charge(setup_fee=FEE), errors.ChargeUnusable, "only services"),
        ("modules/a", Charge(tiers=(a_tier(5),)), errors.PriceTiersUnusable, "quantity 1"),
        (
            "modules/a",
            Charge(tiers=(a_tier(currency="USD"),)),
            errors.PriceInOtherCurrency,
            "USD, and the list is in EUR",
        ),
        (
            "valueAddedServices/a",
            Charge(per_order=Money("EUR", Decimal(0))),
            errors.ChargeUnusable,
            "not above 0",
        ),
    ],
)
def test_what_nothing_can_cost_is_refused_and_nothing_changes(
    item: str, charge: Charge, refusal: type[Exception], says: str
):
    prices = a_list()

    with pytest.raises(refusal, match=says):
        prices.set_prices([("modules/ok", PIECES), (item, charge)])

    assert prices.entries == []


def test_an_item_is_named_once_and_a_list_is_not_endless():
    with pytest.raises(errors.ItemPricedTwice):
        a_list().set_prices([("modules/a", PIECES), ("modules/a", None)])
    with pytest.raises(errors.TooManyPrices):
        a_list().set_prices([(f"modules/{number}", PIECES) for number in range(2001)])


def test_a_retired_list_stays_as_it_is():
    prices = a_list()
    prices.retire()

    for late in (
        prices.retire,
        lambda: prices.set_prices([("modules/a", PIECES)]),
        lambda: prices.change(display_name="New", start_at=None, end_at=None),
    ):
        with pytest.raises(errors.PriceListRetired):
            late()


def retired(prices: PriceList) -> PriceList:
    prices.retire()
    return prices


# Made in this order: later ones were entered later. Which counts is in the second column.
GENERAL, NEWER = a_list("general"), a_list("newer", start_at=TODAY - DAY / 2)
SAME = a_list("same day", start_at=TODAY - DAY / 2)
OWN, LATER_OWN = a_list("own", enterprise="acme"), a_list("own", enterprise="acme", start_at=TODAY)
OLD_OWN = a_list("old own", enterprise="acme", start_at=TODAY - 300 * DAY)
DOLLARS = a_list("dollars", enterprise="acme", currency="USD")
FUTURE = a_list("future", enterprise="acme", start_at=TODAY + DAY)
OVER = a_list("over", enterprise="acme", end_at=TODAY)
GONE = retired(a_list("gone", enterprise="acme"))
V = Verdict


@pytest.mark.parametrize(
    ("lists", "verdicts"),
    [
        ([], []),
        ([GENERAL], [(GENERAL, V.GENERAL_LIST_COUNTS)]),
        ([OWN], [(OWN, V.OWN_LIST_COUNTS)]),
        ([GENERAL, OWN], [(OWN, V.OWN_LIST_COUNTS), (GENERAL, V.BEHIND_OWN_LIST)]),
        ([NEWER, OLD_OWN], [(OLD_OWN, V.OWN_LIST_COUNTS), (NEWER, V.BEHIND_OWN_LIST)]),
        ([GENERAL, NEWER], [(NEWER, V.GENERAL_LIST_COUNTS), (GENERAL, V.BEHIND_NEWER_LIST)]),
        ([SAME, NEWER], [(SAME, V.GENERAL_LIST_COUNTS), (NEWER, V.BEHIND_NEWER_LIST)]),
        ([OWN, LATER_OWN], [(LATER_OWN, V.OWN_LIST_COUNTS), (OWN, V.BEHIND_NEWER_LIST)]),
        ([GENERAL, DOLLARS], [(GENERAL, V.GENERAL_LIST_COUNTS), (DOLLARS, V.OTHER_CURRENCY)]),
        ([GENERAL, FUTURE], [(GENERAL, V.GENERAL_LIST_COUNTS), (FUTURE, V.NOT_YET_VALID)]),
        ([GENERAL, OVER], [(GENERAL, V.GENERAL_LIST_COUNTS), (OVER, V.NO_LONGER_VALID)]),
        ([GENERAL, GONE], [(GENERAL, V.GENERAL_LIST_COUNTS), (GONE, V.LIST_RETIRED)]),
        ([OVER, FUTURE], [(OVER, V.NO_LONGER_VALID), (FUTURE, V.NOT_YET_VALID)]),
    ],
)
def test_one_list_counts_and_every_other_says_why_not(
    lists: list[PriceList], verdicts: list[tuple[PriceList, Verdict]]
):
    for order in (lists, lists[::-1]):
        judged = consider(order, currency="EUR", at=TODAY)
        assert {(each.name, verdict) for each, verdict in judged} == {
            (each.name, verdict) for each, verdict in verdicts
        }
        assert [each.name for each, verdict in judged if verdict in COUNTS] == [
            each.name for each, verdict in verdicts[:1] if verdict in COUNTS
        ]
