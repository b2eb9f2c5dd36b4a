"""What is asked of other services to explain a purchase: of the product, then of who may."""

from millrun.authorization.v1.authorization_pb2 import ExplainPermissionRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.catalog_pb2 import BatchGetOffersRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub

from services.ordering.asking.reading import assortment_from, licenses_from, offer_from
from services.ordering.domain.checks import Purchase
from services.ordering.domain.errors import ProductNotFound
from services.ordering.domain.explaining import Explanation, Helpers, least, usual_purpose
from services.ordering.domain.rules import Caps
from services.ordering.domain.words import Purpose
from services.ordering.wire import purpose_message
from shared.caller import Caller
from shared.clients import Clients
from shared.names import parse


def ask_why(
    clients: Clients,
    *,
    product: str,
    purpose: Purpose | None,
    quantity: int,
    enterprise: str,
    account: str,
    license_type: str,
    caller: Caller,
    caps: Caps,
) -> Explanation:
    """Explain a purchase of the caller's, or for staff of `account` in `enterprise`, by names.

    Refuses with ProductNotFound what is not there for whose order it would be.
    """
    parse("enterprises/*/products/*", product)
    whose = enterprise or f"enterprises/{caller.enterprise}"
    (space,) = parse("enterprises/*", whose)
    offers = clients.of(CatalogServiceStub).BatchGetOffers(
        BatchGetOffersRequest(products=[product], customer=whose, licenses=bool(license_type))
    )
    if not offers.offers:
        raise ProductNotFound(product=product, pid=product.rpartition("/")[2])
    offer = offer_from(offers.offers[0])
    if license_type:
        offer = offer.of_codes(license_type, licenses_from(offers))
    purpose = purpose or usual_purpose(offer)
    quantity = quantity or least(offer, purpose)
    told = clients.of(AuthorizationServiceStub).ExplainPermission(
        ExplainPermissionRequest(
            parent=whose,
            account=account,
            products=[product],
            purpose=purpose_message(purpose),
            quantities=[max(0, quantity)],
        )
    )
    assortment = assortment_from(told.permission, offers)
    wanted = Purchase(
        purpose=purpose,
        quantity=quantity,
        offer=assortment.wished(product, license_type),
        assortment=assortment,
        caps=caps,
    )
    return Explanation(
        enterprise=space,
        account=account or caller.account,
        purchase=wanted,
        helpers=Helpers(
            administrators=tuple(told.administrators),
            certification_pending=told.certification_pending,
        ),
    )
