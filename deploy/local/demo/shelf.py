"""What the demo's vendor sells: modules, firmware, licences, services, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.local.demo.cast import MANUFACTURER
from deploy.local.people import ProjectManager, Vendor
from deploy.local.people.amounts import money

GENERAL, DOLLARS = "List prices", "List prices, export"


def _module(name: str, series: str, what: str, *, packed: int, days: int) -> dict[str, Any]:
    return {
        "displayName": name,
        "series": series,
        "description": what,
        "minimumQuantity": packed,
        "packingUnit": packed,
        "leadTimeDays": days,
    }


MODULES = {
    "wr3e": _module(
        "WR3E Wi-Fi module",
        "Wi-Fi",
        "2.4 GHz Wi-Fi and Bluetooth LE 5.0 with a PCB antenna, for sockets and switches.",
        packed=100,
        days=21,
    ),
    "zs2l": _module(
        "ZS2L Zigbee module",
        "Zigbee",
        "IEEE 802.15.4 at 2.4 GHz for battery-powered sensors, 3.5 µA asleep.",
        packed=100,
        days=18,
    ),
    "bt7c": _module(
        "BT7C Bluetooth LE module",
        "Bluetooth",
        "Bluetooth LE 5.2 with mesh, for lighting and remote controls.",
        packed=500,
        days=15,
    ),
    "cw6p": _module(
        "CW6P Wi-Fi 6 module",
        "Wi-Fi",
        "Wi-Fi 6, Bluetooth LE and Thread in one, for hubs and appliances.",
        packed=50,
        days=28,
    ),
    "nb8m": _module(
        "NB8M NB-IoT module",
        "Cellular",
        "Cat-NB2 in all bands of Europe and Asia, for meters out of reach of Wi-Fi.",
        packed=50,
        days=35,
    ),
    "ipc4": _module(
        "IPC4 camera module",
        "Camera",
        "Dual-core video SoC with H.265 and Wi-Fi, for indoor cameras.",
        packed=20,
        days=42,
    ),
}
FIRMWARE = [
    ("wr3e", "2.4.1", True, "Pairs in two seconds; fixes a reset after a power cut."),
    ("wr3e", "2.5.0-beta.2", False, "Matter over Wi-Fi, for a first look."),
    ("zs2l", "1.9.3", True, "Halves what a sleeping sensor draws."),
    ("bt7c", "3.0.0", True, "Mesh 1.1 with subnets."),
    ("cw6p", "0.9.7-beta.1", False, "Thread border router, not yet certified."),
    ("cw6p", "1.0.0", True, "First release."),
    ("nb8m", "1.2.0", True, "Reports its signal once a day."),
    ("ipc4", "5.1.2", True, "Person detection runs on the device."),
]
LICENSES = {
    "ipc-sdk-live": {
        "displayName": "IPC SDK, live video",
        "licenses": "Live video and two-way audio of one camera in one app, for its lifetime.",
        "modules": ["modules/ipc4"],
        "minimumQuantity": 100,
        "leadTimeDays": 1,
    },
    "ipc-sdk-cloud": {
        "displayName": "IPC SDK, cloud recording",
        "licenses": "Seven days of event recordings of one camera, for three years.",
        "modules": ["modules/ipc4"],
        "minimumQuantity": 50,
        "leadTimeDays": 1,
    },
    "voice-assistant": {
        "displayName": "Voice assistant",
        "licenses": "Spoken control of one device through the two usual assistants.",
        "minimumQuantity": 500,
        "leadTimeDays": 2,
    },
}
SERVICES = {
    "custom-label": {
        "displayName": "Custom label",
        "description": "Your logo, model and a QR code of the PID; hand in the print file.",
        "purposes": ["TRIAL_PRODUCTION", "MASS_PRODUCTION"],
        "addedLeadTimeDays": 2,
    },
    "pin-header": {
        "displayName": "Soldered pin header",
        "description": "A 2.54 mm header on one side, tested after soldering.",
        "purposes": ["MASS_PRODUCTION"],
        "modules": ["modules/wr3e", "modules/zs2l"],
        "minimumQuantity": 1000,
        "addedLeadTimeDays": 5,
    },
    "burn-in": {
        "displayName": "48 hours of burn-in",
        "description": "Every unit runs for two days at 60 °C; its log is part of the test data.",
        "purposes": ["TRIAL_PRODUCTION", "MASS_PRODUCTION"],
        "addedLeadTimeDays": 4,
    },
}


def _tiers(prices: Mapping[int, str], currency: str = "CNY") -> dict[str, Any]:
    return {
        "priceTiers": [
            {"fromQuantity": many, "unitPrice": money(price, currency)}
            for many, price in prices.items()
        ]
    }


PRICES = {
    "modules/wr3e": _tiers({1: "14.50", 500: "12.80", 3000: "11.35", 10000: "10.905"}),
    "modules/zs2l": _tiers({1: "12.20", 500: "10.60", 3000: "9.475"}),
    "modules/bt7c": _tiers({1: "8.90", 1000: "7.65", 5000: "6.985"}),
    "modules/cw6p": _tiers({1: "31.00", 500: "27.40", 2000: "25.15"}),
    "modules/nb8m": _tiers({1: "46.00", 200: "42.30", 2000: "38.75"}),
    "modules/ipc4": _tiers({1: "98.00", 200: "89.50", 1000: "82.90"}),
    "licenseTypes/ipc-sdk-live": _tiers({1: "6.00", 1000: "4.80", 10000: "3.95"}),
    "licenseTypes/ipc-sdk-cloud": _tiers({1: "18.00", 500: "15.50"}),
    "licenseTypes/voice-assistant": _tiers({1: "1.20", 5000: "0.85"}),
    "valueAddedServices/custom-label": _tiers({1: "0.12", 5000: "0.085"})
    | {"setupFee": money("350.00")},
    "valueAddedServices/pin-header": _tiers({1: "0.65", 5000: "0.48"})
    | {"pricePerOrder": money("200.00")},
    "valueAddedServices/burn-in": _tiers({1: "1.40"}) | {"pricePerOrder": money("480.00")},
}
FOR_THE_MANUFACTURER = {
    "modules/wr3e": _tiers({1: "13.20", 500: "11.90", 3000: "10.80", 20000: "10.25"}),
    "valueAddedServices/custom-label": _tiers({1: "0.08"}),
}
FOR_EXPORT = {
    "modules/wr3e": _tiers({1: "2.10", 500: "1.85", 3000: "1.64"}, "USD"),
    "modules/zs2l": _tiers({1: "1.76", 500: "1.53", 3000: "1.37"}, "USD"),
}


def stock(vendor: Vendor) -> None:
    """Enter all that is sold and what it costs everybody; what is there stays."""
    manager = vendor.project_manager
    for module_id, about in MODULES.items():
        manager.enters_module(module_id, about)
    for module_id, version, released, notes in FIRMWARE:
        manager.enters_firmware(f"modules/{module_id}", version, released=released, notes=notes)
    _enter_what_goes_on_top(manager)
    _price(vendor, {"displayName": GENERAL, "currency": "CNY"}, PRICES)
    _price(vendor, {"displayName": DOLLARS, "currency": "USD"}, FOR_EXPORT)


def price_for_the_manufacturer(vendor: Vendor) -> None:
    """Enter the prices one customer has for itself, unless they are there."""
    name, about = f"Frame agreement, {MANUFACTURER.legal_name}", {"currency": "CNY"}
    of = {"displayName": name, "enterprise": f"enterprises/{MANUFACTURER.enterprise_id}"}
    vendor.business_manager.sees(lambda: _price(vendor, about | of, FOR_THE_MANUFACTURER))


def _enter_what_goes_on_top(manager: ProjectManager) -> None:
    for sku, license_type in LICENSES.items():
        manager.enters_license_type(sku, license_type)
    for service_id, service in SERVICES.items():
        manager.enters_service(service_id, service)


def _price(vendor: Vendor, about: Mapping[str, Any], prices: Mapping[str, Any]) -> str:
    """Enter a price list and what it lacks; a price that is there stays."""
    seller = vendor.business_manager
    name = seller.enters_price_list(about)
    there = {entry["item"] for entry in seller.get(name).get("entries", ())}
    if missing := {item: charge for item, charge in prices.items() if item not in there}:
        seller.sets_prices(name, missing)
    return name
