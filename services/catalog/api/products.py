"""Products over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from sqlalchemy.orm import Session

from services.catalog.api.roles import ADMINISTRATOR, COMPLETERS, DEVELOPERS
from services.catalog.commands import products as commands
from services.catalog.domain.impact import Impact
from services.catalog.domain.product import Product
from services.catalog.queries import products as queries
from services.catalog.queries.impact import preview_return
from services.catalog.store import Products
from services.catalog.wire.impact import impact_message
from services.catalog.wire.products import (
    build_from,
    labels_from,
    owners_message,
    product_message,
    products_message,
    wanted_from,
)
from shared.caller import ANY_ROLE, STAFF_ROLES, Caller
from shared.paging import Page
from shared.rpc import Servicer, command, query


class ProductRpcs(Servicer):
    """What customers build, and how far its development is."""

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
            wanted=wanted_from(request, caller),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=owners_message, allow=ANY_ROLE)
    def ListProductOwners(
        self, request: pb.ListProductOwnersRequest, tx: Session, caller: Caller
    ) -> list[tuple[str, str | None]]:
        return queries.list_product_owners(tx, caller=caller, parent=request.parent)

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

    @command(answer=product_message, allow=COMPLETERS)
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
            tx,
            caller=caller,
            name=request.name,
            reason=request.reason,
            etag=request.etag,
            seen=request.impact,
        )

    @query(answer=impact_message, allow=ADMINISTRATOR | STAFF_ROLES)
    def PreviewReturn(
        self, request: pb.PreviewReturnRequest, tx: Session, caller: Caller
    ) -> Impact:
        return preview_return(tx, caller=caller, name=request.name)
