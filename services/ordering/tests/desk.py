"""Ordering as people meet it: asked over a channel, with doubles for the services it asks."""

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any
from unicodedata import normalize

import sqlalchemy as sa
from google.protobuf.message import Message
from google.type.money_pb2 import Money as MoneyMessage
from millrun.authorization.v1 import account_pb2, enterprise_pb2
from millrun.authorization.v1 import authorization_pb2 as authorization
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceServicer
from millrun.catalog.v1 import catalog_pb2 as catalog
from millrun.catalog.v1 import module_pb2, product_pb2
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceServicer
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.value_added_service_pb2 import Charge, ValueAddedService
from millrun.operations.v1.validity_pb2 import Validity
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub

from services.ordering.domain.form import OrderForm
from services.ordering.domain.offer import License, Offer, PriceTier
from services.ordering.domain.service_offer import ServiceOffer
from services.ordering.service import service
from services.ordering.settings import OrderingSettings
from services.ordering.tests.builders import (
    AUDIO,
    BM,
    LAMP,
    PACKING,
    PLUG,
    PM,
    VIDEO,
    a_form,
    a_license,
    a_service,
    an_offer,
)
from services.ordering.tests.changes import NEWER
from services.ordering.wire import form_message
from shared.caller import Caller, Role
from shared.events import Envelope
from shared.ids import new_id
from shared.inbox import Inbox
from shared.money import Money
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.databases import Databases
from shared.testing.golden import heard
from shared.testing.serving import Peer, Serving
from shared.wire import money_message

BUYER, RND, ADMIN = caller(Role.BUYER), caller(Role.RND), caller(Role.ADMINISTRATOR)
BRAND = caller(Role.BUYER, enterprise="brand")
STRANGER = caller(Role.BUYER, enterprise="globex")
MANAGER = caller(Role.BUSINESS_MANAGER, account=BM)
OTHER_MANAGER = caller(Role.BUSINESS_MANAGER, account="accounts/another")
ENGINEER = caller(Role.PROJECT_MANAGER, account=PM)
FINANCE, FACTORY = caller(Role.FINANCE), caller(Role.PRODUCTION)
GADGET = "enterprises/brand/products/gadget1"


class CatalogDouble(CatalogServiceServicer):
    """A catalogue that knows a few products."""

    def __init__(self) -> None:
        known = {"licenses": (VIDEO, AUDIO)}
        self.offers = {p: an_offer(p, **known) for p in (PLUG, LAMP, GADGET)}
        self.licenses = {each: a_license(each) for each in (VIDEO, AUDIO)}
        self.services = {each.service: each for each in (a_service(), a_service(PACKING))}
        self.asked: list[list[str]] = []
        self.priced: list[bool] = []
        """Of each time it was asked, whether services were asked for, too."""

        self.tokens: list[object] = []
        self.validity: Validity | None = None

    def BatchGetOffers(
        self, request: catalog.BatchGetOffersRequest, context: Any
    ) -> catalog.BatchGetOffersResponse:
        self.asked.append(list(request.products))
        self.tokens.append(dict(context.invocation_metadata())["authorization"])
        known = [self.offers[name] for name in request.products if name in self.offers]
        told = catalog.BatchGetOffersResponse(
            offers=map(offer_message, known), validity=self.validity
        )
        self.priced.append(request.services)
        if request.services:
            told.services.extend(map(service_message, self.services.values()))
        if request.licenses:
            told.licenses.extend(map(license_message, self.licenses.values()))
        else:
            for offer in told.offers:
                del offer.licenses[:]
        return told

    def GetFirmware(self, request: catalog.GetFirmwareRequest, context: Any) -> module_pb2.Firmware:
        return module_pb2.Firmware(
            name=request.name,
            version=NEWER.version,
            digest=NEWER.digest,
            state=module_pb2.Firmware.RELEASED,
        )

    def ListProducts(
        self, request: catalog.ListProductsRequest, context: Any
    ) -> catalog.ListProductsResponse:
        looked_for = normalize("NFKC", request.search).lower()
        found = [
            product_pb2.Product(
                name=each.product, pid=each.pid, model=each.model, display_name=each.display_name
            )
            for each in self.offers.values()
            if looked_for in f"{each.pid} {each.model}".lower()
        ]
        return catalog.ListProductsResponse(products=found)


class AuthorizationDouble(AuthorizationServiceServicer):
    """Lets everybody order everything, unless told otherwise."""

    def __init__(self) -> None:
        self.certified, self.roles = True, [account_pb2.BUYER, account_pb2.RND]
        self.hidden: set[str] = set()
        self.project_managers: dict[str, str] = {}
        self.lacks: dict[str, authorization.PurchaseVerdict] = {}
        self.asked: list[authorization.CheckPurchaseRequest] = []
        self.explained: list[authorization.ExplainPermissionRequest] = []
        self.certification_pending = False
        self.tokens: list[object] = []
        self.validity: Validity | None = None

    def CheckPurchase(
        self, request: authorization.CheckPurchaseRequest, context: Any
    ) -> authorization.CheckPurchaseResponse:
        self.tokens.append(dict(context.invocation_metadata())["authorization"])
        self.asked.append(request)
        return authorization.CheckPurchaseResponse(
            enterprise=enterprise_pb2.Enterprise(
                name="enterprises/acme",
                legal_name="Acme Lighting GmbH",
                certified=self.certified,
                business_manager=BM,
                business_manager_display_name="Bo Manager",
                business_manager_email="bo@vendor.example",
                project_manager=PM,
            ),
            project_managers=self.project_managers,
            validity=self.validity,
            verdicts=[
                self.lacks.get(name)
                or authorization.PurchaseVerdict(
                    product=name, visible=name not in self.hidden, roles=self.roles
                )
                for name in request.products
            ],
        )

    def ExplainPermission(
        self, request: authorization.ExplainPermissionRequest, context: Any
    ) -> authorization.ExplainPermissionResponse:
        self.explained.append(request)
        asked = authorization.CheckPurchaseRequest(products=request.products)
        return authorization.ExplainPermissionResponse(
            permission=self.CheckPurchase(asked, context),
            administrators=["Ada Admin"],
            certification_pending=self.certification_pending,
        )


def offer_message(offer: Offer) -> product_pb2.Offer:
    """Return what the catalogue answers."""
    return product_pb2.Offer(
        **{
            name: value
            for name, value in vars(offer).items()
            if name != "tiers" and not name.startswith("license_type")
        }
        | {
            "owner": f"enterprises/{offer.owner}",
            "lifecycle": offer.lifecycle.name,
            "firmware_state": offer.firmware_state.name if offer.firmware_state else 0,
            "price_tiers": _tiers(offer.tiers),
        }
    )


def license_message(sold: License) -> LicenseType:
    """Return what the catalogue answers about a licence type."""
    return LicenseType(
        name=sold.name,
        sku=sold.name.rpartition("/")[2],
        display_name=sold.display_name,
        minimum_quantity=sold.minimum_quantity,
        lead_time_days=sold.lead_time_days,
        price_tiers=_tiers(sold.tiers),
    )


def _tiers(tiers: Iterable[PriceTier]) -> list[module_pb2.PriceTier]:
    return [
        module_pb2.PriceTier(
            from_quantity=tier.from_quantity, unit_price=money_message(tier.unit_price)
        )
        for tier in tiers
    ]


def service_message(offer: ServiceOffer) -> ValueAddedService:
    """Return a service as the catalogue answers it."""
    return ValueAddedService(
        name=offer.service,
        display_name=offer.display_name,
        description=offer.description,
        purposes=sorted(pb.Purpose.Value(purpose.name) for purpose in offer.purposes),
        modules=offer.modules,
        minimum_quantity=offer.minimum_quantity,
        added_lead_time_days=offer.added_lead_time_days,
        state=ValueAddedService.ACTIVE,
        charge=Charge(
            price_tiers=_tiers(offer.tiers),
            price_per_order=_fee_message(offer.price_per_order),
            setup_fee=_fee_message(offer.setup_fee),
        ),
    )


def _fee_message(fee: Money | None) -> MoneyMessage | None:
    return None if fee is None else money_message(fee)


class Desk:
    """Ordering over a real channel, on a real database."""

    def __init__(
        self, databases: Databases, serving: Serving, peer: Peer, passport_keys: Path
    ) -> None:
        # Doubles answer only what ordering asks.
        self.catalog = CatalogDouble()  # type: ignore[abstract]
        self.authorization = AuthorizationDouble()  # type: ignore[abstract]
        self.database = databases(service, settings=OrderingSettings(passport_keys=passport_keys))
        peers = peer(self.catalog, self.authorization)
        self.served = serving(service, self.database, peers=peers, passport_keys=passport_keys)
        self._heard: dict[str, int] = {}
        self._numbers = count(1)

    def ask(self, who: Caller = BUYER) -> OrderingServiceStub:
        return self.served.stub(OrderingServiceStub, as_=who)

    def create(
        self,
        *wanted: tuple[str, int],
        who: Caller = BUYER,
        form: bool = True,
        services: Iterable[str] = (),
        **more: Any,
    ) -> pb.Order:
        on_top = [pb.OrderLineService(service=each) for each in services]
        order = pb.Order(
            purpose=pb.MASS_PRODUCTION,
            lines=[
                pb.OrderLine(product=p, quantity=n, services=on_top)
                for p, n in wanted or ((PLUG, 100),)
            ],
            form=form_message(self.a_new_form()) if form else None,
        )
        return self.ask(who).CreateOrder(
            rpc.CreateOrderRequest(parent=f"enterprises/{who.enterprise}", order=order, **more)
        )

    def a_new_form(self, **parts: Any) -> OrderForm:
        """Return a form with numbers of its own, so that its order looks like no earlier one."""
        number = next(self._numbers)
        known = {"po_no": f"PO-{number}", "customer_batch_no": f"B-{number}"}
        return a_form(**(known | parts))

    def submit(self, order: pb.Order, who: Caller = BUYER, **more: Any) -> pb.Order:
        return self.ask(who).SubmitOrder(rpc.SubmitOrderRequest(name=order.name, **more))

    def submitted(self, *wanted: tuple[str, int], services: Iterable[str] = ()) -> pb.Order:
        return self.submit(self.create(*wanted, services=services))

    def confirmed(self) -> pb.Order:
        order = self.submitted((PLUG, 100), (LAMP, 1000))
        self.ask(MANAGER).ConfirmPrice(rpc.ConfirmPriceRequest(name=order.name))
        return self.ask(ENGINEER).ConfirmSoftware(rpc.ConfirmSoftwareRequest(name=order.name))

    def get(self, order: pb.Order, who: Caller = BUYER) -> pb.Order:
        return self.ask(who).GetOrder(rpc.GetOrderRequest(name=order.name))

    def hear(self, *events: Message, of: str) -> list[Envelope]:
        """Hear `events` of the aggregate `of` as the inbox delivers them."""
        letters = []
        for event in events:
            self._heard[of] = self._heard.get(of, 0) + 1
            letters.append(heard(event, aggregate=of, sequence=self._heard[of]))
        self.receive(*letters)
        return letters

    def receive(self, *letters: Envelope) -> None:
        Inbox(self.database, service.reactions, service.name).receive(letters)

    def letters(self) -> list[Envelope]:
        """Return what ordering announced, in order."""
        with self.database.transaction(EVERYTHING) as tx:
            bodies = tx.scalars(sa.select(outbox.c.body).order_by(outbox.c.position)).all()
        return [Envelope.from_dict(body) for body in bodies]

    def told(self) -> list[str]:
        """Return what ordering announced, by name."""
        return [letter.type.rpartition(".")[2] for letter in self.letters()]


def request_id() -> str:
    return str(new_id())
