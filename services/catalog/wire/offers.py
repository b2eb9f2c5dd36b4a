"""Offers in protobuf: straight from rows, as they are asked for at every submit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from google.type.money_pb2 import Money
from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.module_pb2 import PriceTier
from millrun.catalog.v1.product_pb2 import Offer
from millrun.catalog.v1.value_added_service_pb2 import Charge, ValueAddedService
from millrun.ordering.v1.order_pb2 import Purpose

from services.catalog.queries.offers import Offers
from services.catalog.wire.prices import fee_message
from shared.invalidations import validity_of
from shared.money import Money as Amount

SERVICE, LICENSE_TYPE = "valueAddedServices/", "licenseTypes/"


def offers_message(found: Offers) -> service_pb.BatchGetOffersResponse:
    """Return offers as ordering asks for them."""
    offers = [_offer(row) for row in found.products]
    for offer in offers if found.services or found.licenses else ():
        offer.services.extend(
            _for(offer.module, found.services, "valueAddedServices/", "service_id")
        )
        offer.licenses.extend(_for(offer.module, found.licenses, "licenseTypes/", "sku"))
    return service_pb.BatchGetOffersResponse(
        offers=offers,
        services=map(_service, found.services),
        licenses=map(_license, found.licenses),
        validity=validity_of(found.about, found.until) if found.about else None,
    )


def _offer(row: Mapping[str, Any]) -> Offer:
    owner = f"enterprises/{row['enterprise']}"
    return Offer(
        product=f"{owner}/products/{row['pid']}",
        pid=row["pid"],
        display_name=row["display_name"],
        model=row["model"],
        owner=owner,
        lifecycle=row["lifecycle"],
        **_build(row) if row["firmware_id"] else {},
    )


def _build(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an offer that a product has only once it is configured."""
    module = f"modules/{row['module_id']}"
    return {
        "module": module,
        "module_display_name": row["module_display_name"],
        "firmware": f"{module}/firmware/{row['firmware_id']}",
        "firmware_version": row["version_name"],
        "firmware_digest": row["digest"],
        "firmware_state": row["firmware_state"],
        "price_tiers": _tiers(row["tiers"]),
        "minimum_quantity": row["minimum_quantity"],
        "packing_unit": row["packing_unit"],
        "lead_time_days": row["lead_time_days"],
        "price_list": f"priceLists/{row['price_list_id']}" if row["price_list_id"] else "",
    }


def _tiers(parts: Sequence[Sequence[Any]] | None) -> list[PriceTier]:
    return [
        PriceTier(
            from_quantity=quantity,
            unit_price=Money(currency_code=currency, units=units, nanos=nanos),
        )
        for quantity, currency, units, nanos in parts or ()
    ]


def _for(module: str, rows: Sequence[Mapping[str, Any]], collection: str, key: str) -> list[str]:
    """Return what goes with a module, by name."""
    return [collection + row[key] for row in rows if not row["modules"] or module in row["modules"]]


def _service(row: Mapping[str, Any]) -> ValueAddedService:
    price = row["price"]
    return ValueAddedService(
        name=f"valueAddedServices/{row['service_id']}",
        display_name=row["display_name"],
        description=row["description"],
        purposes=sorted(Purpose.Value(name) for name in row["purposes"]),
        modules=row["modules"],
        minimum_quantity=row["minimum_quantity"],
        added_lead_time_days=row["added_lead_time_days"],
        state=row["state"],
        charge=_charge(price) if price else None,
        price_list=f"priceLists/{price['price_list_id']}" if price else "",
    )


def _license(row: Mapping[str, Any]) -> LicenseType:
    price = row["price"]
    return LicenseType(
        name=f"licenseTypes/{row['sku']}",
        sku=row["sku"],
        display_name=row["display_name"],
        licenses=row["licenses"],
        modules=row["modules"],
        minimum_quantity=row["minimum_quantity"],
        lead_time_days=row["lead_time_days"],
        state=row["state"],
        price_tiers=_tiers(price["tiers"]) if price else (),
        price_list=f"priceLists/{price['price_list_id']}" if price else "",
    )


def _charge(price: Mapping[str, Any]) -> Charge:
    per_order, setup_fee = (
        None if price[fee] is None else fee_message(Amount(price["currency"], Decimal(price[fee])))
        for fee in ("per_order", "setup_fee")
    )
    return Charge(
        price_tiers=_tiers(price["tiers"]), price_per_order=per_order, setup_fee=setup_fee
    )
