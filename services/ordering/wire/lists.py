"""Which orders are asked for, in and out of protobuf."""

from typing import Literal

from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.listing import Wanted, order_from
from services.ordering.domain.words import Family, Party, Purpose, State
from services.ordering.queries import Format
from services.ordering.wire import name_of
from shared.money import Money
from shared.names import parse
from shared.wire import money_from, time_from

Asked = rpc.ListOrdersRequest | rpc.ExportOrdersRequest
_STATE, _PARTY = pb.Order.State.DESCRIPTOR, pb.WaitingOn.Party.DESCRIPTOR
_PURPOSE, _FAMILY = pb.Purpose.DESCRIPTOR, pb.Family.DESCRIPTOR


def wanted_from(request: Asked) -> Wanted:
    """Read which orders are wanted; refuses what no order can be."""
    return Wanted(
        states=frozenset(State[name_of(_STATE, each)] for each in request.states),
        purposes=frozenset(Purpose[name_of(_PURPOSE, each)] for each in request.purposes),
        family=Family[name_of(_FAMILY, request.family)] if request.family else None,
        product=_product(request.product),
        owner=parse("enterprises/*", request.owner)[0] if request.owner else "",
        order_no=request.order_no,
        po_no=request.po_no,
        customer_batch_no=request.customer_batch_no,
        contract_no=request.contract_no,
        business_manager=_named("accounts/*", request.business_manager),
        waiting_on=Party[name_of(_PARTY, request.waiting_on)] if request.waiting_on else None,
        submitted_from=time_from(request.submit_time_from),
        submitted_to=time_from(request.submit_time_to),
        created_from=time_from(request.create_time_from),
        created_to=time_from(request.create_time_to),
        total_from=_amount(request, "total_from"),
        total_to=_amount(request, "total_to"),
        search=request.search,
        order_by=order_from(request.order_by),
    )


def format_from(number: int) -> Format:
    """Read what kind of file is asked for; CSV if unset."""
    return Format[name_of(rpc.ExportOrdersRequest.Format.DESCRIPTOR, number or 1)]


def is_by_line(number: int) -> bool:
    """Read whether a row is a line; an order if unset."""
    return name_of(rpc.ExportOrdersRequest.Rows.DESCRIPTOR, number or 1) == "LINES"


def _named(pattern: str, name: str) -> str:
    """Return a name that has to be of the form `pattern`, if there is one."""
    if name:
        parse(pattern, name)
    return name


def _product(said: str) -> str:
    return _named("enterprises/*/products/*", said) if "/" in said else said


def _amount(request: Asked, field: Literal["total_from", "total_to"]) -> Money | None:
    return money_from(getattr(request, field)) if request.HasField(field) else None
