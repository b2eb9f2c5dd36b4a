"""Where all there is in fulfillment is kept: tables, mapping, repositories."""

from services.fulfillment.store.columns import mapper
from services.fulfillment.store.licenses import (
    LicenseIssues,
    Licenses,
    license_entries,
    license_issues,
    licenses,
)
from services.fulfillment.store.making import (
    Shipments,
    WorkOrders,
    batches,
    shipments,
    to_be_shipped,
    units,
    work_orders,
)

__all__ = [
    "LicenseIssues",
    "Licenses",
    "Shipments",
    "WorkOrders",
    "batches",
    "license_entries",
    "license_issues",
    "licenses",
    "mapper",
    "shipments",
    "to_be_shipped",
    "units",
    "work_orders",
]
