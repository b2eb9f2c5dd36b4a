"""The vendor's own people, as pages call them."""

from collections.abc import Mapping

from millrun.authorization.v1.account_pb2 import Account, Role
from millrun.authorization.v1.authorization_pb2 import ListStaffRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from starlette.requests import Request

from shared.web import Part, _, visitor
from shared.web.together import Question

STAFF: Question = (AuthorizationServiceStub, "ListStaff", ListStaffRequest(page_size=200))
"""Asks for all of them."""


def names(request: Request, staff: Part) -> Mapping[str, str]:
    """Return how each account of the vendor is called; the reader is `you`."""
    accounts: list[Account] = list(staff.answer.accounts) if staff.answer else []
    called = {account.name: account.display_name or account.email for account in accounts}
    return {**called, visitor(request).account: _("you")}


def with_role(staff: Part, role: "Role.ValueType") -> list[tuple[str, str]]:
    """Return the vendor's people with a role, to choose from."""
    accounts = staff.answer.accounts if staff.answer else []
    found = [each for each in accounts if role in each.staff_roles]
    return [(each.name, each.display_name or each.email) for each in found]
