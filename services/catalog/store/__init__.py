"""Where modules, firmware and products are kept: tables, mapping, repositories."""

from services.catalog.store.columns import mapper
from services.catalog.store.firmware import FirmwareVersions, firmware
from services.catalog.store.modules import Modules, modules
from services.catalog.store.products import PRODUCT, Products, associations, owners, products

__all__ = [
    "PRODUCT",
    "FirmwareVersions",
    "Modules",
    "Products",
    "associations",
    "firmware",
    "mapper",
    "modules",
    "owners",
    "products",
]
