"""Where all there is in the catalogue is kept: tables, mapping, repositories."""

from services.catalog.store.around import grants, manufacturers, open_orders, partners
from services.catalog.store.columns import mapper
from services.catalog.store.firmware import FirmwareVersions, firmware
from services.catalog.store.modules import Modules, modules
from services.catalog.store.prices import (
    PriceLists,
    Terms,
    customer_terms,
    price_entries,
    price_lists,
)
from services.catalog.store.products import (
    PART,
    PRODUCT,
    Owners,
    Products,
    associations,
    owners,
    product_parts,
    products,
)
from services.catalog.store.sold import LicenseTypes, Services, license_types, services

__all__ = [
    "PART",
    "PRODUCT",
    "FirmwareVersions",
    "LicenseTypes",
    "Modules",
    "Owners",
    "PriceLists",
    "Products",
    "Services",
    "Terms",
    "associations",
    "customer_terms",
    "firmware",
    "grants",
    "license_types",
    "manufacturers",
    "mapper",
    "modules",
    "open_orders",
    "owners",
    "partners",
    "price_entries",
    "price_lists",
    "product_parts",
    "products",
    "services",
]
