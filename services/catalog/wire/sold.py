"""Licence types and value-added services in and out of protobuf."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import license_type_pb2, value_added_service_pb2
from millrun.ordering.v1.order_pb2 import Purpose as PurposeMessage

from services.catalog.domain.errors.prices import PricesStandInLists
from services.catalog.domain.errors.sold import NoPurposeServed
from services.catalog.domain.license_type import LicenseType
from services.catalog.domain.value_added_service import Purpose, ValueAddedService
from services.catalog.queries.pricing import Priced
from services.catalog.wire.masks import changes
from services.catalog.wire.prices import charge_message, tier_messages
from shared.paging import Page
from shared.wire import time_message

LICENSE_TYPE = ("display_name", "licenses", "modules", "minimum_quantity", "lead_time_days")
SERVICE = (
    "display_name",
    "description",
    "purposes",
    "modules",
    "minimum_quantity",
    "added_lead_time_days",
)


def license_type_message(priced: Priced[LicenseType]) -> license_type_pb2.LicenseType:
    """Return a licence type as it is answered."""
    item, price = priced.item, priced.price
    return license_type_pb2.LicenseType(
        name=item.name,
        sku=item.sku,
        display_name=item.display_name,
        licenses=item.licenses,
        modules=item.modules,
        minimum_quantity=item.minimum_quantity,
        lead_time_days=item.lead_time_days,
        state=license_type_pb2.LicenseType.State.Value(item.state.name),
        price_tiers=tier_messages(price.charge.tiers) if price else (),
        price_list=price.price_list if price else "",
        create_time=time_message(item.created_at),
        etag=item.etag,
    )


def license_types_message(
    page: Page[Priced[LicenseType]],
) -> service_pb.ListLicenseTypesResponse:
    """Return a page of licence types."""
    return service_pb.ListLicenseTypesResponse(
        license_types=map(license_type_message, page.items), next_page_token=page.next_token
    )


def license_type_from(message: license_type_pb2.LicenseType) -> dict[str, Any]:
    """Read what a new licence type is; PricesStandInLists."""
    if message.price_tiers:
        raise PricesStandInLists(field="price_tiers")
    return changes(message, FieldMask(), *LICENSE_TYPE)


def service_message(
    priced: Priced[ValueAddedService],
) -> value_added_service_pb2.ValueAddedService:
    """Return a value-added service as it is answered."""
    item, price = priced.item, priced.price
    return value_added_service_pb2.ValueAddedService(
        name=item.name,
        display_name=item.display_name,
        description=item.description,
        purposes=sorted(PurposeMessage.Value(purpose.name) for purpose in item.purposes),
        modules=item.modules,
        minimum_quantity=item.minimum_quantity,
        added_lead_time_days=item.added_lead_time_days,
        state=value_added_service_pb2.ValueAddedService.State.Value(item.state.name),
        charge=charge_message(price.charge) if price else None,
        price_list=price.price_list if price else "",
        create_time=time_message(item.created_at),
        etag=item.etag,
    )


def services_message(
    page: Page[Priced[ValueAddedService]],
) -> service_pb.ListValueAddedServicesResponse:
    """Return a page of value-added services."""
    return service_pb.ListValueAddedServicesResponse(
        value_added_services=map(service_message, page.items), next_page_token=page.next_token
    )


def service_from(
    message: value_added_service_pb2.ValueAddedService, mask: FieldMask | None = None
) -> dict[str, Any]:
    """Read what a service is, or what changes of it; PricesStandInLists, NoPurposeServed."""
    if message.HasField("charge") and mask is None:
        raise PricesStandInLists(field="charge")
    found = changes(message, mask or FieldMask(), *SERVICE)
    if "purposes" in found:
        found["purposes"] = [_purpose(number) for number in message.purposes]
    return found


def _purpose(number: int) -> Purpose:
    name = PurposeMessage.Name(number) if number in PurposeMessage.values() else ""  # type: ignore[arg-type]
    if name not in Purpose.__members__:
        raise NoPurposeServed(field="purposes")
    return Purpose[name]
