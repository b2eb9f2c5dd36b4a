"""Customers to choose from: all there are, each called so that it is no other's name."""

from collections import Counter
from collections.abc import Iterable

from millrun.authorization.v1.authorization_pb2 import ListEnterprisesRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from starlette.requests import Request

from shared.web import call
from shared.web.formats import last

AT_ONCE = 200
"""As many as authorization returns at once."""


def every_customer(request: Request) -> list[Enterprise]:
    """Return all enterprises, the newest first: what is not offered cannot be chosen."""
    found: list[Enterprise] = []
    asked = ListEnterprisesRequest(page_size=AT_ONCE)
    while True:
        listed = call(request, AuthorizationServiceStub, "ListEnterprises", asked)
        found += listed.enterprises
        if not listed.next_page_token:
            return found
        asked.page_token = listed.next_page_token


def to_choose(enterprises: Iterable[Enterprise]) -> list[tuple[str, str]]:
    """Return enterprises by legal name, and by their id where two have the same."""
    every = list(enterprises)
    bearers = Counter(each.legal_name for each in every)
    return [
        (
            each.name,
            each.legal_name + (f" · {last(each.name)}" if bearers[each.legal_name] > 1 else ""),
        )
        for each in every
    ]
