"""What the demo's vendor sells, and what its customers build on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.local.demo.cast import Cast
from deploy.local.people import Enterprise, ProjectManager
from deploy.local.people.amounts import money


def _module(
    name: str, what: str, prices: Mapping[int, str], *, packed: int, days: int
) -> dict[str, Any]:
    tiers = [{"fromQuantity": many, "unitPrice": money(price)} for many, price in prices.items()]
    return {
        "displayName": name,
        "description": what,
        "priceTiers": tiers,
        "minimumQuantity": packed,
        "packingUnit": packed,
        "leadTimeDays": days,
    }


MODULES = {
    "wr3e": _module(
        "WR3E Wi-Fi module",
        "2.4 GHz Wi-Fi and Bluetooth LE 5.0 with a PCB antenna, for sockets and switches.",
        {1: "14.50", 500: "12.80", 3000: "11.35", 10000: "10.905"},
        packed=100,
        days=21,
    ),
    "zs2l": _module(
        "ZS2L Zigbee module",
        "IEEE 802.15.4 at 2.4 GHz for battery-powered sensors, 3.5 µA asleep.",
        {1: "12.20", 500: "10.60", 3000: "9.475"},
        packed=100,
        days=18,
    ),
    "bt7c": _module(
        "BT7C Bluetooth LE module",
        "Bluetooth LE 5.2 with mesh, for lighting and remote controls.",
        {1: "8.90", 1000: "7.65", 5000: "6.985"},
        packed=500,
        days=15,
    ),
    "cw6p": _module(
        "CW6P Wi-Fi 6 module",
        "Wi-Fi 6, Bluetooth LE and Thread in one, for hubs and appliances.",
        {1: "31.00", 500: "27.40", 2000: "25.15"},
        packed=50,
        days=28,
    ),
    "nb8m": _module(
        "NB8M NB-IoT module",
        "Cat-NB2 in all bands of Europe and Asia, for meters out of reach of Wi-Fi.",
        {1: "46.00", 200: "42.30", 2000: "38.75"},
        packed=50,
        days=35,
    ),
    "ipc4": _module(
        "IPC4 camera module",
        "Dual-core video SoC with H.265 and Wi-Fi, for indoor cameras.",
        {1: "98.00", 200: "89.50", 1000: "82.90"},
        packed=20,
        days=42,
    ),
}
FIRMWARE = [
    ("wr3e", "2.4.1", True),
    ("wr3e", "2.5.0-beta.2", False),
    ("zs2l", "1.9.3", True),
    ("bt7c", "3.0.0", True),
    ("cw6p", "0.9.7-beta.1", False),
    ("cw6p", "1.0.0", True),
    ("nb8m", "1.2.0", True),
    ("ipc4", "5.1.2", True),
]


@dataclass(frozen=True)
class Good:
    """A product of one of the enterprises."""

    product_id: str
    display_name: str
    module: str
    version: str
    model: str
    until: str = "MASS_PRODUCTION"


BRANDS = [
    Good("nlsocketeu16a001", "Smart socket EU 16 A", "wr3e", "2.4.1", "NL-SKT-16"),
    Good("nldimmertouch001", "Touch dimmer", "wr3e", "2.4.1", "NL-DIM-2"),
    Good("nldoorsensor0001", "Door and window sensor", "zs2l", "1.9.3", "NL-DWS-1"),
    Good("nlledstripcct001", "LED strip controller", "bt7c", "3.0.0", "NL-LED-5"),
    Good(
        "nlthermostatr001",
        "Radiator thermostat",
        "zs2l",
        "1.9.3",
        "NL-TRV-1",
        "TRIAL_PRODUCTION",
    ),
    Good("nlairquality0001", "Air quality monitor", "cw6p", "0.9.7-beta.1", "", "DEVELOPMENT"),
]
MANUFACTURERS = [
    Good("qtpowerstrip4001", "Power strip, 4 sockets", "wr3e", "2.4.1", "QT-PS4"),
    Good("qtwatermeter0001", "Water meter", "nb8m", "1.2.0", "QT-WM-20", "TRIAL_PRODUCTION"),
    Good("qtindoorcam00001", "Indoor camera", "ipc4", "5.1.2", "QT-CAM-3", "DEVELOPMENT"),
]
ASSOCIATED = ["nlsocketeu16a001", "nldoorsensor0001"]
"""What the manufacturer builds for the brand (scenario 2)."""


def enter_modules(manager: ProjectManager) -> None:
    """Enter modules and firmware; what is there stays."""
    for module_id, about in MODULES.items():
        manager.enters_module(module_id, about)
    for module_id, version, released in FIRMWARE:
        manager.enters_firmware(f"modules/{module_id}", version, released=released)


def develop(cast: Cast) -> None:
    """Develop the products, open some to the manufacturer, and authorize the buyers."""
    for enterprise, goods in ((cast.brand, BRANDS), (cast.manufacturer, MANUFACTURERS)):
        there = _pids(enterprise)
        missing = [good for good in goods if good.product_id not in there]
        for good in missing:
            _develop(cast, enterprise, good)
        if missing:
            names = [f"{enterprise.name}/products/{good.product_id}" for good in missing]
            enterprise.administrator.authorizes(enterprise.buyer, *names)
    products = [f"{cast.brand.name}/products/{pid}" for pid in ASSOCIATED]
    there = _pids(cast.manufacturer)
    if closed := [each for each in products if each.rpartition("/")[2] not in there]:
        for product in closed:
            cast.vendor.project_manager.associates(product, manufacturer=cast.manufacturer.name)
        cast.manufacturer.administrator.authorizes(cast.manufacturer.buyer, *closed)


def _develop(cast: Cast, enterprise: Enterprise, good: Good) -> None:
    manager = cast.vendor.project_manager
    firmware = manager.enters_firmware(f"modules/{good.module}", good.version)
    enterprise.develops(
        good.display_name,
        firmware=firmware,
        model=good.model,
        until=good.until,
        product_id=good.product_id,
    )


def _pids(enterprise: Enterprise) -> set[str]:
    found = enterprise.administrator.all(f"{enterprise.name}/products", "products")
    return {str(product["pid"]) for product in found}
