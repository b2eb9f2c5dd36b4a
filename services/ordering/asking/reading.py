"""What authorization and the catalogue answered, read."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1.authorization_pb2 import CheckPurchaseResponse, PurchaseVerdict
from millrun.catalog.v1 import module_pb2, product_pb2
from millrun.catalog.v1.catalog_pb2 import BatchGetOffersResponse
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService

from services.ordering.domain.line_service import PARTS
from services.ordering.domain.offer import Assortment, Customer, License, Offer, PriceTier
from services.ordering.domain.service_offer import ServiceOffer
from services.ordering.domain.words import FirmwareState, Lifecycle
from services.ordering.wire import name_of, purpose_from
from shared.caller import Role
from shared.names import enterprise_of
from shared.wire import money_from, time_from

ROLE = account_pb2.Role.DESCRIPTOR
LIFECYCLE = product_pb2.Product.Lifecycle.DESCRIPTOR
FIRMWARE_STATE = module_pb2.Firmware.State.DESCRIPTOR


def assortment_from(
    permission: CheckPurchaseResponse, offers: BatchGetOffersResponse
) -> Assortment:
    """Read what authorization and the catalogue answered about the caller and the products."""
    return replace(permitted_from(permission), **offered_from(offers))


def permitted_from(permission: CheckPurchaseResponse) -> Assortment:
    """Read what authorization answered; nothing is offered by that."""
    enterprise = permission.enterprise
    return Assortment(
        customer=Customer(
            certified=enterprise.certified,
            certified_until=time_from(enterprise.certification_expire_time),
            legal_name=enterprise.legal_name,
            business_manager=enterprise.business_manager,
            business_manager_display_name=enterprise.business_manager_display_name,
            business_manager_email=enterprise.business_manager_email,
            project_manager=enterprise.project_manager,
        ),
        project_managers=dict(permission.project_managers),
        roles={
            verdict.product: frozenset(Role[name_of(ROLE, role)] for role in verdict.roles)
            for verdict in permission.verdicts
            if verdict.visible
        },
        not_for_purpose=frozenset(
            verdict.product
            for verdict in permission.verdicts
            if verdict.lack == PurchaseVerdict.NOT_FOR_PURPOSE
        ),
        remaining={
            verdict.product: verdict.remaining
            for verdict in permission.verdicts
            if verdict.lack == PurchaseVerdict.ABOVE_CAP
        },
    )


def offered_from(offers: BatchGetOffersResponse) -> dict[str, Any]:
    """Read what the catalogue answered: the part of an assortment that is offered."""
    return {
        "offers": {offer.product: offer_from(offer) for offer in offers.offers},
        "licenses": licenses_from(offers),
        "services": {each.name: _service_from(each) for each in offers.services},
    }


def offer_from(offer: product_pb2.Offer) -> Offer:
    """Read what the catalogue says about a product."""
    return Offer(
        product=offer.product,
        pid=offer.pid,
        display_name=offer.display_name,
        model=offer.model,
        owner=enterprise_of(offer.owner),
        lifecycle=Lifecycle[name_of(LIFECYCLE, offer.lifecycle)],
        module=offer.module,
        module_display_name=offer.module_display_name,
        firmware=offer.firmware,
        firmware_version=offer.firmware_version,
        firmware_digest=offer.firmware_digest,
        firmware_state=FirmwareState[name_of(FIRMWARE_STATE, offer.firmware_state)]
        if offer.firmware_state
        else None,
        tiers=_tiers_from(offer.price_tiers),
        minimum_quantity=offer.minimum_quantity,
        packing_unit=offer.packing_unit,
        lead_time_days=offer.lead_time_days,
        licenses=tuple(offer.licenses),
    )


def licenses_from(offers: BatchGetOffersResponse) -> dict[str, License]:
    """Read which licences the catalogue sells, by name."""
    return {each.name: _license_from(each) for each in offers.licenses}


def _license_from(sold: LicenseType) -> License:
    return License(
        name=sold.name,
        display_name=sold.display_name,
        tiers=_tiers_from(sold.price_tiers),
        minimum_quantity=sold.minimum_quantity,
        lead_time_days=sold.lead_time_days,
    )


def _service_from(sold: ValueAddedService) -> ServiceOffer:
    charge = sold.charge
    fees = {
        field.name: money_from(value) for field, value in charge.ListFields() if field.name in PARTS
    }
    return ServiceOffer(
        service=sold.name,
        display_name=sold.display_name,
        description=sold.description,
        purposes=frozenset(map(purpose_from, sold.purposes)),
        modules=tuple(sold.modules),
        minimum_quantity=sold.minimum_quantity,
        added_lead_time_days=sold.added_lead_time_days,
        tiers=_tiers_from(charge.price_tiers),
        **fees,
    )


def _tiers_from(tiers: Iterable[module_pb2.PriceTier]) -> tuple[PriceTier, ...]:
    return tuple(
        PriceTier(from_quantity=tier.from_quantity, unit_price=money_from(tier.unit_price))
        for tier in tiers
    )
