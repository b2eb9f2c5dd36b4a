"""What ordering asks other services before a command, never inside its transaction."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1.authorization_pb2 import (
    CheckPurchaseRequest,
    CheckPurchaseResponse,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1 import module_pb2, product_pb2
from millrun.catalog.v1.catalog_pb2 import BatchGetOffersRequest, BatchGetOffersResponse
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub

from services.ordering.domain.draft import MOST_LINES
from services.ordering.domain.errors import TooManyLines
from services.ordering.domain.offer import Assortment, Customer, Offer, PriceTier
from services.ordering.domain.words import FirmwareState, Lifecycle
from services.ordering.wire import name_of
from shared.caller import Role
from shared.clients import Clients
from shared.names import enterprise_of
from shared.wire import money_from

ROLE = account_pb2.Role.DESCRIPTOR
LIFECYCLE = product_pb2.Product.Lifecycle.DESCRIPTOR
FIRMWARE_STATE = module_pb2.Firmware.State.DESCRIPTOR

_beside = ThreadPoolExecutor(32, thread_name_prefix="ordering.asking")
"""Where one of two questions waits for its answer; as many as answering threads there may be."""


def ask_assortment(clients: Clients, products: Iterable[str]) -> Assortment:
    """Ask what the caller may order now, of `products`: two questions, at the same time.

    Refuses with TooManyLines what could never be ordered, and with whatever is refused there.
    """
    wanted = list(dict.fromkeys(products))
    if len(wanted) > MOST_LINES:
        raise TooManyLines(limit=MOST_LINES)
    if not wanted:
        return assortment_from(_permission(clients, wanted), BatchGetOffersResponse())
    permission = _beside.submit(copy_context().run, _permission, clients, wanted)
    offers = clients.of(CatalogServiceStub).BatchGetOffers(BatchGetOffersRequest(products=wanted))
    return assortment_from(permission.result(), offers)


def _permission(clients: Clients, products: list[str]) -> CheckPurchaseResponse:
    asked = CheckPurchaseRequest(products=products)
    return clients.of(AuthorizationServiceStub).CheckPurchase(asked)


def assortment_from(
    permission: CheckPurchaseResponse, offers: BatchGetOffersResponse
) -> Assortment:
    """Read what authorization and the catalogue answered about the caller and the products."""
    enterprise = permission.enterprise
    return Assortment(
        customer=Customer(
            certified=enterprise.certified,
            legal_name=enterprise.legal_name,
            business_manager=enterprise.business_manager,
            business_manager_display_name=enterprise.business_manager_display_name,
            business_manager_email=enterprise.business_manager_email,
            project_manager=enterprise.project_manager,
        ),
        offers={offer.product: offer_from(offer) for offer in offers.offers},
        roles={
            verdict.product: frozenset(Role[name_of(ROLE, role)] for role in verdict.roles)
            for verdict in permission.verdicts
            if verdict.visible
        },
    )


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
        tiers=tuple(
            PriceTier(from_quantity=tier.from_quantity, unit_price=money_from(tier.unit_price))
            for tier in offer.price_tiers
        ),
        minimum_quantity=offer.minimum_quantity,
        packing_unit=offer.packing_unit,
        lead_time_days=offer.lead_time_days,
    )
