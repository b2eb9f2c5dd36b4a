"""The list of orders, and the same as a file."""

from collections.abc import Mapping
from pathlib import Path

from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import ListEnterprisesRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.ordering.v1.ordering_pb2 import (
    ExportOrdersRequest,
    ListOrdersRequest,
    ListOrdersResponse,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.customers import to_choose
from services.console.people import STAFF, with_role
from services.console.roles import MANAGERS
from services.console.whole import is_cut, whole
from shared.web import Nav, Pages, Part, _, call, page, visitor
from shared.web.files import file
from shared.web.formats import last
from shared.web.order_list import (
    Lists,
    asked_for,
    chips,
    file_name,
    found_or_refused,
    kind_of,
    query_of,
    told,
)
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

ROWS = 50
ALL = "enterprises/-"
CUSTOMERS: Question = (
    AuthorizationServiceStub,
    "ListEnterprises",
    ListEnterprisesRequest(page_size=200),
)


@pages.get("/orders", roles=MANAGERS, nav=Nav("Orders", icon="clipboard-list"))
def list_orders(request: Request) -> Response:
    """List the orders that are asked for, the newest first."""
    found = found_or_refused(request, lambda: _listed(request), ListOrdersResponse())
    parts = whole(request, staff=STAFF, customers=CUSTOMERS)
    customers, managers = _customers(request, parts), _managers(request, parts["staff"])
    shown = page(
        request,
        "orders.html",
        fragment="rows",
        found=found,
        lists=Lists(),
        customers=customers,
        most=len(customers) if is_cut(parts["customers"]) else 0,
        managers=managers,
        chips=chips(request, dict(customers) | dict(managers)),
        query=query_of(request),
    )
    return told(request, shown)


@pages.get("/orders/export", roles=MANAGERS)
def export_orders(request: Request) -> Response:
    """Return the orders as they are listed, as a file."""
    asked = ExportOrdersRequest(parent=_whose(request), **kind_of(request), **asked_for(request))
    return file(call(request, OrderingServiceStub, "ExportOrders", asked), file_name(request))


def _listed(request: Request) -> ListOrdersResponse:
    asked = ListOrdersRequest(
        parent=_whose(request),
        page_size=ROWS,
        page_token=request.query_params.get("page_token", ""),
        **asked_for(request),
    )
    found: ListOrdersResponse = call(request, OrderingServiceStub, "ListOrders", asked)
    return found


def _whose(request: Request) -> str:
    return request.query_params.get("customer", "") or ALL


def _customers(request: Request, parts: Mapping[str, Part]) -> list[tuple[str, str]]:
    """Return the customers to choose from, the one that is chosen always among them."""
    answer, chosen = parts["customers"].answer, request.query_params.get("customer", "")
    found = to_choose(answer.enterprises) if answer else []
    unknown = chosen and all(name != chosen for name, _called in found)
    return [*found, *([(chosen, last(chosen))] if unknown else [])]


def _managers(request: Request, staff: Part) -> list[tuple[str, str]]:
    """Return the business managers to choose from, the reader first."""
    own = visitor(request).account
    named = with_role(staff, Role.BUSINESS_MANAGER)
    mine = [(own, _("my customers"))] if any(name == own for name, _called in named) else []
    return [*mine, *((name, called) for name, called in named if name != own)]
