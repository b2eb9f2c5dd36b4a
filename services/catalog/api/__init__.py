"""Catalog over gRPC."""

import grpc
from millrun.catalog.v1 import catalog_pb2_grpc as pb_grpc

from services.catalog.api.firmware import FirmwareRpcs
from services.catalog.api.license_types import LicenseTypeRpcs
from services.catalog.api.modules import ModuleRpcs
from services.catalog.api.offers import OfferRpcs
from services.catalog.api.price_lists import PriceListRpcs
from services.catalog.api.products import ProductRpcs
from services.catalog.api.sheets import SheetRpcs
from services.catalog.api.value_added_services import ValueAddedServiceRpcs
from shared.service import Runtime


class CatalogService(
    ModuleRpcs,
    FirmwareRpcs,
    LicenseTypeRpcs,
    ValueAddedServiceRpcs,
    PriceListRpcs,
    ProductRpcs,
    SheetRpcs,
    OfferRpcs,
    pb_grpc.CatalogServiceServicer,
):
    """Everything catalog can be asked: see `millrun/catalog/v1/catalog.proto`."""


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Answer catalog's calls on `server`."""
    pb_grpc.add_CatalogServiceServicer_to_server(CatalogService(runtime), server)
