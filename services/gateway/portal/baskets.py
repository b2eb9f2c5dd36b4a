"""Orders being filled: which of them what the reader adds goes into (R56, A12)."""

from collections.abc import Collection, Mapping, Sequence

from millrun.ordering.v1.order_pb2 import Family, Order, OrderLine, Purpose
from millrun.ordering.v1.ordering_pb2 import (
    AddOrderLineRequest,
    CreateOrderRequest,
    ListOrdersRequest,
    ListOrdersResponse,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request

from services.gateway.portal.space import own
from shared.web import Form, call, visitor
from shared.web.formats import last

INTO = "into"
"""What an address says that the reader comes from, to add to it."""


def drafts(request: Request) -> ListOrdersRequest:
    """Return what is asked for the orders of the space that are being filled, newest first."""
    return ListOrdersRequest(parent=own(request), states=[Order.DRAFT], page_size=50)


def mine(request: Request, listed: ListOrdersResponse | None, *, licenses: bool) -> list[Order]:
    """Return those the reader fills, of licences or of modules; none if they cannot be listed."""
    account = visitor(request).account
    return [
        each
        for each in (listed.orders if listed else [])
        if each.buyer == account and (each.family == Family.LICENSE) == licenses
    ]


def come_from(request: Request, filled: Collection[Order]) -> Order | None:
    """Return the order the reader comes from, if it is still being filled."""
    wanted = request.query_params.get(INTO, "")
    return next((each for each in filled if last(each.name) == wanted), None)


def kept(into: Order | None) -> dict[str, str]:
    """Return what an address keeps of that."""
    return {INTO: last(into.name)} if into else {}


def for_owner(request: Request, filled: Sequence[Order], owner: str) -> Mapping[str, Order]:
    """Return what a product of `owner` is added to, by purpose: what one comes from, or the newest.

    An order without lines has no owner yet, and takes any.
    """
    fitting = [each for each in filled if each.owner in ("", owner)]
    here = come_from(request, fitting)
    ranked = [*reversed(fitting), *([here] if here else [])]
    return {Purpose.Name(each.purpose): each for each in ranked}


def add(
    request: Request,
    form: Form,
    line: OrderLine,
    family: "Family.ValueType" = Family.FAMILY_UNSPECIFIED,
) -> Order:
    """Add a line to the order a form says, or begin one with it; return that order."""
    order: Order
    if draft := _chosen(form):
        added = AddOrderLineRequest(name=draft, line=line, request_id=form["request_id"])
        order = call(request, OrderingServiceStub, "AddOrderLine", added)
    else:
        begun = Order(purpose=_purpose_of(form["purpose"]), family=family, lines=[line])
        created = CreateOrderRequest(
            parent=own(request), order=begun, request_id=form["request_id"]
        )
        order = call(request, OrderingServiceStub, "CreateOrder", created)
    return order


def _chosen(form: Form) -> str:
    """Return the order a form adds to; empty if it begins another one."""
    return "" if form["anew"] else form[f"draft_{form['purpose']}"]


def _purpose_of(name: str) -> "Purpose.ValueType":
    """Return the purpose a form says; unspecified for none there is."""
    return dict(Purpose.items()).get(name, Purpose.PURPOSE_UNSPECIFIED)
