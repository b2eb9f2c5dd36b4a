"""What ordering asks other services before a command, never inside its transaction."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from functools import partial

from millrun.authorization.v1.authorization_pb2 import (
    CheckPurchaseRequest,
    CheckPurchaseResponse,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.catalog_pb2 import (
    BatchGetOffersRequest,
    BatchGetOffersResponse,
    GetFirmwareRequest,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub

from services.ordering.asking.reading import (
    FIRMWARE_STATE,
    assortment_from,
    offered_from,
    permitted_from,
)
from services.ordering.domain.amendment import Burnt
from services.ordering.domain.draft import MOST_LINES
from services.ordering.domain.errors import TooManyLines
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.words import Family, FirmwareState
from services.ordering.wire import name_of, purpose_message
from shared import call
from shared.clients import Clients
from shared.errors import NotFound

beside = ThreadPoolExecutor(32, thread_name_prefix="ordering.asking")
"""Where one of two questions waits for its answer; as many as answering threads there may be."""


def ask_assortment(
    clients: Clients,
    basket: Basket,
    *,
    order: str = "",
    dry_run: bool = False,
    recalling: bool = False,
) -> Assortment:
    """Ask what the caller may order now, of a basket: two questions, at the same time.

    With the name of an `order` that is about to be submitted, what counts against the cap of an
    authorization is kept for it, unless that is only tried. Where all that is wrong is refused,
    what the others answered a moment ago is good enough, as nobody is refused for it
    (`shared.answers`): who wants no more is `recalling`. Refuses with TooManyLines what could never
    be ordered, and with whatever is refused there.
    """
    wanted = list(basket.lines)
    if len(wanted) > MOST_LINES:
        raise TooManyLines(limit=MOST_LINES)
    if not wanted:
        return assortment_from(
            _permission(clients, basket, order, dry_run), BatchGetOffersResponse()
        )
    if recalling:
        return _recalled(clients, basket, order, dry_run)
    permission = beside.submit(copy_context().run, _permission, clients, basket, order, dry_run)
    return assortment_from(permission.result(), _offers(clients, basket))


def _recalled(clients: Clients, basket: Basket, order: str, dry_run: bool) -> Assortment:
    """Ask the same as far as it is not remembered."""
    caller, wanted = call.current().caller, tuple(basket.lines)
    permissions, catalogue = clients.answers("authorization"), clients.answers("catalog")
    permission = caller, wanted, basket.purpose
    offer = caller, wanted, basket.services, basket.family
    permitted: Assortment | None
    permitted, offered = permissions.recall(permission), catalogue.recall(offer)
    if permitted is None:
        ask = partial(_permission, clients, basket, order, dry_run)
        asking = copy_context().run
        asked = beside.submit(asking, permissions.ask, permission, ask, permitted_from)
    if offered is None:
        offered = catalogue.ask(offer, partial(_offers, clients, basket), offered_from)
    if permitted is None:
        permitted = asked.result()
    return replace(permitted, **offered)


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


def _offers(clients: Clients, basket: Basket) -> BatchGetOffersResponse:
    asked = BatchGetOffersRequest(
        products=basket.lines, services=basket.services, licenses=basket.family is Family.LICENSE
    )
    return clients.of(CatalogServiceStub).BatchGetOffers(asked)


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
