"""Which product is meant by a PID or a model: asked of the catalogue, before a command (R37)."""

from collections.abc import Iterable
from contextvars import copy_context
from functools import partial
from unicodedata import normalize

from millrun.catalog.v1.catalog_pb2 import ListProductsRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub

from services.ordering.asking import beside
from services.ordering.domain.meant import MOST_CHOICES, AmbiguousModel, Meant, NoSuchProduct
from shared.clients import Clients
from shared.errors import Refusal


def meant_by(clients: Clients, parent: str, texts: Iterable[str]) -> Meant:
    """Return which product each of `texts` names, by PID or else by model."""
    ask = partial(_meant, clients, parent)
    asked = {text: beside.submit(copy_context().run, ask, text) for text in dict.fromkeys(texts)}
    return {text: answer.result() for text, answer in asked.items()}


def _meant(clients: Clients, parent: str, text: str) -> str | Refusal:
    request = ListProductsRequest(parent=parent, search=text, page_size=200)
    found = clients.of(CatalogServiceStub).ListProducts(request).products
    named = _folded(text)
    if by_pid := [each for each in found if _folded(each.pid) == named]:
        return str(by_pid[0].name)
    by_model = [each for each in found if _folded(each.model) == named]
    if len(by_model) == 1:
        return str(by_model[0].name)
    if not by_model:
        return NoSuchProduct(text=text)
    choices = ", ".join(f"{each.pid} ({each.display_name})" for each in by_model[:MOST_CHOICES])
    return AmbiguousModel(text=text, choices=choices)


def _folded(text: str) -> str:
    """Return a PID or model as the catalogue looks for it: case and full width do not matter."""
    return " ".join(normalize("NFKC", text).casefold().split())
