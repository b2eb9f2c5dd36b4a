"""Products in and out of protobuf."""

from collections.abc import Iterable

from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import product_pb2

from services.catalog.commands.products import Labels
from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.product import Lifecycle, Product
from services.catalog.queries.finding import Wanted
from services.catalog.wire.firmware import trust
from shared.caller import Caller
from shared.paging import Page
from shared.wire import time_message


def product_message(product: Product) -> product_pb2.Product:
    """Return a product as it is answered."""
    firmware = product.firmware
    return product_pb2.Product(
        name=product.name,
        pid=product.pid,
        display_name=product.display_name,
        lifecycle=product_pb2.Product.Lifecycle.Value(product.lifecycle.name),
        build=_build_message(product.build),
        model=product.model,
        customer_name=product.customer_name,
        notes=product.notes,
        create_time=time_message(product.created_at),
        etag=product.etag,
        owner=product.owner,
        owner_legal_name=product.owner_legal_name or "",
        firmware_version=firmware.version_name if firmware else "",
        firmware_state=trust(firmware),
    )


def products_message(page: Page[Product]) -> service_pb.ListProductsResponse:
    """Return a page of products."""
    return service_pb.ListProductsResponse(
        products=map(product_message, page.items), next_page_token=page.next_token
    )


def owners_message(
    owners: Iterable[tuple[str, str | None]],
) -> service_pb.ListProductOwnersResponse:
    """Return who owns products."""
    return service_pb.ListProductOwnersResponse(
        owners=(
            product_pb2.ProductOwner(owner=f"enterprises/{owner}", legal_name=legal_name or "")
            for owner, legal_name in owners
        )
    )


def build_from(message: product_pb2.BuildConfiguration) -> BuildConfiguration:
    """Read what is built into a product."""
    return BuildConfiguration(
        module=message.module,
        firmware=message.firmware,
        panel=message.panel,
        data_points=tuple(message.data_points),
    )


def labels_from(message: product_pb2.Product | service_pb.LabelProductRequest) -> Labels:
    """Read what a product is called."""
    return Labels(model=message.model, customer_name=message.customer_name, notes=message.notes)


def wanted_from(
    request: service_pb.ListProductsRequest | service_pb.ExportProductsRequest, caller: Caller
) -> Wanted:
    """Read which products are wanted, of those `caller` may see."""
    asked = {request.lifecycle, *request.lifecycles} - {product_pb2.Product.LIFECYCLE_UNSPECIFIED}
    known = product_pb2.Product.Lifecycle
    return Wanted(
        owner=request.owner,
        lifecycles=frozenset(Lifecycle[known.Name(each)] for each in asked & {*known.values()}),
        search=request.search,
        pid=request.pid,
        model=request.model,
        customer_name=request.customer_name,
        orderable_by=caller if request.orderable else None,
        not_orderable_by=caller if request.not_orderable else None,
    )


def _build_message(build: BuildConfiguration | None) -> product_pb2.BuildConfiguration | None:
    if build is None:
        return None
    return product_pb2.BuildConfiguration(
        module=build.module,
        firmware=build.firmware,
        panel=build.panel,
        data_points=build.data_points,
    )
