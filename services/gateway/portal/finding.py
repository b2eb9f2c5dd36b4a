"""Which products a page is about: the filters of its form, as the catalogue is asked (R53-R56)."""

from typing import Any
from urllib.parse import urlencode

from millrun.catalog.v1.catalog_pb2 import ListProductOwnersRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.product_pb2 import Product
from starlette.requests import Request

from services.gateway.portal.space import own
from shared.web import Part
from shared.web.formats import last
from shared.web.together import Question

STAGES = dict(Product.Lifecycle.items()[1:])
"""Every lifecycle state by its name."""

ORDERABLE = [name for name in STAGES if name != "DEVELOPMENT"]
"""The states in which modules are bought in bulk."""

NAMES = {
    "q": "search",
    "owner": "owner",
    "pid": "pid",
    "model": "model",
    "customer": "customer_name",
}
"""The fields of a form by what the catalogue calls them."""


def filters(request: Request) -> dict[str, Any]:
    """Return what the reader looks for, as fields of a request to the catalogue."""
    asked = request.query_params
    wanted: dict[str, Any] = {field: asked.get(name, "") for name, field in NAMES.items()}
    stage = STAGES.get(asked.get("lifecycle", ""), Product.LIFECYCLE_UNSPECIFIED)
    return wanted | {"lifecycle": stage}


def is_filtered(request: Request) -> bool:
    """Whether the reader looks for anything in particular."""
    return any(request.query_params.get(name) for name in (*NAMES, "lifecycle"))


def query_of(request: Request, **more: str) -> str:
    """Return the filters as they stand in an address, with `more`."""
    asked = {name: request.query_params.get(name, "") for name in (*NAMES, "lifecycle")} | more
    return urlencode({name: value for name, value in asked.items() if value})


def owners_of(request: Request) -> Question:
    """Ask whose products the enterprise may order."""
    asked = ListProductOwnersRequest(parent=own(request))
    return CatalogServiceStub, "ListProductOwners", asked


def named(owners: Part) -> list[tuple[str, str]]:
    """Return owners with what they are called, to choose from; none if they cannot be asked for."""
    found = owners.answer.owners if owners.answer else []
    return [(each.owner, each.legal_name or last(each.owner)) for each in found]
