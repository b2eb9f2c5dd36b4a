"""Products to choose from, on forms that name some: the newest ones, or those looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from millrun.catalog.v1.catalog_pb2 import (
    GetProductRequest,
    ListProductsRequest,
    ListProductsResponse,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.product_pb2 import Product
from starlette.requests import Request

from shared.web.formats import last
from shared.web.together import Question, together

MOST = 200
"""As many as the catalogue returns at once."""

MOST_NAMED = 50
"""So many that are chosen and not listed are asked for by name; the others are called by PID."""


@dataclass(frozen=True)
class Offer:
    """What a form offers."""

    products: Sequence[tuple[str, Product]]
    """What each is called among services, and what is known of it: at least its PID."""

    searchable: bool
    """Whether there are more than are listed, so that one has to look for the others."""

    most: int = MOST
    """How many are listed at most."""


def products_of(request: Request, parent: str, owner: str = "") -> Question:
    """Ask for the products an enterprise owns or may order, or those the form looks for.

    With `owner`, only for those it owns.
    """
    sent = request.state.form
    asked = ListProductsRequest(
        parent=parent, owner=owner, page_size=MOST, search=sent["q"] if sent else ""
    )
    return CatalogServiceStub, "ListProducts", asked


def offer(request: Request, listed: ListProductsResponse, chosen: Sequence[str] = ()) -> Offer:
    """Offer what is listed, after what is chosen and not listed: saving must not take that away.

    It is beyond the end of the list, not among what is looked for, or not open any more.
    """
    sent = request.state.form
    chosen = sent.all("products") if sent else chosen
    rest = sorted(set(chosen) - {each.name for each in listed.products})
    asked = {
        name: (CatalogServiceStub, "GetProduct", GetProductRequest(name=name))
        for name in rest[:MOST_NAMED]
    }
    found = together(request, **asked)
    named = [(name, found[name].answer if name in found else None) for name in rest]
    return Offer(
        products=[
            *((name, known or Product(pid=last(name))) for name, known in named),
            *((each.name, each) for each in listed.products),
        ],
        searchable=bool(listed.next_page_token or (sent and sent["q"])),
    )
