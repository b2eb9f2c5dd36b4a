"""Modules in and out of protobuf."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import module_pb2

from services.catalog.domain.errors.prices import PricesStandInLists
from services.catalog.domain.module import Module
from services.catalog.domain.sold import State
from services.catalog.queries.pricing import Priced
from services.catalog.wire.masks import changes
from services.catalog.wire.prices import tier_messages
from shared.paging import Page
from shared.wire import time_message

CHANGEABLE = (
    "display_name",
    "description",
    "series",
    "minimum_quantity",
    "packing_unit",
    "lead_time_days",
)


def module_message(priced: Priced[Module]) -> module_pb2.Module:
    """Return a module as it is answered."""
    module, price = priced.item, priced.price
    return module_pb2.Module(
        name=module.name,
        display_name=module.display_name,
        description=module.description,
        price_tiers=tier_messages(price.charge.tiers) if price else (),
        minimum_quantity=module.minimum_quantity,
        packing_unit=module.packing_unit,
        lead_time_days=module.lead_time_days,
        create_time=time_message(module.created_at),
        etag=module.etag,
        series=module.series,
        state=module_pb2.Module.State.Value(module.state.name),
        price_list=price.price_list if price else "",
    )


def modules_message(page: Page[Priced[Module]]) -> service_pb.ListModulesResponse:
    """Return a page of modules."""
    return service_pb.ListModulesResponse(
        modules=map(module_message, page.items), next_page_token=page.next_token
    )


def module_from(message: module_pb2.Module) -> dict[str, Any]:
    """Read what a new module is; PricesStandInLists."""
    if message.price_tiers:
        raise PricesStandInLists(field="price_tiers")
    return changes(message, FieldMask(), *CHANGEABLE)


def state_from(number: int, known: Any) -> State | None:
    """Read a state out of its enum; None for none, and for one we do not know."""
    return State.__members__.get(known.Name(number) if number in known.values() else "")
