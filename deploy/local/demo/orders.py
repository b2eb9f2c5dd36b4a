"""The demo's orders: one in every state, and a few in between (requirements §4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.demo.cast import BRAND, MANUFACTURER, Cast
from deploy.local.people import Enterprise, Journey
from deploy.local.people.vendor import digest_of

VALID = timedelta(seconds=5)
"""How long the offer that expires is good for."""


@dataclass(frozen=True)
class Tale:
    """An order and how far it goes."""

    po_no: str
    title: str
    lines: dict[str, int]
    """Quantities by product id."""

    until: str = "INTENTION"
    then: Callable[[Journey], Any] = lambda _: None
    """What happens last."""

    by_manufacturer: bool = False
    services: tuple[str, ...] = ()
    """What is done on top of every line, by service id."""

    license_type: str = ""
    """Which licences are ordered for the products; none: the modules themselves."""

    form: dict[str, Any] = field(default_factory=dict)

    def tell(self, cast: Cast) -> None:
        """Place the order and follow it as far as it goes."""
        enterprise = cast.manufacturer if self.by_manufacturer else cast.brand
        lines = {_product(cast, pid): many for pid, many in self.lines.items()}
        purpose = next((PURPOSES[pid] for pid in self.lines if pid in PURPOSES), "MASS_PRODUCTION")
        services = [f"valueAddedServices/{each}" for each in self.services]
        if self.until == "DRAFT":
            enterprise.buyer.drafts(lines, purpose, services, form={"poNo": self.po_no})
            return
        part = MANUFACTURER if self.by_manufacturer else BRAND
        about = {"po_no": self.po_no, "title": part.legal_name, "tax_id": part.tax_id, **self.form}
        if self.license_type:
            codes = {(product, self.license_type): many for product, many in lines.items()}
            order = enterprise.buyer.orders_licenses(codes, **about)
        else:
            order = enterprise.buyer.orders(lines, purpose, services, **about)
        journey = Journey(cast.vendor, enterprise.buyer, order).to(self.until)
        self.then(journey)


def expires(journey: Journey) -> None:
    """The customer does not sign in time."""
    until = (datetime.now(UTC) + VALID).isoformat()
    journey.vendor.business_manager.confirms_price(journey.order, validUntil=until)


def is_stopped_by_the_flash_gate(journey: Journey) -> None:
    """A station burns an old image: the first unit stops the batch and holds the order (§6.2)."""
    factory, (work_order, *_) = journey.vendor.factory, journey.work_orders()
    number = f"{work_order['workOrderNo']}-1"
    factory.starts_batch(work_order["name"], number, 500)
    factory.burns(work_order, number, [f"{number}-{unit:05}" for unit in range(1, 121)])
    factory.records(work_order, number, digest_of("wr3e 2.3.9"), [f"{number}-00121"])
    journey.buyer.sees(lambda: journey.buyer.order(journey.order).get("hold"))


def is_half_made(journey: Journey) -> None:
    """The first batch is under way."""
    factory, (work_order, *_) = journey.vendor.factory, journey.work_orders()
    number = f"{work_order['workOrderNo']}-1"
    factory.starts_batch(work_order["name"], number, 500)
    factory.burns(work_order, number, [f"{number}-{unit:05}" for unit in range(1, 281)])


def are_licences_to_pay(journey: Journey) -> None:
    """The business manager confirmed the price of licences, and nothing is signed."""
    journey.price_is_confirmed()
    journey.buyer.sees_order(journey.order, "CONFIRMED")


def are_licences_to_issue(journey: Journey) -> None:
    """The licences are paid in full."""
    are_licences_to_pay(journey)
    journey.deposit_is_paid()
    journey.buyer.sees_order(journey.order, "DEPOSIT_PAID")


def are_codes_to_open(journey: Journey) -> None:
    """Production issued the codes; the buyer has yet to open them."""
    are_licences_to_issue(journey)
    journey.codes_are_issued()


def are_codes_opened(journey: Journey) -> None:
    """The buyer has the codes, and asks for the invoice."""
    are_codes_to_open(journey)
    journey.codes_are_opened()
    journey.buyer.sees_order(journey.order, "DELIVERED")
    journey.invoice_is_wanted()


VOICE = "licenseTypes/voice-assistant"
SOCKET, DIMMER, DOOR = "nlsocketeu16a001", "nldimmertouch001", "nldoorsensor0001"
LED, THERMOSTAT, STRIP = "nlledstripcct001", "nlthermostatr001", "qtpowerstrip4001"
MONITOR = "nlairquality0001"
PURPOSES = {THERMOSTAT: "TRIAL_PRODUCTION", MONITOR: "RND_SAMPLE"}
"""What products are ordered for that are not in mass production yet."""

TALES = [
    Tale("NL-4501", "completed", {SOCKET: 500, DIMMER: 200}, "COMPLETED"),
    Tale("NL-4502", "rejected", {LED: 1000}, then=lambda it: it.rejected()),
    Tale("NL-4503", "expired", {DIMMER: 300}, then=expires),
    Tale("NL-4504", "cancelled", {DOOR: 500}, then=lambda it: it.cancelled()),
    Tale("NL-4505", "replaced by a draft", {DOOR: 200}, then=lambda it: it.replaced()),
    Tale("NL-4506", "delivered", {DOOR: 300}, "DELIVERED", lambda it: it.invoice_is_wanted()),
    Tale("NL-4507", "shipped", {DIMMER: 400}, "SHIPPED"),
    Tale("NL-4508", "partly shipped", {SOCKET: 400, DOOR: 300}, "PARTIALLY_SHIPPED"),
    Tale("NL-4509", "ready to ship", {LED: 500}, "READY_TO_SHIP"),
    Tale(
        "NL-4510",
        "held: wrong firmware",
        {SOCKET: 1000},
        "IN_PRODUCTION",
        is_stopped_by_the_flash_gate,
    ),
    Tale(
        "NL-4511",
        "in production",
        {SOCKET: 3000},
        "IN_PRODUCTION",
        is_half_made,
        services=("custom-label",),
    ),
    Tale("NL-4512", "deposit paid", {SOCKET: 2000, DIMMER: 600}, "DEPOSIT_PAID"),
    Tale(
        "NL-4513",
        "transfer awaited",
        {DIMMER: 1000},
        "CONTRACT_SIGNED",
        lambda it: it.buyer.promises(it.order),
        form={"special": True},
    ),
    Tale("NL-4514", "contract signed", {LED: 5000}, "CONTRACT_SIGNED"),
    Tale("NL-4515", "to be countersigned", {DOOR: 800}, "CONFIRMED", lambda it: it.buyer_signs()),
    Tale(
        "NL-4516",
        "contract to be signed",
        {SOCKET: 10000},
        "CONFIRMED",
        services=("custom-label", "burn-in"),
    ),
    Tale("NL-4517", "price confirmed", {LED: 1500}, then=lambda it: it.price_is_confirmed()),
    Tale(
        "NL-4518", "trial production, just came in", {THERMOSTAT: 150}, services=("custom-label",)
    ),
    Tale("NL-4519", "draft", {SOCKET: 700, DOOR: 700}, "DRAFT"),
    Tale("NL-4520", "licences, just came in", {SOCKET: 600}, license_type=VOICE),
    Tale(
        "NL-4521",
        "licences to be paid",
        {DIMMER: 500},
        then=are_licences_to_pay,
        license_type=VOICE,
    ),
    Tale(
        "NL-4522",
        "licences paid, codes to be issued",
        {SOCKET: 2000, DIMMER: 600},
        then=are_licences_to_issue,
        license_type=VOICE,
    ),
    Tale(
        "NL-4523",
        "licence codes to be opened",
        {SOCKET: 500},
        then=are_codes_to_open,
        license_type=VOICE,
    ),
    Tale(
        "NL-4524",
        "licence codes opened",
        {LED: 500},
        then=are_codes_opened,
        license_type=VOICE,
    ),
    Tale(
        "NL-4525",
        "ended once it was signed, something is owed for it",
        {DOOR: 400},
        "CONTRACT_SIGNED",
        lambda it: it.ended(),
    ),
    Tale("NL-4526", "samples to be paid", {MONITOR: 20}, "CONFIRMED"),
    Tale(
        "QT-0871",
        "for the brand's product",
        {SOCKET: 1200, DOOR: 600},
        "DEPOSIT_PAID",
        by_manufacturer=True,
    ),
    Tale("QT-0872", "for a product of its own", {STRIP: 900}, "CONFIRMED", by_manufacturer=True),
]


def known(cast: Cast) -> set[str]:
    """Return the purchase order numbers of the orders that are there."""
    return {
        str(order["form"]["poNo"])
        for enterprise in (cast.brand, cast.manufacturer)
        for order in enterprise.buyer.all(f"{enterprise.name}/orders", "orders")
        if order.get("form", {}).get("poNo")
    }


def _product(cast: Cast, pid: str) -> str:
    owner: Enterprise = cast.manufacturer if pid.startswith("qt") else cast.brand
    return f"{owner.name}/products/{pid}"
