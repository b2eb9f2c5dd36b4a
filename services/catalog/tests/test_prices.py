"""What things cost, by themselves: tiers, totals, rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.errors.prices import PriceTiersUnusable
from services.catalog.domain.prices import Charge, PriceTier, insist_on_tiers
from services.catalog.tests.builders import a_tier
from shared.money import MINOR_DIGITS, Money

TIERS = (a_tier(1, "2.40"), a_tier(500, "2.10"), a_tier(1000, "2.10"), a_tier(3000, "1.985"))


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
        ([a_tier(1, "10000000.01")], "a price is above 10,000,000"),
    ],
)
def test_tiers_give_every_quantity_one_price(tiers: list[PriceTier], why: str):
    with pytest.raises(PriceTiersUnusable, match=why):
        insist_on_tiers(tiers)


def test_a_price_may_stay_as_it_is_and_be_finer_than_a_coin():
    insist_on_tiers((a_tier(1, "0.4125"), a_tier(100, "0.4125"), a_tier(1000, "0.4")))


@pytest.mark.parametrize(
    ("quantity", "unit_price", "total", "next_tier"),
    [
        (1, "2.40", "2.40", 500),
        (499, "2.40", "1197.60", 500),
        (500, "2.10", "1050.00", 3000),
        (2999, "2.10", "6297.90", 3000),
        (3000, "1.985", "5955.00", 0),
        (3001, "1.985", "5956.99", 0),
    ],
)
def test_a_quantity_has_its_price_its_total_and_the_next_cheaper_quantity(
    quantity: int, unit_price: str, total: str, next_tier: int
):
    charge = Charge(tiers=TIERS)

    assert charge.unit_price(quantity) == Money("EUR", Decimal(unit_price))
    assert charge.total(quantity) == Money("EUR", Decimal(total))
    assert charge.next_tier(quantity) == next_tier


def test_a_charge_for_the_order_is_added_once_and_the_setup_fee_stands_beside_it():
    charge = Charge(
        tiers=(a_tier(1, "0.125"),),
        per_order=Money("EUR", Decimal("30")),
        setup_fee=Money("EUR", Decimal("250")),
    )

    assert charge.total(101) == Money("EUR", Decimal("42.63"))
    assert Charge(per_order=charge.per_order).total(5) == charge.per_order
    assert Charge(setup_fee=charge.setup_fee).total(5) is None


@st.composite
def some_tiers(draw: st.DrawFn) -> tuple[PriceTier, ...]:
    quantities = sorted({1, *draw(st.lists(st.integers(2, 100_000), max_size=8))})
    prices = draw(
        st.lists(
            st.decimals(Decimal("0.000000001"), 10_000, places=9),
            min_size=len(quantities),
            max_size=len(quantities),
        )
    )
    steps = zip(quantities, sorted(prices, reverse=True), strict=True)
    return tuple(PriceTier(quantity, Money("EUR", price)) for quantity, price in steps)


@given(some_tiers(), st.integers(1, 200_000), st.integers(0, 200_000))
def test_who_buys_more_never_pays_more_a_piece(
    tiers: tuple[PriceTier, ...], quantity: int, more: int
):
    insist_on_tiers(tiers)
    charge = Charge(tiers=tiers)
    fewer, larger = charge.unit_price(quantity), charge.unit_price(quantity + more)

    assert fewer is not None
    assert larger is not None
    assert larger <= fewer
    assert fewer == [tier.unit_price for tier in tiers if tier.from_quantity <= quantity][-1]


@given(some_tiers(), st.integers(1, 200_000))
def test_the_next_tier_is_the_first_quantity_that_is_cheaper(
    tiers: tuple[PriceTier, ...], quantity: int
):
    charge = Charge(tiers=tiers)
    now, next_tier = charge.unit_price(quantity), charge.next_tier(quantity)
    assert now is not None

    if next_tier:
        cheaper, before = charge.unit_price(next_tier), charge.unit_price(next_tier - 1)
        assert cheaper is not None
        assert cheaper < now == before
    else:
        assert charge.unit_price(10**7) == now


@given(
    st.sampled_from(["EUR", "CNY", *MINOR_DIGITS]),
    st.decimals(Decimal("0.000000001"), 10_000, places=9),
    st.integers(1, 1_000_000),
)
def test_a_total_is_rounded_once_to_the_smallest_coin(currency: str, price: Decimal, quantity: int):
    total = Charge(tiers=(PriceTier(1, Money(currency, price)),)).total(quantity)

    assert total is not None
    coin = Decimal(1).scaleb(-MINOR_DIGITS.get(currency, 2))
    assert abs(total.amount - price * quantity) <= coin / 2
    assert Money.of_minor(currency, total.minor) == total
