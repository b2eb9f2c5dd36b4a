"""Where modules, firmware and products are kept: tables, mapping, repositories."""

from services.catalog.store.around import grants, manufacturers, open_orders, partners
from services.catalog.store.columns import mapper
from services.catalog.store.firmware import FirmwareVersions, firmware
from services.catalog.store.modules import Modules, modules
from services.catalog.store.products import (
    PART,
    PRODUCT,
    Products,
    associations,
    owners,
    product_parts,
    products,
)

__all__ = [
    "PART",
    "PRODUCT",
    "FirmwareVersions",
    "Modules",
    "Products",
    "associations",
    "firmware",
    "grants",
    "manufacturers",
    "mapper",
    "modules",
    "open_orders",
    "owners",
    "partners",
    "product_parts",
    "products",
]
