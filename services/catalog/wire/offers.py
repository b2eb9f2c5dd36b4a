"""Offers in protobuf."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import product_pb2

from services.catalog.wire.modules import tier_messages


def offers_message(rows: Sequence[sa.Row[Any]]) -> service_pb.BatchGetOffersResponse:
    """Return offers as ordering asks for them."""
    return service_pb.BatchGetOffersResponse(offers=map(_offer_message, rows))


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
        price_tiers=tier_messages(row.price_tiers),
        minimum_quantity=row.minimum_quantity,
        packing_unit=row.packing_unit,
        lead_time_days=row.lead_time_days,
    )
