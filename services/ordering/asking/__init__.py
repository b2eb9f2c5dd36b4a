"""What ordering asks other services before a command, never inside its transaction."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1.authorization_pb2 import (
    CheckPurchaseRequest,
    CheckPurchaseResponse,
    PurchaseVerdict,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1 import module_pb2, product_pb2
from millrun.catalog.v1.catalog_pb2 import (
    BatchGetOffersRequest,
    BatchGetOffersResponse,
    GetFirmwareRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService

from services.ordering.domain.amendment import Burnt
from services.ordering.domain.draft import MOST_LINES
from services.ordering.domain.errors import TooManyLines
from services.ordering.domain.line_service import PARTS
from services.ordering.domain.offer import (
    Assortment,
    Basket,
    Customer,
    License,
    Offer,
    PriceTier,
)
from services.ordering.domain.service_offer import ServiceOffer
from services.ordering.domain.words import Family, FirmwareState, Lifecycle
from services.ordering.wire import name_of, purpose_from, purpose_message
from shared.caller import Role
from shared.clients import Clients
from shared.errors import NotFound
from shared.names import enterprise_of
from shared.wire import money_from, time_from

ROLE = account_pb2.Role.DESCRIPTOR
LIFECYCLE = product_pb2.Product.Lifecycle.DESCRIPTOR
FIRMWARE_STATE = module_pb2.Firmware.State.DESCRIPTOR

beside = ThreadPoolExecutor(32, thread_name_prefix="ordering.asking")
"""Where one of two questions waits for its answer; as many as answering threads there may be."""


def ask_assortment(
    clients: Clients, basket: Basket, *, order: str = "", dry_run: bool = False
) -> Assortment:
    """Ask what the caller may order now, of a basket: two questions, at the same time.

    With the name of an `order` that is about to be submitted, what counts against the cap of an
    authorization is kept for it, unless that is only tried. Refuses with TooManyLines what could
    never be ordered, and with whatever is refused there.
    """
    wanted = list(basket.lines)
    if len(wanted) > MOST_LINES:
        raise TooManyLines(limit=MOST_LINES)
    if not wanted:
        return assortment_from(
            _permission(clients, basket, order, dry_run), BatchGetOffersResponse()
        )
    permission = beside.submit(copy_context().run, _permission, clients, basket, order, dry_run)
    asked = BatchGetOffersRequest(
        products=wanted, services=basket.services, licenses=basket.family is Family.LICENSE
    )
    offers = clients.of(CatalogServiceStub).BatchGetOffers(asked)
    return assortment_from(permission.result(), offers)


def ask_list(clients: Clients, basket: Basket, *, customer: str) -> Assortment:
    """Ask, for staff, what products and services cost a customer; not who may order them."""
    if not basket.lines:
        return Assortment.unknown()
    asked = BatchGetOffersRequest(
        products=basket.lines,
        services=basket.services,
        licenses=basket.family is Family.LICENSE,
        customer=customer,
    )
    offers = clients.of(CatalogServiceStub).BatchGetOffers(asked)
    listed = assortment_from(CheckPurchaseResponse(), offers)
    return replace(listed, roles=dict.fromkeys(listed.offers, frozenset()))


def _permission(
    clients: Clients, basket: Basket, order: str, dry_run: bool
) -> CheckPurchaseResponse:
    asked = CheckPurchaseRequest(
        products=basket.lines.keys(),
        # A quantity that is none is refused by the order itself, in its own words.
        quantities=(max(0, pieces) for pieces in basket.lines.values()),
        purpose=purpose_message(basket.purpose),
        order=order,
        validate_only=dry_run,
    )
    return clients.of(AuthorizationServiceStub).CheckPurchase(asked)


def assortment_from(
    permission: CheckPurchaseResponse, offers: BatchGetOffersResponse
) -> Assortment:
    """Read what authorization and the catalogue answered about the caller and the products."""
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
        offers={offer.product: offer_from(offer) for offer in offers.offers},
        licenses=licenses_from(offers),
        services={each.name: _service_from(each) for each in offers.services},
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


def ask_burnt(
    clients: Clients, names: Iterable[str]
) -> dict[str, tuple[Burnt, FirmwareState | None]]:
    """Ask what firmware is, by its name; what is not there is left out."""
    found = {}
    for name in names:
        try:
            known = clients.of(CatalogServiceStub).GetFirmware(GetFirmwareRequest(name=name))
        except NotFound:
            continue
        burnt = Burnt(firmware=known.name, version=known.version, digest=known.digest)
        state = FirmwareState[name_of(FIRMWARE_STATE, known.state)] if known.state else None
        found[name] = burnt, state
    return found


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
