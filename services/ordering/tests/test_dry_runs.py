"""Every command of ordering can be tried: it answers, and leaves no trace (requirements §6.7)."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.message import Message
from millrun.contract.v1 import events_pb2 as contract
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.tests.builders import CONTRACT, LAMP, PLUG
from services.ordering.tests.desk import BUYER, ENGINEER, MANAGER, Desk
from shared.caller import Caller
from shared.storage import EVERYTHING

COMMANDS: list[MethodDescriptor] = [
    method
    for method in rpc.DESCRIPTOR.services_by_name["OrderingService"].methods
    if method.GetOptions().idempotency_level != MethodOptions.NO_SIDE_EFFECTS
]


@pytest.mark.parametrize("method", COMMANDS, ids=lambda method: method.name)
def test_every_command_can_be_tried_repeated_and_told_what_was_seen(
    method: MethodDescriptor,
) -> None:
    fields = method.input_type.fields_by_name
    assert {"validate_only", "request_id"} <= set(fields)


def a_signed(desk: Desk) -> str:
    order = desk.confirmed()
    signed = contract.ContractSigned(order=order.name, contract=CONTRACT, version=1)
    desk.hear(signed, of=CONTRACT + order.name)
    return order.name


def with_cancellation(desk: Desk) -> str:
    name = a_signed(desk)
    desk.ask(BUYER).RequestCancellation(rpc.RequestCancellationRequest(name=name, reason="No."))
    return name


def with_proposal(desk: Desk) -> str:
    name = desk.submitted((PLUG, 100), (LAMP, 1000)).name
    changes = [rpc.OrderChange(line_no=2, quantity=1100)]
    asked = rpc.ProposeAmendmentRequest(name=name, changes=changes, reason="Full boxes.")
    desk.ask(MANAGER).ProposeAmendment(asked)
    return name


def with_wish(desk: Desk) -> str:
    name = desk.submitted((PLUG, 100), (LAMP, 1000)).name
    changes = [rpc.OrderChange(line_no=2, quantity=1100)]
    desk.ask(BUYER).AmendOrder(rpc.AmendOrderRequest(name=name, changes=changes, reason="More."))
    return name


def a_draft(desk: Desk) -> str:
    return desk.create().name


def submitted(desk: Desk) -> str:
    return desk.submitted((PLUG, 100), (LAMP, 1000)).name


LINE_2 = [rpc.OrderChange(line_no=2, quantity=1200)]
TRIED: list[tuple[str, Callable[[Desk], str], Caller, dict[str, Any]]] = [
    ("AmendOrder", submitted, BUYER, {"changes": LINE_2, "reason": "More."}),
    ("AcceptAmendment", with_proposal, BUYER, {}),
    ("DeclineAmendment", with_proposal, BUYER, {"reason": "No."}),
    ("ProposeAmendment", submitted, MANAGER, {"changes": LINE_2, "reason": "Full boxes."}),
    ("ConfirmAmendment", with_wish, MANAGER, {}),
    ("RejectAmendment", with_wish, MANAGER, {"reason": "No."}),
    ("RequestCancellation", a_signed, BUYER, {"reason": "No."}),
    ("WithdrawCancellation", with_cancellation, BUYER, {}),
    ("AcceptCancellation", with_cancellation, MANAGER, {}),
    ("DeclineCancellation", with_cancellation, MANAGER, {"reason": "No."}),
    ("ConfirmPrice", submitted, MANAGER, {}),
    ("ConfirmSoftware", submitted, ENGINEER, {}),
    ("RejectOrder", submitted, MANAGER, {"reason": "No."}),
    ("ReplaceOrder", submitted, BUYER, {}),
    ("SaveOrderForm", a_draft, BUYER, {"form": pb.OrderForm(po_no="PO-9")}),
    ("CancelOrder", submitted, BUYER, {"reason": "No."}),
    ("HoldOrder", submitted, MANAGER, {"reason": "Wait."}),
]


@pytest.mark.parametrize(("method", "prepared", "who", "more"), TRIED, ids=lambda it: str(it)[:24])
def test_what_is_tried_answers_and_leaves_no_trace(
    desk: Desk, method: str, prepared: Callable[[Desk], str], who: Caller, more: dict[str, Any]
) -> None:
    name = prepared(desk)
    before = everything(desk)
    ask = getattr(desk.ask(who), method)
    kind: type[Message] = getattr(rpc, f"{method}Request")
    tried = ask(kind(name=name, validate_only=True, request_id="try", **more))
    assert everything(desk) == before

    done = ask(kind(name=name, request_id="try", **more))
    assert done.state == tried.state
    assert everything(desk) != before


def everything(desk: Desk) -> dict[str, list[Any]]:
    """Return all rows that a command could have changed."""
    tables = ("orders", "order_lines", "order_snapshots", "outbox", "requests")
    with desk.database.transaction(EVERYTHING) as tx:
        return {
            table: sorted(str(row) for row in tx.execute(sa.text(f"select * from {table}")))
            for table in tables
        }
