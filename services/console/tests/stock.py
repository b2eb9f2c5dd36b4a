"""What is sold and what it costs, as the console's doubles answer it."""

from typing import Any

from google.type.money_pb2 import Money
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.module_pb2 import PriceTier
from millrun.catalog.v1.price_list_pb2 import (
    ConsideredPriceList,
    CustomerTerms,
    PriceEntry,
    PriceList,
    Quote,
)
from millrun.catalog.v1.value_added_service_pb2 import Charge, ValueAddedService
from millrun.ordering.v1.order_pb2 import MASS_PRODUCTION

LIST = "priceLists/1"


def cny(units: int, nanos: int = 0) -> Money:
    return Money(currency_code="CNY", units=units, nanos=nanos)


def tiers(*steps: tuple[int, int]) -> list[PriceTier]:
    return [PriceTier(from_quantity=many, unit_price=cny(units)) for many, units in steps]


def a_price_list(**other: Any) -> PriceList:
    fees = Charge(price_per_order=cny(30), setup_fee=cny(250, 500_000_000))
    usual = {
        "name": LIST,
        "display_name": "List <b>prices</b>",
        "currency": "CNY",
        "state": PriceList.ACTIVE,
        "entries": [
            PriceEntry(item="modules/wr3e", charge=Charge(price_tiers=tiers((1, 14), (1000, 12)))),
            PriceEntry(item="valueAddedServices/labels", charge=fees),
        ],
        "entry_count": 2,
        "etag": "4",
    }
    made = PriceList(**{**usual, **other})
    made.start_time.FromJsonString("2026-01-01T08:30:00Z")
    return made


def answers() -> dict[str, Any]:
    """Return what each question about them is answered."""
    codes = LicenseType(
        name="licenseTypes/ipc",
        sku="ipc",
        display_name="IPC <SDK>",
        licenses="One device.",
        modules=["modules/wr3e"],
        minimum_quantity=10,
        state=LicenseType.ACTIVE,
        price_tiers=tiers((1, 6)),
        etag="2",
    )
    labels = ValueAddedService(
        name="valueAddedServices/labels",
        display_name="Custom <label>",
        purposes=[MASS_PRODUCTION],
        minimum_quantity=1,
        state=ValueAddedService.ACTIVE,
        charge=Charge(price_per_order=cny(30)),
        price_list=LIST,
        etag="3",
    )
    mine = a_price_list(
        name="priceLists/2", enterprise="enterprises/acme", enterprise_legal_name="Acme"
    )
    quote = Quote(
        item="modules/wr3e",
        item_display_name="WR3E",
        quantity=130,
        currency="CNY",
        price_list=LIST,
        price_list_display_name="List prices",
        charge=Charge(price_tiers=tiers((1, 14))),
        unit_price=cny(14),
        total=cny(1820),
        next_tier_quantity=1000,
        minimum_quantity=100,
        packing_unit=50,
        nearest_quantities=[100, 150],
        considered=[
            ConsideredPriceList(
                price_list=LIST,
                display_name="List prices",
                verdict=ConsideredPriceList.GENERAL_LIST_COUNTS,
            )
        ],
    )
    return {
        "ListLicenseTypes": pb.ListLicenseTypesResponse(license_types=[codes]),
        "GetLicenseType": codes,
        "ListValueAddedServices": pb.ListValueAddedServicesResponse(value_added_services=[labels]),
        "GetValueAddedService": labels,
        "ListPriceLists": pb.ListPriceListsResponse(price_lists=[a_price_list(), mine]),
        "GetPriceList": a_price_list(),
        "QuotePrice": quote,
        "GetCustomerTerms": CustomerTerms(
            name="enterprises/acme/customerTerms", currency="CNY", etag="1"
        ),
    }
