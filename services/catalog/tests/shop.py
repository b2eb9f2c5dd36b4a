"""Catalog as people meet it: asked over a channel, and told what other services announce."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message
from google.type.money_pb2 import Money
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import module_pb2, price_list_pb2, product_pb2, value_added_service_pb2
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub

from services.catalog.service import service
from services.catalog.settings import CatalogSettings
from services.catalog.tests.builders import DIGEST
from shared.caller import Caller, Role
from shared.events import Envelope
from shared.ids import new_id
from shared.inbox import Inbox
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.databases import Databases
from shared.testing.golden import example, heard
from shared.testing.serving import Serving

ADMIN, RND, BUYER = caller(Role.ADMINISTRATOR), caller(Role.RND), caller(Role.BUYER)
MAKER = caller(Role.BUYER, enterprise="maker")
MAKER_ADMIN = caller(Role.ADMINISTRATOR, enterprise="maker")
STRANGER = caller(Role.ADMINISTRATOR, enterprise="globex")
MANAGER, SELLER = caller(Role.PROJECT_MANAGER), caller(Role.BUSINESS_MANAGER)


class Shop:
    """Catalog over a real channel, on a real database."""

    def __init__(self, databases: Databases, serving: Serving) -> None:
        settings = CatalogSettings(currency="EUR")
        self.database = databases(service, settings=settings)
        self.owner_url = databases.access(service.name).owner_url
        self.served = serving(service, self.database)

    def ask(self, who: Caller) -> CatalogServiceStub:
        return self.served.stub(CatalogServiceStub, as_=who)

    def hear(self, event: Message, aggregate: str, sequence: int = 1) -> None:
        """Hear `event` as the inbox delivers it."""
        letter = heard(event, aggregate=aggregate, sequence=sequence)
        Inbox(self.database, service.reactions, service.name).receive([letter])

    def told(self) -> list[str]:
        """What catalog announced, by name and in order."""
        with self.database.transaction(EVERYTHING) as tx:
            types = tx.scalars(sa.select(outbox.c.type).order_by(outbox.c.position))
            return [type_.rpartition(".")[2] for type_ in types]

    def last_told(self) -> Any:
        """What catalog announced last."""
        with self.database.transaction(EVERYTHING) as tx:
            bodies = sa.select(outbox.c.body).order_by(outbox.c.position.desc())
            return Envelope.from_dict(tx.scalars(bodies.limit(1)).one()).open()

    def a_module(self, module_id: str = "wr3e", **more: Any) -> module_pb2.Module:
        """A module with a price: what a manager of the vendor sees of it."""
        module = module_pb2.Module(
            display_name="WR3E Wi-Fi module",
            minimum_quantity=100,
            packing_unit=50,
            lead_time_days=14,
        )
        request = pb.CreateModuleRequest(module=module, module_id=module_id, **more)
        created = self.ask(MANAGER).CreateModule(request)
        self.general_list([an_entry(created.name)])
        return self.ask(MANAGER).GetModule(pb.GetModuleRequest(name=created.name))

    def general_list(self, entries: Iterable[price_list_pb2.PriceEntry] = ()) -> str:
        """Return the name of the one list everybody buys by, with these prices in it."""
        ask = self.ask(SELLER)
        found = ask.ListPriceLists(pb.ListPriceListsRequest(enterprise="enterprises/-"))
        name = found.price_lists[0].name if found.price_lists else self.a_price_list().name
        if entries:
            ask.SetPrices(pb.SetPricesRequest(name=name, entries=entries))
        return name

    def a_price_list(
        self, entries: Iterable[price_list_pb2.PriceEntry] = (), **more: Any
    ) -> price_list_pb2.PriceList:
        wanted = {"display_name": "List prices", "currency": "EUR", **more}
        prices = price_list_pb2.PriceList(**wanted, entries=entries)
        return self.ask(SELLER).CreatePriceList(pb.CreatePriceListRequest(price_list=prices))

    def know(self, enterprise: str, legal_name: str = "Acme Ltd") -> None:
        """Hear of an enterprise."""
        event = example(authorization.EnterpriseCreated)
        event.enterprise, event.legal_name = f"enterprises/{enterprise}", legal_name
        self.hear(event, event.enterprise)

    def a_firmware(
        self, module: module_pb2.Module, version: str = "2.4.1", *, released: bool = True
    ) -> module_pb2.Firmware:
        firmware = self.ask(MANAGER).CreateFirmware(
            pb.CreateFirmwareRequest(
                parent=module.name,
                firmware=module_pb2.Firmware(version=version, digest=DIGEST),
            )
        )
        if not released:
            return firmware
        return self.ask(MANAGER).ReleaseFirmware(pb.ReleaseFirmwareRequest(name=firmware.name))

    def a_product(
        self,
        firmware: module_pb2.Firmware | None = None,
        *,
        who: Caller = ADMIN,
        pid: str = "",
        **more: Any,
    ) -> product_pb2.Product:
        """A product in development; configured if `firmware` is given."""
        product = product_pb2.Product(**{"display_name": "Smart plug", "model": "SP-1", **more})
        if firmware is not None:
            product.build.MergeFrom(a_build(firmware))
        return self.ask(who).CreateProduct(
            pb.CreateProductRequest(
                parent=f"enterprises/{who.enterprise}", product=product, product_id=pid
            )
        )

    def associate(
        self, product: product_pb2.Product, association: str = "", manufacturer: str = "maker"
    ) -> str:
        """Hear that a manufacturer may order `product`; return the association's name."""
        name = association or an_association(manufacturer)
        event = example(authorization.ProductAssociated)
        event.association, event.product, event.owner = name, product.name, product.owner
        event.manufacturer = f"enterprises/{manufacturer}"
        self.hear(event, name)
        return name

    def dissociate(self, association: str, product: product_pb2.Product) -> None:
        """Hear that the association ended."""
        event = example(authorization.ProductDissociated)
        event.association, event.product = association, product.name
        event.manufacturer = association.partition("/productAssociations/")[0]
        self.hear(event, association, sequence=2)

    def listed(self, who: Caller, **more: Any) -> list[str]:
        """The names of the products `who` finds in their space, or where they say."""
        request = pb.ListProductsRequest(**{"parent": f"enterprises/{who.enterprise}", **more})
        return [product.name for product in self.ask(who).ListProducts(request).products]


def an_entry(item: str, *tiers: module_pb2.PriceTier, **more: Money) -> price_list_pb2.PriceEntry:
    """What an item costs; 2.40 and, from 1,000 on, 2.10 if nothing is said."""
    usual = () if more else (a_tier(1, 400_000_000), a_tier(1000, 100_000_000))
    charge = value_added_service_pb2.Charge(price_tiers=tiers or usual, **more)
    return price_list_pb2.PriceEntry(item=item, charge=charge)


def a_tier(from_quantity: int, nanos: int) -> module_pb2.PriceTier:
    price = Money(currency_code="EUR", units=2, nanos=nanos)
    return module_pb2.PriceTier(from_quantity=from_quantity, unit_price=price)


def a_build(firmware: module_pb2.Firmware, /, **more: Any) -> product_pb2.BuildConfiguration:
    return product_pb2.BuildConfiguration(
        **{
            "module": firmware.name.partition("/firmware/")[0],
            "firmware": firmware.name,
            "panel": "smart-plug@3",
            "data_points": ["switch_1"],
            **more,
        }
    )


def an_association(manufacturer: str = "maker") -> str:
    return f"enterprises/{manufacturer}/productAssociations/{new_id()}"
