"""Modules, firmware and products to test with. Say only what the test is about."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.firmware import State as Trust
from services.catalog.domain.impact import (
    AffectedAuthorization,
    AffectedManufacturer,
    AffectedOrder,
    AffectedPartner,
    Impact,
)
from services.catalog.domain.module import Module
from services.catalog.domain.prices import PriceTier
from services.catalog.domain.product import Lifecycle, Product
from shared.caller import Caller, Role
from shared.domain import Aggregate
from shared.money import Money

DIGEST = "sha256:" + "0123456789abcdef" * 4
JUDGE = Caller(
    account="accounts/0190a0a0-0000-7000-8000-000000000007",
    display_name="Mei Tan",
    roles=frozenset({Role.PROJECT_MANAGER}),
)
FIRMWARE_ID = UUID("0190a0a0-0000-7000-8000-000000000001")


def a_tier(from_quantity: int = 1, price: str = "2.40", currency: str = "EUR") -> PriceTier:
    return PriceTier(from_quantity, Money(currency, Decimal(price)))


def a_module(module_id: str = "wr3e", **more: Any) -> Module:
    return Module.enter(module_id=module_id, display_name="WR3E Wi-Fi module", **more)


def a_firmware(
    state: Trust = Trust.RELEASED, *, module_id: str = "wr3e", version: str = "2.4.1"
) -> Firmware:
    firmware = Firmware.enter(module_id=module_id, version=version, digest=DIGEST)
    firmware.id = FIRMWARE_ID
    firmware.state = state
    return firmware


def a_build(
    firmware: Firmware, *, module: str = "", data_points: tuple[str, ...] = ("switch_1",)
) -> BuildConfiguration:
    return BuildConfiguration(
        module=module or firmware.module,
        firmware=firmware.name,
        panel="smart-plug@3",
        data_points=data_points,
    )


def a_product(
    lifecycle: Lifecycle = Lifecycle.DEVELOPMENT,
    *,
    firmware: Firmware | None = None,
    model: str = "SP-1",
) -> Product:
    """A product that is ready for every step: configured and with a model."""
    firmware = firmware or a_firmware()
    product = Product.create(
        enterprise="acme", display_name="Smart plug", product_id="smartplug0000001"
    )
    product.configure(a_build(firmware), firmware)
    product.label(model=model, customer_name="Widget Shop", notes="")
    product.lifecycle = lifecycle
    product.release_events()
    return product


def an_impact(product: Product) -> Impact:
    """Something of every kind that rests on a product."""
    at = datetime(2026, 1, 31, 8, tzinfo=UTC)
    order = AffectedOrder(
        name="enterprises/maker/orders/01930000-0000-7000-8000-000000000001",
        order_no="MR-2026-000001",
        enterprise_legal_name="Maker Ltd",
        quantity=500,
        ordered_at=at,
    )
    grant = AffectedAuthorization(
        name=f"{product.owner}/authorizations/01930000-0000-7000-8000-000000000002",
        account="accounts/01930000-0000-7000-8000-000000000003",
    )
    partner = AffectedPartner(
        name=f"{product.owner}/partnerClients/01930000-0000-7000-8000-000000000004",
        display_name="Warehouse",
    )
    return Impact(
        product=product.name,
        orders=(order,),
        authorizations=(grant,),
        manufacturers=(AffectedManufacturer(name="enterprises/maker", legal_name="Maker Ltd"),),
        partner_clients=(partner,),
    )


def said_by(aggregate: Aggregate) -> list[object]:
    """What it recorded."""
    return [event for _, event in aggregate.release_events()]
