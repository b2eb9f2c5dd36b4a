"""What the demo's customers build on what its vendor sells."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.local.demo.cast import Cast
from deploy.local.people import Enterprise


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
    Good(
        "nlairquality0001", "Air quality monitor", "cw6p", "0.9.7-beta.1", "NL-AQ-1", "DEVELOPMENT"
    ),
]
MANUFACTURERS = [
    Good("qtpowerstrip4001", "Power strip, 4 sockets", "wr3e", "2.4.1", "QT-PS4"),
    Good("qtwatermeter0001", "Water meter", "nb8m", "1.2.0", "QT-WM-20", "TRIAL_PRODUCTION"),
    Good("qtindoorcam00001", "Indoor camera", "ipc4", "5.1.2", "QT-CAM-3", "DEVELOPMENT"),
]
ASSOCIATED = ["nlsocketeu16a001", "nldoorsensor0001"]
"""What the manufacturer builds for the brand (scenario 2)."""


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
        if developing := [
            f"{enterprise.name}/products/{good.product_id}"
            for good in missing
            if good.until == "DEVELOPMENT"
        ]:
            enterprise.administrator.authorizes(enterprise.rnd, *developing)
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
