"""Where the page of a resource is, and which resource a page is about."""

from starlette.requests import Request

COLLECTIONS = {
    "orders": "orders",
    "contracts": "contracts",
    "paymentPlans": "payments",
    "invoices": "invoices",
    "refunds": "refunds",
    "receivables": "receivables",
    "workOrders": "work-orders",
    "licenseIssues": "licenseIssues",
    "certifications": "certifications",
    "products": "products",
    "projects": "projects",
    "suggestions": "suggestions",
}
"""Collections of resource names, and how they are called in addresses."""


def page_of(name: str) -> str:
    """Return the address of the page that shows `name`; empty if there is none.

    >>> page_of("enterprises/acme/workOrders/7")
    '/work-orders/acme/7'
    """
    match name.split("/"):
        case ["enterprises", enterprise, collection, one] if collection in COLLECTIONS:
            return f"/{COLLECTIONS[collection]}/{enterprise}/{one}"
        case ["enterprises", enterprise, "shipments", _] | ["enterprises", enterprise]:
            return f"/enterprises/{enterprise}"
        case ["modules", module, *_]:
            return f"/modules/{module}"
        case ["licenseTypes" | "valueAddedServices" | "priceLists", _]:
            return f"/{name}"
    return ""


def named(request: Request, collection: str) -> str:
    """Return the name of the resource in `collection` that this page's address says."""
    return f"{parent(request)}/{collection}/{request.path_params['id']}"


def parent(request: Request) -> str:
    """Return the name of the enterprise in this page's address."""
    return f"enterprises/{request.path_params['enterprise']}"
