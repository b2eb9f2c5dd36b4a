"""Catalog over gRPC."""

from collections.abc import Sequence
from typing import Any

import grpc
import sqlalchemy as sa
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import catalog_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from services.catalog import commands, queries
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.module import Module
from services.catalog.domain.product import Product
from services.catalog.store import Modules, Products
from services.catalog.wire import (
    build_from,
    firmware_message,
    firmwares_message,
    labels_from,
    lifecycle_from,
    module_message,
    modules_message,
    offers_message,
    product_message,
    products_message,
    tiers_from,
)
from shared.caller import ANY_ROLE, Caller, Role
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query
from shared.service import Runtime

PROJECT_MANAGER = frozenset({Role.PROJECT_MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
DEVELOPERS = frozenset({Role.RND, Role.ADMINISTRATOR})


class CatalogService(Servicer, pb_grpc.CatalogServiceServicer):
    """See `millrun/catalog/v1/catalog.proto`: who may call what, and what it leaves."""

    @query(answer=modules_message, allow=SIGNED_IN)
    def ListModules(
        self, request: pb.ListModulesRequest, tx: Session, caller: Caller
    ) -> Page[Module]:
        return queries.list_modules(tx, size=request.page_size, token=request.page_token)

    @query(answer=module_message, allow=SIGNED_IN)
    def GetModule(self, request: pb.GetModuleRequest, tx: Session, caller: Caller) -> Module:
        return Modules(tx).get(request.name)

    @command(answer=module_message, allow=PROJECT_MANAGER)
    def CreateModule(self, request: pb.CreateModuleRequest, tx: Session, caller: Caller) -> Module:
        return commands.create_module(
            tx,
            module_id=request.module_id,
            display_name=request.module.display_name,
            description=request.module.description,
            price_tiers=tiers_from(request.module.price_tiers),
            minimum_quantity=request.module.minimum_quantity,
            packing_unit=request.module.packing_unit,
            lead_time_days=request.module.lead_time_days,
        )

    @query(answer=firmwares_message, allow=SIGNED_IN)
    def ListFirmware(
        self, request: pb.ListFirmwareRequest, tx: Session, caller: Caller
    ) -> Page[Firmware]:
        return queries.list_firmware(
            tx, parent=request.parent, size=request.page_size, token=request.page_token
        )

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def CreateFirmware(
        self, request: pb.CreateFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        return commands.create_firmware(
            tx,
            parent=request.parent,
            version=request.firmware.version,
            digest=request.firmware.digest,
        )

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def ReleaseFirmware(
        self, request: pb.ReleaseFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        return commands.release_firmware(tx, name=request.name, etag=request.etag)

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def RetireFirmware(
        self, request: pb.RetireFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        return commands.retire_firmware(tx, name=request.name, etag=request.etag)

    @command(answer=product_message, allow=DEVELOPERS)
    def CreateProduct(
        self, request: pb.CreateProductRequest, tx: Session, caller: Caller
    ) -> Product:
        return commands.create_product(
            tx,
            caller=caller,
            parent=request.parent,
            product_id=request.product_id,
            display_name=request.product.display_name,
            labels=labels_from(request.product),
            build=build_from(request.product.build) if request.product.HasField("build") else None,
        )

    @query(answer=product_message, allow=ANY_ROLE)
    def GetProduct(self, request: pb.GetProductRequest, tx: Session, caller: Caller) -> Product:
        return Products(tx).get(request.name)

    @query(answer=products_message, allow=ANY_ROLE)
    def ListProducts(
        self, request: pb.ListProductsRequest, tx: Session, caller: Caller
    ) -> Page[Product]:
        return queries.list_products(
            tx,
            caller=caller,
            parent=request.parent,
            owner=request.owner,
            lifecycle=lifecycle_from(request.lifecycle),
            search=request.search,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=product_message, allow=DEVELOPERS)
    def ConfigureProduct(
        self, request: pb.ConfigureProductRequest, tx: Session, caller: Caller
    ) -> Product:
        return commands.configure_product(
            tx,
            caller=caller,
            name=request.name,
            build=build_from(request.build),
            etag=request.etag,
        )

    @command(answer=product_message, allow=DEVELOPERS)
    def LabelProduct(self, request: pb.LabelProductRequest, tx: Session, caller: Caller) -> Product:
        return commands.label_product(
            tx, caller=caller, name=request.name, labels=labels_from(request), etag=request.etag
        )

    @command(answer=product_message, allow=ADMINISTRATOR)
    def CompleteDevelopment(
        self, request: pb.CompleteDevelopmentRequest, tx: Session, caller: Caller
    ) -> Product:
        return commands.complete_development(
            tx, caller=caller, name=request.name, etag=request.etag
        )

    @command(answer=product_message, allow=ADMINISTRATOR)
    def ReleaseProduct(
        self, request: pb.ReleaseProductRequest, tx: Session, caller: Caller
    ) -> Product:
        return commands.release_product(tx, caller=caller, name=request.name, etag=request.etag)

    @command(answer=product_message, allow=ADMINISTRATOR)
    def ReturnProduct(
        self, request: pb.ReturnProductRequest, tx: Session, caller: Caller
    ) -> Product:
        return commands.return_product(
            tx, caller=caller, name=request.name, reason=request.reason, etag=request.etag
        )

    @query(answer=offers_message, allow=ANY_ROLE)
    def BatchGetOffers(
        self, request: pb.BatchGetOffersRequest, tx: Session, caller: Caller
    ) -> Sequence[sa.Row[Any]]:
        return queries.batch_get_offers(tx, names=request.products)


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Answer catalog's calls on `server`."""
    pb_grpc.add_CatalogServiceServicer_to_server(CatalogService(runtime), server)
