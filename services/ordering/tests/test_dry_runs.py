"""Every command of ordering can be tried: it answers, and leaves no trace (requirements §6.7)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from millrun.authorization.v1 import authorization_pb2 as authorization
from millrun.contract.v1 import events_pb2 as contract
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.address_book_pb2 import AddressBookEntry
from millrun.ordering.v1.explanation_pb2 import PurchaseCheck
from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile
from millrun.ordering.v1.suggestion_pb2 import Suggestion

from services.ordering.tests.builders import CONTRACT, LABELS, LAMP, PLUG
from services.ordering.tests.desk import ADMIN, BUYER, ENGINEER, MANAGER, Desk
from shared.caller import Caller
from shared.testing.traces import everything

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


def a_held(desk: Desk) -> str:
    name = submitted(desk)
    desk.ask(MANAGER).HoldOrder(rpc.HoldOrderRequest(name=name, reason="Wait."))
    return name


def nothing(desk: Desk) -> str:
    return ACME


def an_unreleased(desk: Desk) -> str:
    desk.authorization.lacks[PLUG] = NOT_GRANTED
    return PLUG


def an_address(desk: Desk) -> str:
    asked = rpc.CreateAddressBookEntryRequest(
        parent=ACME, address_book_entry=AddressBookEntry(label="Dock", address=DOCK)
    )
    return str(desk.ask(ADMIN).CreateAddressBookEntry(asked).name)


def an_invoice_title(desk: Desk) -> str:
    asked = rpc.CreateInvoiceProfileRequest(
        parent=ACME, invoice_profile=InvoiceProfile(label="Office", invoice_title=TITLE)
    )
    return str(desk.ask(ADMIN).CreateInvoiceProfile(asked).name)


def a_suggestion(desk: Desk) -> str:
    asked = rpc.CreateSuggestionRequest(parent=ACME, suggestion=SUGGESTION)
    return str(desk.ask(BUYER).CreateSuggestion(asked).name)


def with_a_file(desk: Desk) -> str:
    name = a_draft(desk)
    # What asks takes it apart.
    desk.ask(BUYER).AttachFile(rpc.AttachFileRequest(name=name, **NOTE))  # type: ignore[arg-type]
    return name


@dataclass(frozen=True)
class Trial:
    """A command, what has to be there for it, who gives it, and what it says."""

    method: str
    there: Callable[[Desk], str]
    who: Caller = BUYER
    said: Mapping[str, Any] = field(default_factory=dict)
    named: str = "name"
    """The field that says what it is about."""

    def __str__(self) -> str:
        return self.method


ACME = "enterprises/acme"
NOT_GRANTED = authorization.PurchaseVerdict(
    product=PLUG, visible=True, lack=authorization.PurchaseVerdict.NOT_GRANTED
)
ENTRIES: dict[str, type[Message]] = {
    "address_book_entry": AddressBookEntry,
    "invoice_profile": InvoiceProfile,
}
TITLE = pb.InvoiceTitle(type=pb.InvoiceTitle.GENERAL_VAT, title="Acme", tax_id="DE123")
DOCK = pb.Address(
    recipient="Dock 2", street="Hauptstrasse 1", city="Berlin", country_code="DE", phone="+49 30 1"
)
SUGGESTION = Suggestion(text="Show stock.")
NOTE: dict[str, Any] = {"file_name": "note.txt", "content": b"Ring twice."}
NOTE_DIGEST = f"sha256:{hashlib.sha256(NOTE['content']).hexdigest()}"
NO, LINE_2 = {"reason": "No."}, [rpc.OrderChange(line_no=2, quantity=1200)]
A_LINE = pb.OrderLine(product=LAMP, quantity=1000)
TRIALS = [
    Trial(
        "CreateOrder", nothing, said={"order": pb.Order(purpose=pb.MASS_PRODUCTION)}, named="parent"
    ),
    Trial("AddOrderLine", a_draft, said={"line": A_LINE}),
    Trial("ChangeOrderLine", a_draft, said={"line_no": 1, "quantity": 150}),
    Trial("ChangeOrderLineServices", a_draft, said={"line_no": 1, "services": [LABELS]}),
    Trial("RemoveOrderLine", a_draft, said={"line_no": 1}),
    Trial("ImportOrderLines", a_draft, said={"content": b"lamp9\t1000\n"}),
    Trial("SaveOrderForm", a_draft, said={"form": pb.OrderForm(po_no="PO-9")}),
    Trial("AttachFile", a_draft, said=NOTE),
    Trial("RemoveAttachment", with_a_file, said={"digest": NOTE_DIGEST}),
    Trial("SubmitOrder", a_draft),
    Trial("ReorderOrder", submitted),
    Trial("ConfirmPrice", submitted, MANAGER),
    Trial("ConfirmSoftware", submitted, ENGINEER),
    Trial("RejectOrder", submitted, MANAGER, NO),
    Trial("ReplaceOrder", submitted),
    Trial("CancelOrder", submitted, said=NO),
    Trial("HoldOrder", submitted, MANAGER, NO),
    Trial("ReleaseOrder", a_held, MANAGER, NO),
    Trial("AmendOrder", submitted, said={"changes": LINE_2, **NO}),
    Trial("AcceptAmendment", with_proposal),
    Trial("DeclineAmendment", with_proposal, said=NO),
    Trial("ProposeAmendment", submitted, MANAGER, {"changes": LINE_2, **NO}),
    Trial("ConfirmAmendment", with_wish, MANAGER),
    Trial("RejectAmendment", with_wish, MANAGER, NO),
    Trial("RequestCancellation", a_signed, said=NO),
    Trial("WithdrawCancellation", with_cancellation),
    Trial("AcceptCancellation", with_cancellation, MANAGER),
    Trial("DeclineCancellation", with_cancellation, MANAGER, NO),
    Trial("AskForPurchase", an_unreleased, said={"kind": PurchaseCheck.AUTHORIZATION}),
    Trial(
        "CreateAddressBookEntry",
        nothing,
        ADMIN,
        {"address_book_entry": AddressBookEntry(label="Dock", address=DOCK)},
        "parent",
    ),
    Trial("UpdateAddressBookEntry", an_address, ADMIN, {"label": "Gate"}, "address_book_entry"),
    Trial("DeleteAddressBookEntry", an_address, ADMIN),
    Trial(
        "CreateInvoiceProfile",
        nothing,
        ADMIN,
        {"invoice_profile": InvoiceProfile(label="Office", invoice_title=TITLE)},
        "parent",
    ),
    Trial("UpdateInvoiceProfile", an_invoice_title, ADMIN, {"label": "Head"}, "invoice_profile"),
    Trial("DeleteInvoiceProfile", an_invoice_title, ADMIN),
    Trial("CreateSuggestion", nothing, said={"suggestion": SUGGESTION}, named="parent"),
    Trial("AnswerSuggestion", a_suggestion, MANAGER, {"answer": "We will."}),
]


def test_every_command_is_tried() -> None:
    assert {trial.method for trial in TRIALS} == {method.name for method in COMMANDS}


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_what_is_tried_answers_and_leaves_no_trace(desk: Desk, trial: Trial) -> None:
    name = trial.there(desk)
    before = everything(desk.database)
    ask = getattr(desk.ask(trial.who), trial.method)
    tried = ask(request(trial, name, validate_only=True, request_id="try"))
    assert everything(desk.database) == before

    done = ask(request(trial, name, request_id="try"))
    assert type(done) is type(tried)
    assert getattr(done, "state", None) == getattr(tried, "state", None)
    assert everything(desk.database) != before


def request(trial: Trial, name: str, **more: Any) -> Message:
    kind: type[Message] = getattr(rpc, f"{trial.method}Request")
    if trial.named in ENTRIES:
        entry = ENTRIES[trial.named](name=name, **trial.said)
        mask = FieldMask(paths=list(trial.said))
        return kind(**{trial.named: entry}, update_mask=mask, **more)
    return kind(**{trial.named: name}, **trial.said, **more)


def test_to_try_a_submit_keeps_no_pieces_for_it_at_authorization(desk: Desk) -> None:
    draft = desk.create()
    desk.submit(draft, validate_only=True)
    tried = desk.authorization.asked[-1]
    desk.submit(draft)
    done = desk.authorization.asked[-1]

    assert (tried.order, tried.validate_only) == (draft.name, True)
    assert (done.order, done.validate_only) == (draft.name, False)
