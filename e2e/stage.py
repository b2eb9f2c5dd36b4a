"""What is there before a scenario begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy.local.people import Api, Enterprise, Journey, Vendor
from deploy.local.people.amounts import money
from deploy.local.world import World

MODULE_ID = "stage-wr3e"
"""Not one of the demo's, which may have been told in the same world, and packs by the hundred."""

SERVICE_ID = "stage-label"
LABEL = f"valueAddedServices/{SERVICE_ID}"
"""What can be had on top of the module."""

MODULE = {
    "displayName": "WR3E Wi-Fi module",
    "description": "2.4 GHz Wi-Fi and Bluetooth LE, for sockets and switches.",
    "minimumQuantity": 10,
    "packingUnit": 10,
    "leadTimeDays": 21,
}
"""Small enough to be made in a test."""

SERVICE = {
    "displayName": "Custom label",
    "description": "Hand in the label as a PDF.",
    "purposes": ["TRIAL_PRODUCTION", "MASS_PRODUCTION"],
}

SERVICE_PRICES: dict[str, Any] = {
    "priceTiers": [{"fromQuantity": 1, "unitPrice": money("0.125")}],
    "setupFee": money("80.00"),
}

PRICES: dict[str, Any] = {
    "priceTiers": [
        {"fromQuantity": 1, "unitPrice": money("14.50")},
        {"fromQuantity": 100, "unitPrice": money("12.805")},
    ]
}


SKU = "ipc-sdk-video"
LICENSE_TYPE = {
    "displayName": "IPC SDK, live video",
    "licenses": "One camera to stream live video to the app.",
    "minimumQuantity": 5,
    "leadTimeDays": 1,
}
LICENSE_PRICES = {
    "priceTiers": [
        {"fromQuantity": 1, "unitPrice": money("2.00")},
        {"fromQuantity": 20, "unitPrice": money("1.55")},
    ]
}


@dataclass(frozen=True)
class Stage:
    """The API, the vendor's people, and a firmware to build in."""

    api: Api
    vendor: Vendor
    firmware: str


@contextmanager
def staged(running: World, *, patience: float = 0.0) -> Iterator[Stage]:
    """Set the stage in a Millrun that runs; `patience` as of the API's client."""
    with Api(running.portal, patience=patience) as api:
        vendor = Vendor.of(api, running.sign_ins)
        module = vendor.project_manager.enters_module(MODULE_ID, MODULE)
        prices = {"displayName": "The stage's prices", "currency": "CNY"}
        general = vendor.business_manager.enters_price_list(prices)
        service = vendor.project_manager.enters_service(SERVICE_ID, SERVICE)
        codes = vendor.project_manager.enters_license_type(SKU, LICENSE_TYPE)
        charges = {module: PRICES, service: SERVICE_PRICES, codes: LICENSE_PRICES}
        vendor.business_manager.sets_prices(general, charges)
        yield Stage(api, vendor, vendor.project_manager.enters_firmware(module, "2.4.1"))


def two_products(enterprise: Enterprise, firmware: str) -> list[str]:
    """Develop two products as far as they go, and authorize the buyer for them."""
    products = [
        enterprise.develops("Smart socket", firmware=firmware, model="NL-SKT-1"),
        enterprise.develops("Dimmer", firmware=firmware, model="NL-DIM-2"),
    ]
    enterprise.administrator.authorizes(enterprise.buyer, *products)
    return products


def submitted(vendor: Vendor, enterprise: Enterprise, firmware: str, **form: Any) -> Journey:
    """Return an order of 20 and 10 units that was just submitted, invoiced to the enterprise."""
    first, second = two_products(enterprise, firmware)
    about = {"po_no": "PO-1", "title": enterprise.legal_name, **form}
    order = enterprise.buyer.orders({first: 20, second: 10}, **about)
    return Journey(vendor, enterprise.buyer, order)
