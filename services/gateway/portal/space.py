"""Where the reader acts, and the names of what lives there."""

from starlette.requests import Request

from shared.caller import CUSTOMER_ROLES, STAFF_ROLES, Role
from shared.web import visitor

CUSTOMERS = CUSTOMER_ROLES
"""Pages for everybody who acts in an enterprise's space."""

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
COMPLETERS = frozenset({Role.ADMINISTRATOR, Role.DEVELOPMENT_COMPLETER})
"""Who completes development: administrators, and R&D people they allow to (A13)."""

DEVELOPERS = frozenset({Role.ADMINISTRATOR, Role.RND})
ORDERERS = frozenset({Role.BUYER, Role.RND})
PAYERS = frozenset({Role.BUYER, Role.ENTERPRISE_FINANCE})
SIGNERS = frozenset({Role.BUYER, Role.ADMINISTRATOR})

MOST = 200
"""As many as a service returns at once: what a page that offers a choice asks for."""


def own(request: Request, kind: str = "", id_: str = "") -> str:
    """Return the name of the enterprise acted for, or of something below it.

    >>> own(request, "orders", "7")
    'enterprises/acme/orders/7'
    """
    space = visitor(request).space
    parts = [space.name if space else "enterprises/-", kind, id_]
    return "/".join(part for part in parts if part)


def from_path(request: Request, kind: str, part: str) -> str:
    """Return the name of the `kind` whose last part stands in the address as `part`."""
    return own(request, kind, request.path_params[part])


def product_of(request: Request) -> str:
    """Return the product a page is about; its owner stands in the address, too."""
    return f"enterprises/{request.path_params['owner']}/products/{request.path_params['pid']}"


def product_page(product: str) -> str:
    """Return the address of a product's page."""
    _, owner, _, pid = product.split("/")
    return f"/products/{owner}/{pid}"


def is_staff(request: Request) -> bool:
    """Whether the reader is one of the vendor's own people, who work on the console."""
    return visitor(request).has(*STAFF_ROLES)
