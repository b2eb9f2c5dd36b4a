"""What ordering is told of prices: by the rule of `domain.pricing`, in one statement."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from google.type.money_pb2 import Money
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.module_pb2 import PriceTier
from millrun.ordering.v1.order_pb2 import MASS_PRODUCTION

from services.catalog.domain.price_list import PriceList
from services.catalog.domain.prices import Charge
from services.catalog.domain.pricing import COUNTS, consider
from services.catalog.queries.pricing import Buyer, prices
from services.catalog.store import PriceLists
from services.catalog.tests.builders import a_tier
from services.catalog.tests.shop import ADMIN, BUYER, Shop, an_entry
from services.catalog.tests.test_prices_api import a_license, a_service
from shared.storage import EVERYTHING
from shared.testing.statements import statements

TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PERIODS = [
    (TODAY - 9 * DAY, None),
    (TODAY - 2 * DAY, TODAY + DAY),
    (TODAY, None),
    (TODAY - 9 * DAY, TODAY),
    (TODAY + DAY / 24, None),
]


def every_list() -> list[PriceList]:
    """A list for each owner, currency and period, retired and not, each with a price of its own."""
    made = []
    for owner, currency, period, retired in product(
        ["", "acme"], ["EUR", "USD"], PERIODS, [False, True]
    ):
        start_at, end_at = period
        prices = PriceList.enter(
            display_name="Prices",
            currency=currency,
            enterprise=owner,
            start_at=start_at,
            end_at=end_at,
        )
        prices.set_prices([("modules/wr3e", Charge(tiers=(a_tier(1, "2", currency),)))])
        if retired:
            prices.retire()
        made.append(prices)
    return made


@pytest.mark.parametrize("customer", ["acme", "globex"])
def test_the_database_and_the_domain_pick_the_same_list(shop: Shop, customer: str):
    """As one list after the other ends, until none is left."""
    with shop.database.transaction(EVERYTHING) as tx:
        left = every_list()
        for each in left:
            PriceLists(tx).add(each)
        tx.flush()
        buyer, picked = Buyer(customer=customer, at=TODAY), 0
        while True:
            mine = [each for each in left if each.enterprise in ("", customer)]
            judged = consider(mine, currency="EUR", at=TODAY)
            first = judged[0][0] if judged[0][1] in COUNTS else None
            found = prices(tx, buyer, ["modules/wr3e"]).get("modules/wr3e")
            assert (found.price_list if found else None) == (first.name if first else None)
            if first is None:
                break
            first.retire()
            tx.flush()
            picked += 1
    assert picked == (6 if customer == "acme" else 3)


def offers_of(shop: Shop, *names: str, **more: Any) -> pb.BatchGetOffersResponse:
    return shop.ask(BUYER).BatchGetOffers(pb.BatchGetOffersRequest(products=names, **more))


def test_one_statement_answers_an_order_of_any_size_with_all_that_goes_on_top(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    names = [shop.a_product(firmware).name for _ in range(5)]
    a_service(shop), a_license(shop)

    for more in ({}, {"services": True, "licenses": True}):
        with statements(shop.database) as said:
            assert len(offers_of(shop, *names, **more).offers) == 5
        assert len(said) == 1, said


def test_services_and_licenses_come_with_what_they_fit_and_cost_when_asked_for(shop: Shop):
    module = shop.a_module()
    fitting = shop.a_product(shop.a_firmware(module))
    other = shop.a_product(shop.a_firmware(shop.a_module("cb2s")))
    labels, video = a_service(shop, modules=[module.name]), a_license(shop)
    fee = an_entry(
        labels.name,
        a_tier_of("EUR", 0, 50_000_000),
        price_per_order=Money(currency_code="EUR", units=30, nanos=123_456_789),
    )
    shop.general_list([fee, an_entry(video.name)])

    found = offers_of(shop, fitting.name, other.name, services=True, licenses=True)

    assert [list(offer.services) for offer in found.offers] == [[labels.name], []]
    assert [list(offer.licenses) for offer in found.offers] == [[video.name], [video.name]]
    assert (found.services[0].charge, found.services[0].price_list) == (
        fee.charge,
        shop.general_list(),
    )
    assert list(found.services[0].purposes) == [MASS_PRODUCTION]
    assert found.licenses[0].price_tiers == an_entry(video.name).charge.price_tiers
    plain = offers_of(shop, fitting.name, licenses=True)
    assert (len(plain.services), len(plain.licenses)) == (0, 1)
    assert len(offers_of(shop, fitting.name).licenses) == 0


def test_what_has_no_price_goes_on_top_without_one(shop: Shop):
    fitting = shop.a_product(shop.a_firmware(shop.a_module()), who=ADMIN)
    a_service(shop), a_license(shop)

    found = offers_of(shop, fitting.name, services=True, licenses=True)

    assert (found.services[0].HasField("charge"), found.services[0].price_list) == (False, "")
    assert (len(found.licenses[0].price_tiers), found.licenses[0].price_list) == (0, "")


def a_tier_of(currency: str, units: int, nanos: int) -> Any:
    price = Money(currency_code=currency, units=units, nanos=nanos)
    return PriceTier(from_quantity=1, unit_price=price)
