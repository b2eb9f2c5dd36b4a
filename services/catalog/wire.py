"""Modules, firmware and products in and out of protobuf."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import module_pb2, product_pb2

from services.catalog.commands import Labels
from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.module import Module, PriceTier
from services.catalog.domain.product import Lifecycle, Product
from shared.paging import Page
from shared.wire import money_from, money_message, time_message


def module_message(module: Module) -> module_pb2.Module:
    """Return a module as it is answered."""
    return module_pb2.Module(
        name=module.name,
        display_name=module.display_name,
        description=module.description,
        price_tiers=_tier_messages(module.price_tiers),
        minimum_quantity=module.minimum_quantity,
        packing_unit=module.packing_unit,
        lead_time_days=module.lead_time_days,
        create_time=time_message(module.created_at),
        etag=module.etag,
    )


def modules_message(page: Page[Module]) -> service_pb.ListModulesResponse:
    """Return a page of modules."""
    return service_pb.ListModulesResponse(
        modules=map(module_message, page.items), next_page_token=page.next_token
    )


def firmware_message(firmware: Firmware) -> module_pb2.Firmware:
    """Return a firmware version as it is answered."""
    return module_pb2.Firmware(
        name=firmware.name,
        version=firmware.version_name,
        digest=firmware.digest,
        state=_trust(firmware),
        create_time=time_message(firmware.created_at),
        etag=firmware.etag,
    )


def firmwares_message(page: Page[Firmware]) -> service_pb.ListFirmwareResponse:
    """Return a page of firmware."""
    return service_pb.ListFirmwareResponse(
        firmware=map(firmware_message, page.items), next_page_token=page.next_token
    )


def product_message(product: Product) -> product_pb2.Product:
    """Return a product as it is answered."""
    firmware = product.firmware
    return product_pb2.Product(
        name=product.name,
        pid=product.pid,
        display_name=product.display_name,
        lifecycle=product_pb2.Product.Lifecycle.Value(product.lifecycle.name),
        build=_build_message(product.build),
        model=product.model,
        customer_name=product.customer_name,
        notes=product.notes,
        create_time=time_message(product.created_at),
        etag=product.etag,
        owner=product.owner,
        owner_legal_name=product.owner_legal_name or "",
        firmware_version=firmware.version_name if firmware else "",
        firmware_state=_trust(firmware),
    )


def products_message(page: Page[Product]) -> service_pb.ListProductsResponse:
    """Return a page of products."""
    return service_pb.ListProductsResponse(
        products=map(product_message, page.items), next_page_token=page.next_token
    )


def offers_message(rows: Sequence[sa.Row[Any]]) -> service_pb.BatchGetOffersResponse:
    """Return offers as ordering asks for them."""
    return service_pb.BatchGetOffersResponse(offers=map(_offer_message, rows))


def tiers_from(messages: Iterable[module_pb2.PriceTier]) -> tuple[PriceTier, ...]:
    """Read a price list; BadAmount for a price that is none."""
    return tuple(
        PriceTier(message.from_quantity, money_from(message.unit_price)) for message in messages
    )


def build_from(message: product_pb2.BuildConfiguration) -> BuildConfiguration:
    """Read what is built into a product."""
    return BuildConfiguration(
        module=message.module,
        firmware=message.firmware,
        panel=message.panel,
        data_points=tuple(message.data_points),
    )


def labels_from(message: product_pb2.Product | service_pb.LabelProductRequest) -> Labels:
    """Read what a product is called."""
    return Labels(model=message.model, customer_name=message.customer_name, notes=message.notes)


def lifecycle_from(number: "product_pb2.Product.Lifecycle.ValueType") -> Lifecycle | None:
    """Read a lifecycle state; None for none, and for one we do not know."""
    known = product_pb2.Product.Lifecycle
    return Lifecycle.__members__.get(known.Name(number) if number in known.values() else "")


def _trust(firmware: Firmware | None) -> "module_pb2.Firmware.State.ValueType":
    if firmware is None:
        return module_pb2.Firmware.STATE_UNSPECIFIED
    return module_pb2.Firmware.State.Value(firmware.state.name)


def _build_message(build: BuildConfiguration | None) -> product_pb2.BuildConfiguration | None:
    if build is None:
        return None
    return product_pb2.BuildConfiguration(
        module=build.module,
        firmware=build.firmware,
        panel=build.panel,
        data_points=build.data_points,
    )


def _tier_messages(tiers: Iterable[PriceTier]) -> list[module_pb2.PriceTier]:
    return [
        module_pb2.PriceTier(
            from_quantity=tier.from_quantity, unit_price=money_message(tier.unit_price)
        )
        for tier in tiers
    ]


def _offer_message(row: sa.Row[Any]) -> product_pb2.Offer:
    owner = f"enterprises/{row.enterprise}"
    offer = product_pb2.Offer(
        product=f"{owner}/products/{row.pid}",
        pid=row.pid,
        display_name=row.display_name,
        model=row.model,
        owner=owner,
        lifecycle=row.lifecycle.name,
    )
    if row.firmware_id:
        offer.MergeFrom(_built_message(row))
    return offer


def _built_message(row: sa.Row[Any]) -> product_pb2.Offer:
    """Return the part of an offer that a product has only once it is configured."""
    module = f"modules/{row.module_id}"
    return product_pb2.Offer(
        module=module,
        module_display_name=row.module_display_name,
        firmware=f"{module}/firmware/{row.firmware_id}",
        firmware_version=row.version_name,
        firmware_digest=row.digest,
        firmware_state=row.state.name,
        price_tiers=_tier_messages(row.price_tiers),
        minimum_quantity=row.minimum_quantity,
        packing_unit=row.packing_unit,
        lead_time_days=row.lead_time_days,
    )
