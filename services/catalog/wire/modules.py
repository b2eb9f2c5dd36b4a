"""Modules in and out of protobuf."""

from collections.abc import Iterable

from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import module_pb2

from services.catalog.domain.module import Module, PriceTier
from shared.paging import Page
from shared.wire import money_from, money_message, time_message


def module_message(module: Module) -> module_pb2.Module:
    """Return a module as it is answered."""
    return module_pb2.Module(
        name=module.name,
        display_name=module.display_name,
        description=module.description,
        price_tiers=tier_messages(module.price_tiers),
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


def tiers_from(messages: Iterable[module_pb2.PriceTier]) -> tuple[PriceTier, ...]:
    """Read a price list; BadAmount for a price that is none."""
    return tuple(
        PriceTier(message.from_quantity, money_from(message.unit_price)) for message in messages
    )


def tier_messages(tiers: Iterable[PriceTier]) -> list[module_pb2.PriceTier]:
    return [
        module_pb2.PriceTier(
            from_quantity=tier.from_quantity, unit_price=money_message(tier.unit_price)
        )
        for tier in tiers
    ]
